import * as vscode from 'vscode';
import { CancelledError, HumanError } from '../../core/base/errors.ts';
import type { App } from '../app.ts';
import type { Session } from '../session.ts';

/** The workspace a command is for: the one that a tree row belongs to, the only one, or the one that a person picks. */
export async function pickSession({ sessions }: Pick<App, 'sessions'>, node?: unknown): Promise<Session> {
  if (typeof node === 'object' && node !== null && 'session' in node) return node.session as Session;
  // A command can come before the first reading has ended.
  await Promise.all(sessions.all.map((session) => session.refreshOnce()));
  const { workspaces } = sessions;
  const [only] = workspaces;
  if (only === undefined) {
    throw new HumanError(
      'workspace.missing',
      vscode.l10n.t('No folder of this window is an InfraBuilder workspace.'),
      vscode.l10n.t('Run "InfraBuilder: Bootstrap Workspace" to make one.'),
    );
  }
  if (workspaces.length === 1) return only;
  const items = workspaces.map((session) => ({ label: session.folder.name, session }));
  const placeHolder = vscode.l10n.t('Which workspace?');
  return (await orCancelled(vscode.window.showQuickPick(items, { placeHolder }))).session;
}

/** Programs are run for people who trust the workspace, on files that are on this machine. */
export async function pickRunnable(app: App, node?: unknown): Promise<Session> {
  requireTrust();
  const session = await pickSession(app, node);
  requireRunnable(session);
  return session;
}

/** Throws HumanError where nothing may be run or written. */
export function requireRunnable(session: Session): void {
  requireTrust();
  requireLocal(session);
}

/** Throws HumanError in a virtual workspace, which is only read. */
export function requireLocal({ isLocal }: Session): void {
  if (isLocal) return;
  throw new HumanError(
    'workspace.virtual',
    vscode.l10n.t('Nothing can be run or written in a virtual workspace.'),
    vscode.l10n.t('Clone it, and open the folder.'),
  );
}

function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new HumanError(
    'workspace.untrusted',
    vscode.l10n.t('Nothing is run in a workspace that you do not trust.'),
    vscode.l10n.t('Trust it with "Workspaces: Manage Workspace Trust".'),
  );
}

/** What a person chose. Throws CancelledError where they chose nothing. */
export async function orCancelled<T>(choice: Thenable<T | undefined>): Promise<T> {
  const chosen = await choice;
  if (chosen === undefined) throw new CancelledError();
  return chosen;
}
