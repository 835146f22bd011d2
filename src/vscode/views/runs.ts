import * as vscode from 'vscode';
import { menuOf } from '../runs/menu.ts';
import type { Run } from '../runs/run.ts';
import type { Runs } from '../runs/runs.ts';
import { endText, stateText } from '../runs/text.ts';
import { runIcon } from './icons.ts';

/** What runs and what ran, the newest first. */
export class RunsView implements vscode.TreeDataProvider<Run>, vscode.Disposable {
  readonly #runs: Runs;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #view: vscode.TreeView<Run>;
  readonly #listener: vscode.Disposable;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(runs: Runs) {
    this.#runs = runs;
    this.#view = vscode.window.createTreeView('infrabuilder.runs', { treeDataProvider: this });
    this.#listener = runs.onDidChange(() => this.#changed.fire(undefined));
  }

  getChildren(run?: Run): Run[] {
    return run === undefined ? [...this.#runs.all] : [];
  }

  getTreeItem(run: Run): vscode.TreeItem {
    const item = new vscode.TreeItem(run.title);
    item.id = String(run.id);
    item.description = stateText(run);
    item.iconPath = runIcon(run);
    item.contextValue = menuOf(run, this.#runs.all);
    item.tooltip = run.end === undefined ? run.progress : endText(run.end);
    item.accessibilityInformation = { label: `${run.title}: ${item.description}` };
    item.command = { command: 'infrabuilder.showOutput', title: vscode.l10n.t('Show output'), arguments: [run] };
    return item;
  }

  dispose(): void {
    this.#listener.dispose();
    this.#view.dispose();
    this.#changed.dispose();
  }
}
