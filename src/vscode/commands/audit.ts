import * as vscode from 'vscode';
import { CancelledError, HumanError } from '../../core/base/errors.ts';
import type { AuditJson } from '../../core/operations/audit.ts';
import type { App } from '../app.ts';
import { runCommandLine } from '../runs/commandLine.ts';
import type { Session } from '../session.ts';
import { orCancelled, requireRunnable } from './pick.ts';

const { l10n } = vscode;

/** Puts every claim of a folder beside its evidence: what contradicts them is listed as problems, and the report opens. */
export async function audit(app: App, target?: unknown): Promise<AuditJson> {
  const given = typeof target === 'object' && target !== null ? target : {};
  const session = 'session' in given ? (given.session as Session) : await pickFolder(app);
  requireRunnable(session);
  const run = 'run' in given ? given.run === true : await askRun();
  const args = ['audit', '--json', ...(run ? ['--run'] : [])];
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: l10n.t('Auditing {0}', session.folder.name),
    cancellable: true,
  };
  const { exitCode, stdout, stderr } = await vscode.window.withProgress(options, async (_progress, token) => {
    const end = await runCommandLine(app.cli, args, session.folder.uri.fsPath, token);
    if (token.isCancellationRequested) throw new CancelledError();
    return end;
  });
  // 1 is also the answer of a crash, which prints no JSON.
  if ((exitCode !== 0 && exitCode !== 1) || stdout === '') {
    throw new HumanError('audit.failed', stderr.replace(/^error: /, '').trim() || l10n.t('The audit did not end.'));
  }
  const result = JSON.parse(stdout) as AuditJson;
  app.diagnostics.set(session, 'audit', result.findings);
  const { core } = await session.load();
  await app.reports.show(session.folder.name, l10n.t('Audit'), core.auditMarkdown(result));
  return result;
}

/** Any folder can be audited, also one that is no workspace. */
async function pickFolder({ sessions }: App): Promise<Session> {
  const [only, ...others] = sessions.all;
  if (only === undefined) throw new HumanError('workspace.missing', l10n.t('No folder is open.'));
  if (others.length === 0) return only;
  const items = sessions.all.map((session) => ({ label: session.folder.name, session }));
  return (await orCancelled(vscode.window.showQuickPick(items, { placeHolder: l10n.t('Which folder?') }))).session;
}

async function askRun(): Promise<boolean> {
  const items = [
    { label: l10n.t('Read only'), description: l10n.t('nothing is run'), run: false },
    { label: l10n.t('Build and run checks too'), description: l10n.t('can take minutes'), run: true },
  ];
  return (await orCancelled(vscode.window.showQuickPick(items, { placeHolder: l10n.t('How far?') }))).run;
}
