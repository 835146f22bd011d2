import * as vscode from 'vscode';
import type { GoalState } from '../../core/goals/goalState.ts';
import { coveringDeviation } from '../../core/model/covered.ts';
import type { GoalBoard } from '../goals/board.ts';
import { coveredBy, standingOf } from '../goals/state.ts';
import { goalText, standingText } from '../goals/text.ts';
import { valueText } from '../runs/text.ts';
import type { Session } from '../session.ts';
import type { Sessions } from '../sessions.ts';
import { goalIcon, verdictIcon } from './icons.ts';

export type GoalNode =
  | { readonly kind: 'folder'; readonly session: Session }
  | { readonly kind: 'goal'; readonly session: Session; readonly state: GoalState }
  | { readonly kind: 'value'; readonly session: Session; readonly value: GoalState['values'][number] };

/** Every goal with its verdict, value against threshold, age and staleness. */
export class GoalsView implements vscode.TreeDataProvider<GoalNode>, vscode.Disposable {
  readonly #sessions: Sessions;
  readonly #board: GoalBoard;
  readonly #changed = new vscode.EventEmitter<GoalNode | undefined>();
  readonly #listeners: vscode.Disposable[];
  readonly #view: vscode.TreeView<GoalNode>;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(sessions: Sessions, board: GoalBoard) {
    this.#sessions = sessions;
    this.#board = board;
    this.#view = vscode.window.createTreeView('infrabuilder.goals', { treeDataProvider: this });
    this.#listeners = [board.onDidChange(() => this.#refresh()), sessions.onDidClose(() => this.#refresh())];
  }

  getChildren(node?: GoalNode): GoalNode[] {
    if (node === undefined) {
      const { workspaces } = this.#sessions;
      const [only] = workspaces;
      if (only !== undefined && workspaces.length === 1) return this.#goals(only);
      return workspaces.map((session) => ({ kind: 'folder', session }));
    }
    if (node.kind === 'folder') return this.#goals(node.session);
    if (node.kind === 'value') return [];
    return node.state.values.map((value) => ({ kind: 'value', session: node.session, value }));
  }

  getTreeItem(node: GoalNode): vscode.TreeItem {
    switch (node.kind) {
      case 'folder':
        return new vscode.TreeItem(node.session.folder.name, vscode.TreeItemCollapsibleState.Expanded);
      case 'goal':
        return goalItem(node);
      case 'value':
        return valueItem(node);
    }
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#view.dispose();
    this.#changed.dispose();
  }

  #goals(session: Session): GoalNode[] {
    return this.#board.of(session).goals.map((state) => ({ kind: 'goal', session, state }));
  }

  #refresh(): void {
    const states = this.#sessions.workspaces.flatMap((session) => this.#board.of(session).goals);
    const failing = states.filter((state) => standingOf(state) === 'fail').length;
    const tooltip = failing === 1 ? vscode.l10n.t('1 goal fails') : vscode.l10n.t('{0} goals fail', failing);
    this.#view.badge = failing === 0 ? undefined : { value: failing, tooltip };
    this.#changed.fire(undefined);
  }
}

function goalItem({ session, state }: GoalNode & { kind: 'goal' }): vscode.TreeItem {
  const { goal, values, issues } = state;
  const standing = standingOf(state);
  const collapsed =
    values.length > 1 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None;
  const item = new vscode.TreeItem(`${goal.id} ${goal.title}`, collapsed);
  item.id = `${session.folder.uri}\0${goal.id}`;
  item.description = goalText(state);
  item.iconPath = goalIcon(standing, coveredBy(state).length > 0);
  item.contextValue = [`goal.${standing}`, state.evidence.length === 0 ? '' : 'evidence'].join('.');
  item.tooltip = [
    `${goal.id} ${goal.title}`,
    standingText(state),
    state.reason,
    ...issues.map(({ message }) => message),
  ].join('\n');
  item.accessibilityInformation = { label: `${goal.id} ${goal.title}: ${standingText(state)}. ${item.description}` };
  return item;
}

function valueItem({ session, value }: GoalNode & { kind: 'value' }): vscode.TreeItem {
  const deviation = coveringDeviation(value);
  if (deviation !== undefined) return deviationItem(session, deviation, value.value);
  const item = new vscode.TreeItem(valueText(value));
  if (value.n !== undefined)
    item.description = value.n === 1 ? vscode.l10n.t('1 sample') : vscode.l10n.t('{0} samples', value.n);
  if (value.verdict !== undefined) item.iconPath = verdictIcon(value.verdict);
  return item;
}

/** A click opens the deviation. */
function deviationItem(session: Session, id: string, count: number): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('deviation {0}', id));
  item.description = vscode.l10n.t('violations covered: {0}', count);
  item.iconPath = new vscode.ThemeIcon('git-compare');
  const file = session.current?.deviations.find(({ value }) => value.id === id)?.file;
  if (file !== undefined) {
    item.command = { command: 'vscode.open', title: vscode.l10n.t('Open'), arguments: [session.uri(file)] };
  }
  return item;
}
