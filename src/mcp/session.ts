import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { errorMessage, HumanError } from '../core/base/errors.ts';
import type { Engine } from '../core/engine.ts';
import type { Snapshot } from '../core/project/snapshot.ts';
import { chooseWorkspace, type Sources } from './roots.ts';

/** What the entry point gives: where the workspace may be, and how one is opened. */
export interface McpHost extends Sources {
  readonly version: string;
  open(root: string): Engine;
}

export interface OpenWorkspace {
  readonly engine: Engine;
  /** As the files are now. */
  snapshot(): Promise<Snapshot>;
  /** Aborted when the client takes the workspace out of its roots. */
  readonly signal: AbortSignal;
}

/** A client that never answers must not hang every call. */
const ROOTS_TIMEOUT_MS = 10_000;

/** The workspace of one client, which follows the client's roots. */
export class Session {
  readonly #server: Server;
  readonly #host: McpHost;
  /** Asked once, until the client says that they have changed. */
  #choice: Promise<string> | undefined;
  #open: { readonly root: string; readonly workspace: OpenWorkspace; readonly end: AbortController } | undefined;

  constructor(server: Server, host: McpHost) {
    this.#server = server;
    this.#host = host;
  }

  /** Throws HumanError where there is no workspace, or none that the roots allow. */
  async workspace(): Promise<OpenWorkspace> {
    const choice = this.#choose();
    try {
      const root = await choice;
      // The roots have changed while the client was asked.
      if (choice !== this.#choice) return await this.workspace();
      return this.#opened(root);
    } catch (error) {
      if (this.#choice !== undefined && choice !== this.#choice) return await this.workspace();
      // Asked again with the next call: the folder may be there by then.
      this.#choice = undefined;
      this.#close();
      throw error;
    }
  }

  /** The client's roots are others now: what lies outside of them is let go of at once. */
  async rootsChanged(): Promise<void> {
    this.#choice = undefined;
    await this.workspace().catch(() => undefined);
  }

  #choose(): Promise<string> {
    this.#choice ??= this.#roots().then((roots) => chooseWorkspace(this.#host, roots));
    return this.#choice;
  }

  async #roots(): Promise<readonly string[] | undefined> {
    if (this.#server.getClientCapabilities()?.roots === undefined) return undefined;
    try {
      const { roots } = await this.#server.listRoots(undefined, { timeout: ROOTS_TIMEOUT_MS });
      return roots.map(({ uri }) => uri);
    } catch (error) {
      const message = `The client does not say what its roots are: ${errorMessage(error)}`;
      throw new HumanError('roots.unknown', message, 'Try again.', { cause: error });
    }
  }

  #opened(root: string): OpenWorkspace {
    if (this.#open?.root !== root) {
      this.#close();
      const end = new AbortController();
      const engine = this.#host.open(root);
      const snapshot = () => {
        engine.project.update();
        return engine.project.snapshot();
      };
      this.#open = { root, end, workspace: { engine, snapshot, signal: end.signal } };
    }
    return this.#open.workspace;
  }

  #close(): void {
    this.#open?.end.abort();
    this.#open = undefined;
  }
}
