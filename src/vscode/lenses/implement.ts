import * as vscode from 'vscode';
import { type LensContext, runCommand } from './lens.ts';

/** A model may take a task that is in progress; beside it, how its last run in this window ended. */
export function implementLenses({ path, snapshot, session, runs, canRun }: LensContext): readonly vscode.CodeLens[] {
  const task = snapshot.tasks.find(({ file }) => file === path);
  const parsed = snapshot.source(path)?.parsed;
  if (task?.status !== 'in_progress' || parsed === undefined || !canRun) return [];
  const line = parsed.locateKey(['slug']).start.line - 1;
  const range = new vscode.Range(line, 0, line, 0);
  const { slug } = task;
  const title = `$(sparkle) ${vscode.l10n.t('Implement with a model')}`;
  const last = runs.latest(session, { kind: 'implement', slug });
  return [
    new vscode.CodeLens(range, { command: 'infrabuilder.implement', title, arguments: [{ session, slug }] }),
    ...(last === undefined ? [] : [new vscode.CodeLens(range, runCommand(last))]),
  ];
}
