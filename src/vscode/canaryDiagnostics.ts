import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { Diagnostics } from './diagnostics.ts';
import { RemoteFiles } from './remoteFiles.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

const SOURCE = 'canaries';
const SETTLE_MS = 150;

/** Whether the edits of declared canaries still fit the files that they name, as those are typed. Nothing is planted. */
export class CanaryDiagnostics implements vscode.Disposable {
  readonly #diagnostics: Diagnostics;
  readonly #timers = new Map<Session, NodeJS.Timeout>();
  readonly #listeners: vscode.Disposable[];

  constructor(sessions: Sessions, diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
    const changed = (session: Session, path: string): void => {
      if (namesFile(session, path)) this.#schedule(session);
    };
    this.#listeners = [
      sessions.onDidChange((session) => this.#schedule(session)),
      sessions.onDidTouch(({ session, path }) => changed(session, path)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        const found = sessions.find(document.uri);
        if (found !== undefined) changed(found.session, found.path);
      }),
      sessions.onDidClose((session) => {
        clearTimeout(this.#timers.get(session));
        this.#timers.delete(session);
      }),
    ];
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #schedule(session: Session): void {
    clearTimeout(this.#timers.get(session));
    const read = (): void => void this.#read(session).catch(session.report);
    this.#timers.set(session, setTimeout(read, SETTLE_MS));
  }

  async #read(session: Session): Promise<void> {
    const { current } = session;
    if (current === undefined) return;
    if (current.config.canaries.length === 0) {
      this.#diagnostics.set(session, SOURCE, []);
      return;
    }
    const { core } = await session.load();
    const issues = await core.canaryIssues(current, { read: (path) => textOf(session, path) });
    // What was typed meanwhile has its own reading.
    if (session.current === current) this.#diagnostics.set(session, SOURCE, issues);
  }
}

function namesFile({ current }: Session, path: string): boolean {
  const canaries = current?.config.canaries ?? [];
  return canaries.some(({ edits }) => edits.some(({ file }) => posix.normalize(file.replaceAll('\\', '/')) === path));
}

/** The text as the editor has it, else as the file has it; undefined where there is no such file. */
async function textOf(session: Session, path: string): Promise<string | undefined> {
  const unsaved = vscode.workspace.textDocuments.find((one) => one.isDirty && session.path(one.uri) === path);
  return unsaved?.getText() ?? new RemoteFiles(session.folder.uri).read(path);
}
