import * as vscode from 'vscode';
import { HumanError } from '../../core/base/errors.ts';
import type { App } from '../app.ts';
import { openPage } from '../dashboard/dashboard.ts';
import { showChange } from '../implement/change.ts';
import { Copies, type CopyRow } from '../implement/copies.ts';
import { offerDecision, offerResume } from '../implement/decide.ts';
import { acceptRun, type Decision, discardRun, findCopy } from '../implement/settle.ts';
import { chooseWriter } from '../implement/writer.ts';
import type { RunEnd, RunRequest } from '../runs/run.ts';
import { ageText, endText, outcomeText } from '../runs/text.ts';
import type { Session } from '../session.ts';
import { isTaskNode } from '../views/tasks.ts';
import { orCancelled, pickRunnable } from './pick.ts';
import { follow } from './run.ts';

const { l10n } = vscode;

/** Lets a model write a task: that of a tree row, the named one, or one that a person picks. Resolves with its end. */
export async function implement(app: App, node?: unknown): Promise<RunEnd> {
  const session = await pickRunnable(app, node);
  const { tasks } = await session.snapshot();
  const open = tasks.filter(({ status }) => status !== 'done').map((task) => task.slug);
  const slug =
    slugOf(node) ?? (await orCancelled(vscode.window.showQuickPick(open, { placeHolder: l10n.t('Which task?') })));
  return start(app, session, { kind: 'implement', slug });
}

/** Goes on with a run that was stopped. */
export async function implementResume(app: App, node?: unknown): Promise<RunEnd> {
  const { session, run } = await targetOf(app, node);
  const { task, inUse } = await findCopy(app, session, run);
  if (inUse) throw new HumanError('implement.in-use', l10n.t('Run {0} is under way.', run));
  return start(app, session, { kind: 'implement', slug: task, resume: run });
}

export async function implementDiff(app: App, node?: unknown): Promise<unknown> {
  const { session, run } = await targetOf(app, node);
  await findCopy(app, session, run);
  return showChange(app, session, run);
}

export async function implementAccept(app: App, node?: unknown): Promise<unknown> {
  return acceptRun(app, await targetOf(app, node));
}

export async function implementDiscard(app: App, node?: unknown): Promise<boolean> {
  return discardRun(app, await targetOf(app, node));
}

/** What happened in a run, as a page in which nothing can run. */
export async function implementTranscript(app: App, node?: unknown): Promise<void> {
  const { session, run } = await targetOf(app, node);
  openPage(l10n.t('Transcript of run {0}', run), await new Copies(app.cli, session).page(run));
}

/** Lists the runs that have a copy, and does with one what the person picks. */
export async function implementRuns(app: App, node?: unknown): Promise<unknown> {
  const session = await pickRunnable(app, node);
  const row = await pickRow(app, session);
  const actions = [
    { label: l10n.t('Show diff'), run: implementDiff },
    { label: l10n.t('Open transcript'), run: implementTranscript },
    ...(row.outcome === 'done' || row.inUse ? [] : [{ label: l10n.t('Resume'), run: implementResume }]),
    ...(row.inUse
      ? []
      : [
          { label: l10n.t('Accept'), run: implementAccept },
          { label: l10n.t('Discard'), run: implementDiscard },
        ]),
  ];
  const title = `${row.task}: ${stateOf(row)}`;
  const action = await orCancelled(vscode.window.showQuickPick(actions, { title }));
  return action.run(app, { session, run: row.run });
}

async function start(app: App, session: Session, request: Extract<RunRequest, { kind: 'implement' }>): Promise<RunEnd> {
  const under = app.runs.start(session, request, await chooseWriter(app, session));
  const end = await follow(app, under);
  if (end.kind === 'implement') void offerDecision(app, session, end.result);
  else if (under.copy !== undefined) void offerResume(session, request.slug, under.copy, endText(end));
  else if (end.kind === 'unusable') void vscode.window.showWarningMessage(`${request.slug}: ${end.message}`);
  return end;
}

async function targetOf(app: App, node: unknown): Promise<Decision> {
  const session = await pickRunnable(app, node);
  const { run, copy, sure } = fieldsOf(node);
  // A target names the run itself; a row of the Runs view has one once its copy is made.
  const named = [run, copy].find((one) => typeof one === 'string');
  return { session, run: named ?? (await pickRow(app, session)).run, sure: sure === true };
}

async function pickRow({ cli }: App, session: Session): Promise<CopyRow> {
  const rows = await new Copies(cli, session).list();
  if (rows.length === 0) {
    throw new HumanError(
      'implement.no-run',
      l10n.t('No run of a model has a copy of this workspace.'),
      l10n.t('"InfraBuilder: Implement Task" starts one.'),
    );
  }
  const items = rows.map((row) => ({ label: row.task, description: stateOf(row), detail: row.branch, row }));
  const placeHolder = l10n.t('Which run?');
  return (await orCancelled(vscode.window.showQuickPick(items, { placeHolder, matchOnDetail: true }))).row;
}

function stateOf({ outcome, inUse, begun }: CopyRow): string {
  return [inUse ? l10n.t('under way') : outcomeText(outcome), ageText(new Date(begun))].join(' · ');
}

function slugOf(node: unknown): string | undefined {
  if (isTaskNode(node)) return node.row.slug;
  const { slug } = fieldsOf(node);
  return typeof slug === 'string' ? slug : undefined;
}

function fieldsOf(node: unknown): Readonly<Record<string, unknown>> {
  return typeof node === 'object' && node !== null ? (node as Record<string, unknown>) : {};
}
