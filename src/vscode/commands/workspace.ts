import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { pickSession } from './pick.ts';

/** Reads every workspace anew and shows what is known to be wrong with it. Returns how many problems there are. */
export async function validate(app: App): Promise<number> {
  await pickSession(app, app.sessions.workspaces.length > 1 ? { session: app.sessions.workspaces[0] } : undefined);
  await refresh(app);
  const total = app.sessions.workspaces.reduce((sum, session) => sum + app.diagnostics.count(session), 0);
  if (total > 0) await vscode.commands.executeCommand('workbench.actions.view.problems');
  else void vscode.window.showInformationMessage(vscode.l10n.t('InfraBuilder: no problem found.'));
  return total;
}

export async function dashboard(app: App, target?: unknown): Promise<void> {
  app.dashboard.show(await pickSession(app, target));
}

export async function refresh({ sessions, board }: App): Promise<void> {
  for (const session of sessions.all) {
    await session.refresh();
    await board.refresh(session);
  }
}
