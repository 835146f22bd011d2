import * as vscode from 'vscode';
import { HumanError } from '../../core/base/errors.ts';
import type { App } from '../app.ts';
import { showReport as showHtml } from '../dashboard/dashboard.ts';
import { runCommandLine } from '../runs/commandLine.ts';
import type { Session } from '../session.ts';
import { orCancelled, pickRunnable } from './pick.ts';

const { l10n } = vscode;
type Report = 'progress' | 'coverage' | 'milestones' | 'checklist';

/** Shows one of the project's reports, or the report of a run. */
export async function showReport(app: App, which?: unknown): Promise<void> {
  const session = await pickRunnable(app);
  const own: readonly (vscode.QuickPickItem & { readonly report: Report })[] = [
    {
      label: l10n.t('Progress'),
      description: l10n.t('epics, stories, tasks and goals against the blueprint'),
      report: 'progress',
    },
    {
      label: l10n.t('Coverage matrix'),
      description: l10n.t('which scenario validates which goal'),
      report: 'coverage',
    },
    { label: l10n.t('Milestones'), description: l10n.t('status, date and verification'), report: 'milestones' },
    { label: l10n.t('Finishing checklist'), description: l10n.t('every box computed'), report: 'checklist' },
  ];
  const named = own.find(({ report }) => report === which);
  const runs = runReports(app, session).map((path) => ({ label: path, description: l10n.t('report of a run'), path }));
  const chosen =
    named ??
    (await orCancelled(vscode.window.showQuickPick([...own, ...runs], { placeHolder: l10n.t('Which report?') })));
  if ('path' in chosen) await showHtml(session, chosen.path);
  else await showText(app, session, chosen);
}

export const showProgress = (app: App): Promise<void> => showReport(app, 'progress');

/** HTML reports of scenarios that evidence names, the newest first. */
function runReports({ board }: App, session: Session): readonly string[] {
  const { steps, history } = board.of(session);
  const reports = [...steps.keys()].flatMap((step) =>
    history(step).flatMap((entry) => entry.statement.predicate.scenario?.report ?? []),
  );
  return [...new Set(reports)].sort().reverse();
}

async function showText(
  { reports }: App,
  session: Session,
  { label, report }: { readonly label: string; readonly report: Report },
): Promise<void> {
  const { core, engine } = await session.load();
  if (engine === undefined) return;
  const { text } = await core.progress.run(engine, { report }, {});
  await reports.show(session.folder.name, label, text);
}

/** Asks for what the register needs, and lets the command line verify the goals that are touched. */
export async function registerDeviation(app: App): Promise<void> {
  const session = await pickRunnable(app);
  const snapshot = await session.snapshot();
  const ask = (prompt: string, value = ''): Promise<string> => {
    const validateInput = (text: string): string | undefined =>
      text.trim() === '' ? l10n.t('This cannot be empty.') : undefined;
    return orCancelled(vscode.window.showInputBox({ prompt, value, validateInput, ignoreFocusOut: true }));
  };
  const item = await ask(l10n.t('What the blueprint asks for: a section, story or rule'));
  const change = await ask(l10n.t('What is done in its place'));
  const why = await ask(l10n.t('Why the blueprint cannot be followed here'));
  const goals = await orCancelled(
    vscode.window.showQuickPick(
      snapshot.goals.map(({ id, title }) => ({ label: id, description: title })),
      { placeHolder: l10n.t('Which goals does it touch?'), canPickMany: true, ignoreFocusOut: true },
    ),
  );
  const impact: string[] = [];
  for (const { label } of goals) impact.push('--impact', `${label}=${await ask(l10n.t('What it does to {0}', label))}`);
  const scope = await ask(l10n.t('What it covers: a rule or a file pattern'));
  const year = new Date();
  year.setFullYear(year.getFullYear() + 1);
  const expires = await ask(l10n.t('The last day on which it holds'), year.toISOString().slice(0, 10));
  const args = ['deviation', 'add', '--item', item, '--change', change, '--why', why, ...impact];
  const title = l10n.t('Verifying the goals that the deviation touches');
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const { exitCode, stdout, stderr } = await vscode.window.withProgress(options, (_progress, token) =>
    runCommandLine(
      app.cli,
      [...args, '--scope', scope, '--expires', expires, '--json'],
      session.folder.uri.fsPath,
      token,
    ),
  );
  const registered = exitCode === 0 ? (JSON.parse(stdout) as { readonly file: string }) : undefined;
  if (registered === undefined) {
    throw new HumanError(
      'deviation.refused',
      stderr.replace(/^error: /, '').trim() || l10n.t('A goal that it touches does not hold.'),
    );
  }
  session.changed([registered.file]);
  await vscode.window.showTextDocument(session.uri(registered.file));
}
