import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Disposable } from '../../core/base/disposable.ts';
import { type Layout, nameOf } from '../../core/project/layout.ts';
import type { Snapshot } from '../../core/project/snapshot.ts';
import type { OpenWorkspace, Session } from '../session.ts';
import { type CatalogEntry, listCatalog } from './catalog.ts';
import { fileOf, readContent } from './content.ts';
import { type ResourceName, uriOf } from './uri.ts';

/** Tells the client when a resource that it subscribed to changes, and when there are others than it was told of. */
export class ResourceChanges implements Disposable {
  readonly #server: Server;
  readonly #session: Session;
  readonly #subscribed = new Map<string, ResourceName>();
  /** A request that is still under way when the client leaves must not start to watch. */
  #ended = false;
  #asked = false;
  #watched: { readonly workspace: OpenWorkspace; readonly watch: Disposable; listed: string } | undefined;

  constructor(server: Server, session: Session) {
    this.#server = server;
    this.#session = session;
  }

  /** Throws HumanError for a resource that cannot be read. */
  async subscribe(uri: string, resource: ResourceName): Promise<void> {
    const workspace = await this.#session.workspace();
    const snapshot = await workspace.snapshot();
    await readContent(workspace.engine.files, snapshot, resource);
    if (this.#watched?.workspace !== workspace) {
      this.watch(workspace, snapshot.layout, await listCatalog(workspace.engine.files, snapshot));
    }
    this.#subscribed.set(uri, resource);
  }

  unsubscribe(uri: string): void {
    this.#subscribed.delete(uri);
  }

  /**
   * Takes `catalog` for what the client knows, and starts to watch: a client that only calls tools costs nothing. Throws
   * EnvironmentError where the system has no more watches.
   */
  watch(workspace: OpenWorkspace, layout: Layout, catalog: readonly CatalogEntry[]): void {
    const listed = textOf(catalog);
    this.#asked = true;
    if (this.#watched?.workspace === workspace) {
      this.#watched.listed = listed;
      return;
    }
    this.#stop();
    if (this.#ended) return;
    const watch = workspace.engine.watcher?.watch([layout.taskFolder, layout.docs, layout.reports], (paths) => {
      // A client that has left cannot be told.
      this.#changed(workspace, paths).catch(() => undefined);
    });
    if (watch !== undefined) this.#watched = { workspace, watch, listed };
  }

  /** The roots have changed, and with them perhaps the workspace. */
  async rootsChanged(): Promise<void> {
    if (!this.#asked) return;
    const now = await this.#session.workspace().catch(() => undefined);
    if (now === this.#watched?.workspace) return;
    this.#stop();
    if (now !== undefined) {
      const snapshot = await now.snapshot();
      this.watch(now, snapshot.layout, await listCatalog(now.engine.files, snapshot));
    }
    await this.#server.sendResourceListChanged();
  }

  dispose(): void {
    this.#ended = true;
    this.#stop();
  }

  #stop(): void {
    this.#watched?.watch.dispose();
    this.#watched = undefined;
  }

  async #changed(workspace: OpenWorkspace, paths: readonly string[]): Promise<void> {
    const snapshot = await workspace.snapshot();
    const listed = textOf(await listCatalog(workspace.engine.files, snapshot));
    const watched = this.#watched;
    if (watched?.workspace !== workspace) return;
    for (const [uri, resource] of this.#subscribed) {
      if (paths.some((path) => concerns(path, resource, snapshot))) await this.#server.sendResourceUpdated({ uri });
    }
    if (listed === watched.listed) return;
    watched.listed = listed;
    await this.#server.sendResourceListChanged();
  }
}

function textOf(catalog: readonly CatalogEntry[]): string {
  return catalog.map((entry) => `${uriOf(entry)} ${entry.title}`).join('\n');
}

/** Also where the file is gone, or a folder above it changed as a whole. */
function concerns(path: string, { kind, name }: ResourceName, snapshot: Snapshot): boolean {
  if (kind === 'task') return nameOf(path) === `${name}.yaml` || snapshot.task(name)?.file === path;
  const file = fileOf({ kind, name }, snapshot);
  return file === path || file.startsWith(`${path}/`);
}
