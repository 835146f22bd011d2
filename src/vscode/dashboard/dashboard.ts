import * as vscode from 'vscode';
import type { GoalBoard } from '../goals/board.ts';
import type { Runs } from '../runs/runs.ts';
import type { Session } from '../session.ts';
import type { Sessions } from '../sessions.ts';
import { collect } from './data.ts';
import { page, reportPage } from './html.ts';

export const DASHBOARD_TYPE = 'infrabuilder.dashboard';

/** What the page asks for. */
type Message =
  | { readonly type: 'ready' | 'verify' }
  | { readonly type: 'goal'; readonly id: string }
  | { readonly type: 'task'; readonly slug: string }
  | { readonly type: 'file' | 'report'; readonly path: string };

/** The dashboard of a workspace, in one tab that is shown again when asked for. */
export class Dashboard implements vscode.Disposable, vscode.WebviewPanelSerializer {
  readonly #sessions: Sessions;
  readonly #board: GoalBoard;
  readonly #runs: Runs;
  readonly #media: vscode.Uri;
  readonly #listeners: vscode.Disposable[];
  #panel: vscode.WebviewPanel | undefined;
  #session: Session | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(extension: vscode.Uri, sessions: Sessions, board: GoalBoard, runs: Runs) {
    this.#sessions = sessions;
    this.#board = board;
    this.#runs = runs;
    this.#media = vscode.Uri.joinPath(extension, 'media');
    const changed = (): void => this.#schedule();
    this.#listeners = [
      vscode.window.registerWebviewPanelSerializer(DASHBOARD_TYPE, this),
      sessions.onDidChange(changed),
      board.onDidChange(changed),
      runs.onDidChange(changed),
    ];
  }

  show(session: Session): void {
    this.#session = session;
    if (this.#panel !== undefined) {
      this.#panel.reveal();
      this.#schedule();
      return;
    }
    const title = vscode.l10n.t('InfraBuilder Dashboard');
    this.#adopt(vscode.window.createWebviewPanel(DASHBOARD_TYPE, title, vscode.ViewColumn.Active));
  }

  /** A tab that was open when the window was closed. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.#adopt(panel);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const listener of this.#listeners) listener.dispose();
    this.#panel?.dispose();
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    panel.iconPath = new vscode.ThemeIcon('dashboard');
    panel.webview.options = { enableScripts: true, localResourceRoots: [this.#media] };
    panel.webview.onDidReceiveMessage((message: Message) => this.#heard(message));
    panel.onDidDispose(() => {
      this.#panel = undefined;
    });
    panel.webview.html = page(panel.webview, this.#media);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#panel !== undefined) this.#timer = setTimeout(() => void this.#send(), 50);
  }

  async #send(): Promise<void> {
    const session = this.#current();
    if (this.#panel === undefined || session === undefined) return;
    const data = await collect(session, this.#board, this.#runs);
    await this.#panel?.webview.postMessage(data);
  }

  #current(): Session | undefined {
    if (this.#session?.isClosed === false) return this.#session;
    return this.#sessions.workspaces[0];
  }

  async #heard(message: Message): Promise<void> {
    const session = this.#current();
    if (message.type === 'ready') return this.#send();
    if (session === undefined) return;
    const { executeCommand } = vscode.commands;
    switch (message.type) {
      case 'verify':
        return executeCommand('infrabuilder.verify', { session });
      case 'goal':
        return executeCommand('infrabuilder.showGoal', { session, id: message.id });
      case 'task':
        return executeCommand('infrabuilder.showTask', { session, slug: message.slug });
      case 'file':
        await vscode.window.showTextDocument(session.uri(message.path), { preview: true });
        return;
      case 'report':
        return showReport(session, message.path);
    }
  }
}

/** The HTML report of a run in a tab of its own, in which nothing can run. */
export async function showReport(session: Session, path: string): Promise<void> {
  const html = new TextDecoder().decode(await vscode.workspace.fs.readFile(session.uri(path)));
  openPage(path.slice(path.lastIndexOf('/') + 1), html);
}

/** A page in a tab of its own, in which nothing can run. */
export function openPage(title: string, html: string): void {
  const panel = vscode.window.createWebviewPanel('infrabuilder.report', title, vscode.ViewColumn.Active, {
    enableScripts: false,
    localResourceRoots: [],
    enableFindWidget: true,
  });
  panel.webview.html = reportPage(html);
}
