import * as vscode from 'vscode';
import { statusText } from '../views/tasks.ts';
import { goalLens, type LensContext } from './lens.ts';

/** The goals that a task or scenario names, at the line that names them; a task's next step above all. */
export function namedGoalLenses(context: LensContext): readonly vscode.CodeLens[] {
  const { path, snapshot, session } = context;
  const task = snapshot.tasks.find(({ file }) => file === path);
  const goals = task?.goals ?? snapshot.scenarios.find(({ file }) => file === path)?.value.blueprint_goals;
  const parsed = snapshot.source(path)?.parsed;
  if (goals === undefined || parsed === undefined) return [];
  const named = goals.flatMap((id, at) => {
    return goalLens(context, parsed.locate(['blueprint_goals', at]).start.line - 1, id);
  });
  if (task === undefined) return named;
  const line = parsed.locateKey(['slug']).start.line - 1;
  const command = {
    command: 'infrabuilder.showTask',
    title: stepText(context, task.slug),
    arguments: [{ session, slug: task.slug }],
  };
  return [new vscode.CodeLens(new vscode.Range(line, 0, line, 0), command), ...named];
}

/** `Pending · next: open · blocked: It depends on topn_sampler, which is pending.` */
function stepText({ snapshot, core }: LensContext, slug: string): string {
  const row = core.taskRows(snapshot).find((one) => one.slug === slug);
  if (row === undefined) return slug;
  const [blocker] = row.blockers;
  return [
    statusText(row.status),
    ...(row.status === 'done' ? [] : [vscode.l10n.t('next: {0}', row.step)]),
    ...(blocker === undefined ? [] : [vscode.l10n.t('blocked: {0}', blocker)]),
  ].join(' · ');
}

/** The rows of the blueprint's goals table. */
export function blueprintLenses(context: LensContext): readonly vscode.CodeLens[] {
  const { path, snapshot } = context;
  if (path !== snapshot.blueprint?.file) return [];
  return snapshot.blueprintGoals.flatMap(({ value, range }) => goalLens(context, range.start.line - 1, value.id));
}
