import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { Engine } from '../core/engine.ts';
import type { Project } from '../core/project/project.ts';
import type { Snapshot } from '../core/project/snapshot.ts';
import { RemoteFiles } from './remoteFiles.ts';

type Core = typeof import('./core.ts');

/** Loads the engine and opens it on a folder. `start`: where relative names count from; by default the folder. */
export type OpenEngine = (root: string, start?: string) => Promise<Engine>;

/** The engine's code and this folder's part of it. */
export interface Loaded {
  readonly core: Core;
  readonly project: Project;
  /** Undefined in a virtual workspace: there are no programs to run and no folder to write to. */
  readonly engine: Engine | undefined;
}

/** Long enough for a burst of key strokes or a checkout to end, short enough to feel immediate. */
const SETTLE_MS = 150;
const READ = /\.(ya?ml|md)$/i;
/** Written by ourselves while something runs, or by git: no reason to read anything again. */
const NOISE = /(^|\/)(\.git|\.infrabuilder|node_modules)(\/|$)/;

/** One folder of the window: its snapshot, kept up to date with files and unsaved text. */
export class Session implements vscode.Disposable {
  readonly folder: vscode.WorkspaceFolder;
  readonly log: vscode.LogOutputChannel;
  readonly #openEngine: OpenEngine;
  readonly #changed = new vscode.EventEmitter<Snapshot>();
  readonly #touched = new vscode.EventEmitter<string>();
  readonly #disposables: vscode.Disposable[];
  #loaded: Promise<Loaded> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #current: Snapshot | undefined;
  #disposed = false;
  /** The workspace has changed. */
  readonly onDidChange = this.#changed.event;
  /** A file below the folder has changed; its path, relative to the folder. */
  readonly onDidTouch = this.#touched.event;

  constructor(folder: vscode.WorkspaceFolder, openEngine: OpenEngine, log: vscode.LogOutputChannel) {
    this.folder = folder;
    this.#openEngine = openEngine;
    this.log = log;
    this.#disposables = [
      this.#changed,
      this.#touched,
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#typed(document, document.getText())),
      vscode.workspace.onDidSaveTextDocument((document) => this.#typed(document, undefined)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#typed(document, undefined)),
    ];
    for (const document of vscode.workspace.textDocuments) {
      if (document.isDirty) this.#typed(document, document.getText());
    }
    this.#schedule();
  }

  /** True where files are on this machine, so that programs can be run on them. */
  get isLocal(): boolean {
    return this.folder.uri.scheme === 'file';
  }

  /** The last snapshot that was announced. */
  get current(): Snapshot | undefined {
    return this.#current;
  }

  load(): Promise<Loaded> {
    this.#loaded ??= this.#open();
    return this.#loaded;
  }

  async snapshot(): Promise<Snapshot> {
    return (await this.load()).project.snapshot();
  }

  /** Waits for the first snapshot to be announced. */
  async refreshOnce(): Promise<void> {
    if (this.#current === undefined) await this.#publish();
  }

  /** Reads everything anew. */
  async refresh(): Promise<Snapshot> {
    (await this.load()).project.update();
    return this.#publish();
  }

  /** Files that we have changed ourselves: nobody waits for the file system to tell. */
  changed(paths: readonly string[]): void {
    this.#tell((project) => project.update(paths));
    for (const path of paths) this.#touched.fire(path);
  }

  /** False once the folder itself is gone. */
  async exists(): Promise<boolean> {
    try {
      await vscode.workspace.fs.stat(this.folder.uri);
      return true;
    } catch {
      return false;
    }
  }

  uri(path: string): vscode.Uri {
    return vscode.Uri.joinPath(this.folder.uri, path);
  }

  /** The path relative to the folder, or undefined for a file outside of it. */
  path(uri: vscode.Uri): string | undefined {
    const { scheme, authority, path } = this.folder.uri;
    if (uri.scheme !== scheme || uri.authority !== authority) return undefined;
    const relative = posix.relative(path, uri.path);
    return relative === '' || relative.startsWith('..') ? undefined : relative;
  }

  /** An unexpected failure; of a folder that is closed nobody wants to know. */
  readonly report = (error: unknown): void => {
    if (!this.#disposed) this.log.error(error instanceof Error ? error : String(error));
  };

  get isClosed(): boolean {
    return this.#disposed;
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** Before the first file is read, so that no change is missed; not earlier, as it costs a good part of an activation. */
  #watch(): void {
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(this.folder, '**/*'));
    const touched = (uri: vscode.Uri): void => this.#touch(uri);
    this.#disposables.push(
      watcher,
      watcher.onDidCreate(touched),
      watcher.onDidChange(touched),
      watcher.onDidDelete(touched),
    );
  }

  async #open(): Promise<Loaded> {
    if (!this.#disposed) this.#watch();
    const core = await import('./core.ts');
    if (!this.isLocal) {
      return { core, project: core.createProject(new RemoteFiles(this.folder.uri)), engine: undefined };
    }
    const engine = await this.#openEngine(this.folder.uri.fsPath);
    return { core, project: engine.project, engine };
  }

  #touch(uri: vscode.Uri): void {
    const path = this.path(uri);
    if (path === undefined || NOISE.test(path)) return;
    this.#touched.fire(path);
    // A folder that comes or goes has no ending either.
    if (READ.test(path) || !posix.basename(path).includes('.')) this.#tell((project) => project.update([path]));
  }

  #typed(document: vscode.TextDocument, text: string | undefined): void {
    const path = this.path(document.uri);
    if (path === undefined || !READ.test(path)) return;
    this.#tell((project) => project.setOverlay(path, text));
  }

  #tell(announce: (project: Project) => void): void {
    this.load().then(({ project }) => announce(project), this.report);
    this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#publish().catch(this.report), SETTLE_MS);
  }

  async #publish(): Promise<Snapshot> {
    const snapshot = await this.snapshot();
    if (!this.#disposed && snapshot !== this.#current) {
      this.#current = snapshot;
      this.#changed.fire(snapshot);
    }
    return snapshot;
  }
}
