import * as vscode from 'vscode';
import { HumanError } from '../../core/base/errors.ts';
import type { App } from '../app.ts';
import { showReport } from '../dashboard/dashboard.ts';
import { goalText } from '../goals/text.ts';
import { type Run, type RunEnd, type RunRequest, verdictOf } from '../runs/run.ts';
import { stateText, summaryText } from '../runs/text.ts';
import type { Session } from '../session.ts';
import type { GoalNode } from '../views/goals.ts';
import { orCancelled, pickRunnable } from './pick.ts';

/** Starts what a lens, a tree row or another command names. Resolves with its end. */
export async function run(app: App, target: unknown): Promise<RunEnd> {
  const { session, request } = target as { readonly session: Session; readonly request: RunRequest };
  await pickRunnable(app, { session });
  return start(app, session, request);
}

/** Asks for a check where none is named. */
export async function runCheck(app: App, name?: unknown): Promise<RunEnd> {
  const session = await pickRunnable(app);
  const { config } = await session.snapshot();
  if (typeof name === 'string') return start(app, session, { kind: 'check', name });
  const items = Object.entries(config.checks).map(([label, check]) => {
    const last = app.runs.latest(session, { kind: 'check', name: label });
    return { label, description: check.run.join(' '), detail: last === undefined ? '' : stateText(last) };
  });
  const placeHolder = vscode.l10n.t('Which check?');
  const { label } = await orCancelled(vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }));
  return start(app, session, { kind: 'check', name: label });
}

/** Asks for a scenario where none is named. */
export async function runScenario(app: App, name?: unknown): Promise<RunEnd> {
  const session = await pickRunnable(app);
  const { scenarios } = await session.snapshot();
  if (typeof name === 'string') return start(app, session, { kind: 'scenario', name });
  const items = scenarios.map(({ value }) => ({ label: value.name, detail: value.description ?? '' }));
  const placeHolder = vscode.l10n.t('Which scenario?');
  const { label } = await orCancelled(vscode.window.showQuickPick(items, { placeHolder, matchOnDetail: true }));
  return start(app, session, { kind: 'scenario', name: label });
}

/** Verifies every goal: what has no fresh evidence is measured. */
export async function verify(app: App, target?: unknown): Promise<RunEnd> {
  return start(app, await pickRunnable(app, target), { kind: 'verify' });
}

/** Verifies one goal: that of a tree row, the named one, or one that a person picks. */
export async function verifyGoal(app: App, target?: unknown): Promise<RunEnd> {
  const session = await pickRunnable(app, target);
  const id =
    typeof target === 'string' ? target : isGoalNode(target) ? target.state.goal.id : await pickGoal(app, session);
  return start(app, session, { kind: 'verify', goals: [id] });
}

async function pickGoal({ board }: App, session: Session): Promise<string> {
  const items = board.of(session).goals.map((state) => {
    return { label: state.goal.id, description: state.goal.title, detail: goalText(state) };
  });
  const placeHolder = vscode.l10n.t('Which goal?');
  return (await orCancelled(vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))).label;
}

/** Opens what a verdict rests on; of several files a person picks one. */
export async function openEvidence(_app: App, target: unknown): Promise<void> {
  const { session, path } = target as { readonly session: Session; readonly path?: string };
  const files = path !== undefined ? [path] : isGoalNode(target) ? target.state.evidence : [];
  const [only] = files;
  if (only === undefined) throw new HumanError('goal.no-evidence', vscode.l10n.t('There is no evidence yet.'));
  const chosen = files.length === 1 ? only : await orCancelled(vscode.window.showQuickPick([...files]));
  await vscode.window.showTextDocument(session.uri(chosen), { preview: true });
}

export async function rerun(app: App, node: unknown): Promise<RunEnd | undefined> {
  const { session, request } = node as Run;
  if (request.kind === 'implement') {
    return vscode.commands.executeCommand('infrabuilder.implement', { session, slug: request.slug });
  }
  return run(app, { session, request });
}

export async function cancelRun(app: App, node?: unknown): Promise<void> {
  if (isRun(node)) {
    node.cancel();
    return;
  }
  const running = app.runs.all.filter(({ end }) => end === undefined);
  const [only] = running;
  if (only === undefined) throw new HumanError('run.none', vscode.l10n.t('Nothing is running.'));
  if (running.length === 1) {
    only.cancel();
    return;
  }
  const items = running.map((one) => ({ label: one.title, description: one.progress, run: one }));
  (await orCancelled(vscode.window.showQuickPick(items))).run.cancel();
}

export function showOutput(app: App, node: unknown): void {
  if (isRun(node)) app.output.show(node);
}

/** Opens the raw output that the run has left. */
export async function openLog(_app: App, node: unknown): Promise<void> {
  if (!isRun(node)) return;
  const { end, session } = node;
  if (end?.kind === 'check' && end.result.log !== null) {
    await vscode.window.showTextDocument(session.uri(end.result.log), { preview: true });
  }
  if (end?.kind === 'scenario' && end.result.report !== null) await showReport(session, end.result.report);
}

async function start(app: App, session: Session, request: RunRequest): Promise<RunEnd> {
  const under = app.runs.start(session, request);
  const end = await follow(app, under);
  if (!holds(end) && end.kind !== 'cancelled') void offerHelp(app, under, end);
  return end;
}

/** Waits for a run, with progress in a notification, which also cancels. */
export async function follow(app: App, under: Run): Promise<RunEnd> {
  const reveal = vscode.workspace.getConfiguration('infrabuilder').get<string>('output.reveal', 'always');
  if (reveal === 'always') app.output.show(under);
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `InfraBuilder: ${under.title}`,
    cancellable: true,
  };
  const end = await vscode.window.withProgress(options, async (progress, token) => {
    token.onCancellationRequested(() => under.cancel());
    const listener = app.runs.onDidChange((changed) => {
      if (changed === under) progress.report({ message: under.progress });
    });
    try {
      return await under.ended;
    } finally {
      listener.dispose();
    }
  });
  if (reveal === 'onFailure' && !holds(end) && end.kind !== 'cancelled') app.output.show(under);
  return end;
}

async function offerHelp(app: App, under: Run, end: RunEnd): Promise<void> {
  const [show, doctor] = [vscode.l10n.t('Show output'), vscode.l10n.t('Check the machine')];
  const choices = end.kind === 'check' && end.result.toolMissing ? [doctor, show] : [show];
  const reason = end.kind === 'check' || end.kind === 'scenario' ? end.result.reason : summaryText(end);
  const chosen = await vscode.window.showWarningMessage(`${under.title}: ${reason}`, ...choices);
  if (chosen === show) app.output.show(under);
  if (chosen === doctor) await vscode.commands.executeCommand('infrabuilder.doctor');
}

function holds(end: RunEnd): boolean {
  return verdictOf(end) === 'pass';
}

function isGoalNode(value: unknown): value is GoalNode & { kind: 'goal' } {
  return typeof value === 'object' && value !== null && 'state' in value;
}

function isRun(value: unknown): value is Run {
  return typeof value === 'object' && value !== null && 'request' in value && 'cancel' in value;
}
