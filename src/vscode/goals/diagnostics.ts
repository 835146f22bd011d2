import * as vscode from 'vscode';
import type { GoalState } from '../../core/goals/goalState.ts';
import type { Issue } from '../../core/model/issue.ts';
import type { Snapshot } from '../../core/project/snapshot.ts';
import type { Diagnostics } from '../diagnostics.ts';
import { valueText } from '../runs/text.ts';
import type { GoalBoard } from './board.ts';
import { standingOf } from './state.ts';

/** A failing goal is a problem at the line that names it, together with what its evidence found in files. */
export class GoalDiagnostics implements vscode.Disposable {
  readonly #listener: vscode.Disposable;

  constructor(board: GoalBoard, diagnostics: Diagnostics) {
    this.#listener = board.onDidChange((session) => {
      const { current } = session;
      if (current === undefined) return;
      const { goals, issues } = board.of(session);
      const failing = goals.filter((state) => standingOf(state) === 'fail');
      const found = failing.flatMap((state) => problemsOf(state, current));
      diagnostics.set(session, 'goals', [...found, ...issues]);
    });
  }

  dispose(): void {
    this.#listener.dispose();
  }
}

/** What the evidence found where the goal itself is named only says again that it fails. */
function problemsOf(state: GoalState, snapshot: Snapshot): Issue[] {
  const own = failure(state, snapshot);
  const places = new Set(own.map(({ file, range }) => `${file}:${range.start.line}`));
  return [...own, ...state.issues.filter(({ file, range }) => !places.has(`${file}:${range.start.line}`))];
}

function failure({ goal, values, reason }: GoalState, snapshot: Snapshot): Issue[] {
  const places = snapshot.definitions({ kind: 'goal', id: goal.id });
  const place = places.find(({ file }) => file === snapshot.configFile) ?? places[0];
  if (place === undefined) return [];
  const missed = values.filter(({ verdict }) => verdict === 'fail').map(valueText);
  const measured = missed.length === 0 ? '' : ` ${vscode.l10n.t('Measured: {0}.', missed.join(', '))}`;
  const message = `${vscode.l10n.t('{0} {1} does not hold.', goal.id, goal.title)}${measured} ${reason}`;
  return [{ code: 'goal.fails', severity: 'error', message, ...place }];
}
