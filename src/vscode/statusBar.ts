import * as vscode from 'vscode';
import type { GoalBoard } from './goals/board.ts';
import { coveredBy, standingOf } from './goals/state.ts';
import type { Sessions } from './sessions.ts';

/** One item: how many goals hold, of those that apply. */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('infrabuilder.goals', vscode.StatusBarAlignment.Left);
  readonly #listeners: vscode.Disposable[];

  constructor(sessions: Sessions, board: GoalBoard) {
    this.#item.name = vscode.l10n.t('InfraBuilder goals');
    this.#item.command = 'infrabuilder.goals.focus';
    const show = (): void => this.#show(sessions, board);
    this.#listeners = [board.onDidChange(show), sessions.onDidClose(show)];
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#item.dispose();
  }

  #show(sessions: Sessions, board: GoalBoard): void {
    const goals = sessions.workspaces.flatMap((session) => board.of(session).goals);
    const standings = goals.map(standingOf);
    const applying = standings.filter((standing) => standing !== 'off');
    if (applying.length === 0) {
      this.#item.hide();
      return;
    }
    const count = (wanted: string): number => applying.filter((standing) => standing === wanted).length;
    const [passed, failed, stale] = [count('pass'), count('fail'), count('stale')];
    const icon = failed > 0 ? '$(error)' : passed === applying.length ? '$(pass)' : '$(beaker)';
    const text = vscode.l10n.t('{0} of {1} goals pass', passed, applying.length);
    const deviations = new Set(goals.filter((state) => standingOf(state) === 'pass').flatMap(coveredBy));
    const covered = deviations.size === 0 ? '' : vscode.l10n.t('by deviation: {0}', [...deviations].sort().join(', '));
    const shown = covered === '' ? text : `${text} · ${covered}`;
    this.#item.text = `${icon} ${shown}`;
    this.#item.tooltip = vscode.l10n.t(
      '{0} pass, {1} fail, {2} stale, {3} not known',
      passed,
      failed,
      stale,
      count('unknown'),
    );
    this.#item.accessibilityInformation = { label: `InfraBuilder: ${shown}` };
    this.#item.backgroundColor = failed > 0 ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    this.#item.show();
  }
}
