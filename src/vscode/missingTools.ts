import * as vscode from 'vscode';
import { runCommandLine } from './runs/commandLine.ts';
import type { Runs } from './runs/runs.ts';
import type { Session } from './session.ts';
import { isWorkspace, type Sessions } from './sessions.ts';

/** Long enough for a window that has just been opened to draw itself first. */
const SETTLE_MS = 2_000;

/** Keeps the context key `infrabuilder.toolsMissing`: whether a check needs a tool that this machine does not have. */
export class MissingTools implements vscode.Disposable {
  readonly #cli: string;
  readonly #sessions: Sessions;
  /** What the workspace asked for when the machine was looked at; another configuration needs another look. */
  readonly #asked = new WeakMap<Session, string>();
  readonly #missing = new WeakSet<Session>();
  readonly #listeners: vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;

  /** `cli`: absolute path of the command line's bundle. */
  constructor(cli: string, sessions: Sessions, runs: Runs) {
    this.#cli = cli;
    this.#sessions = sessions;
    this.#listeners = [
      sessions.onDidChange(() => this.#schedule()),
      sessions.onDidClose(() => this.#tell()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#schedule()),
      runs.onDidChange(({ session, end }) => {
        if (end?.kind !== 'check' || !end.result.toolMissing) return;
        this.#missing.add(session);
        this.#tell();
      }),
    ];
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const listener of this.#listeners) listener.dispose();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const look = (): void => {
      for (const session of this.#sessions.all) void this.#look(session).catch(session.report);
    };
    this.#timer = setTimeout(look, SETTLE_MS);
  }

  async #look(session: Session): Promise<void> {
    const { current } = session;
    if (!vscode.workspace.isTrusted || !session.isLocal || current === undefined || !isWorkspace(current)) return;
    const { checks, goals } = current.config;
    const asked = JSON.stringify([checks, goals]);
    if (this.#asked.get(session) === asked) return;
    this.#asked.set(session, asked);
    const { stdout } = await runCommandLine(this.#cli, ['doctor', '--json'], session.folder.uri.fsPath);
    if (session.isClosed || stdout.trim() === '') return;
    const { missingRequired } = JSON.parse(stdout) as { readonly missingRequired: readonly string[] };
    if (missingRequired.length > 0) this.#missing.add(session);
    else this.#missing.delete(session);
    this.#tell();
  }

  #tell(): void {
    const isMissing = this.#sessions.all.some((session) => this.#missing.has(session));
    void vscode.commands.executeCommand('setContext', 'infrabuilder.toolsMissing', isMissing);
  }
}
