import * as vscode from 'vscode';
import { type OpenEngine, Session } from './session.ts';

/** The folders of the window, as they come and go. */
export class Sessions implements vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;
  readonly #openEngine: OpenEngine;
  readonly #open = new Map<string, { readonly session: Session; readonly listeners: vscode.Disposable[] }>();
  readonly #changed = new vscode.EventEmitter<Session>();
  readonly #touched = new vscode.EventEmitter<{ readonly session: Session; readonly path: string }>();
  readonly #closed = new vscode.EventEmitter<Session>();
  readonly #folders: vscode.Disposable;
  /** A session has a new snapshot. */
  readonly onDidChange = this.#changed.event;
  /** A file below a session's folder has changed. */
  readonly onDidTouch = this.#touched.event;
  readonly onDidClose = this.#closed.event;

  constructor(openEngine: OpenEngine, log: vscode.LogOutputChannel) {
    this.#openEngine = openEngine;
    this.#log = log;
    this.#folders = vscode.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      for (const folder of removed) this.#close(folder.uri.toString());
      for (const folder of added) this.#add(folder);
    });
    for (const folder of vscode.workspace.workspaceFolders ?? []) this.#add(folder);
  }

  /** In the order of the window's folders. */
  get all(): readonly Session[] {
    return [...this.#open.values()].map(({ session }) => session).sort((a, b) => a.folder.index - b.folder.index);
  }

  /** Those with a workspace in them, as far as is known. */
  get workspaces(): readonly Session[] {
    return this.all.filter(({ current }) => current !== undefined && isWorkspace(current));
  }

  /** The session of a file with the file's path in it; of nested folders the innermost. */
  find(uri: vscode.Uri): { readonly session: Session; readonly path: string } | undefined {
    const found = this.all.flatMap((session) => {
      const path = session.path(uri);
      return path === undefined ? [] : [{ session, path }];
    });
    return found.sort((a, b) => a.path.length - b.path.length)[0];
  }

  dispose(): void {
    this.#folders.dispose();
    for (const key of [...this.#open.keys()]) this.#close(key);
    for (const emitter of [this.#changed, this.#touched, this.#closed]) emitter.dispose();
  }

  #add(folder: vscode.WorkspaceFolder): void {
    const session = new Session(folder, this.#openEngine, this.#log);
    const listeners = [
      session.onDidChange(() => this.#changed.fire(session)),
      session.onDidTouch((path) => this.#touched.fire({ session, path })),
    ];
    this.#open.set(folder.uri.toString(), { session, listeners });
  }

  #close(key: string): void {
    const entry = this.#open.get(key);
    if (entry === undefined) return;
    this.#open.delete(key);
    for (const listener of entry.listeners) listener.dispose();
    entry.session.dispose();
    this.#closed.fire(entry.session);
  }
}

/** A folder that is opened beside a workspace need not be one; nothing is said about it. */
export function isWorkspace({ issues }: { readonly issues: readonly { readonly code: string }[] }): boolean {
  return issues.length !== 1 || issues[0]?.code !== 'workspace.empty';
}
