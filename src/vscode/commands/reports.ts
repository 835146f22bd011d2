import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { showReport as showHtml } from '../dashboard/dashboard.ts';
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
