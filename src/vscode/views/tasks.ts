import * as vscode from 'vscode';
import type { TaskStatus } from '../../core/model/task.ts';
import type { TaskRow } from '../../core/operations/tasks.ts';
import type { Session } from '../session.ts';
import type { Sessions } from '../sessions.ts';
import { statusIcon, taskIcon } from './icons.ts';
import { TaskMoves } from './taskMoves.ts';

const { l10n } = vscode;
/** The model's own list comes with its schemas, which activation does not load. */
const STATUSES: readonly TaskStatus[] = ['pending', 'in_progress', 'done'];

export type TaskNode =
  | { readonly kind: 'folder'; readonly session: Session }
  | {
      readonly kind: 'status';
      readonly session: Session;
      readonly status: TaskStatus;
      readonly rows: readonly TaskRow[];
    }
  | { readonly kind: 'task'; readonly session: Session; readonly row: TaskRow; readonly file: string }
  | { readonly kind: 'more'; readonly parent: TaskNode & { kind: 'status' } };

/** Rows that a group shows at first, and that are added on request: a list of 10,000 would stall the window. */
const PAGE = 200;

/** Pending, in progress and done, with the next step and what blocks it. */
export class TasksView implements vscode.TreeDataProvider<TaskNode>, vscode.Disposable {
  readonly #sessions: Sessions;
  readonly #changed = new vscode.EventEmitter<TaskNode | undefined>();
  readonly #listeners: vscode.Disposable[];
  readonly #view: vscode.TreeView<TaskNode>;
  readonly #pages = new Map<string, number>();
  #filter = '';
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
    this.#view = vscode.window.createTreeView('infrabuilder.tasks', {
      treeDataProvider: this,
      dragAndDropController: new TaskMoves(),
      canSelectMany: false,
      showCollapseAll: true,
    });
    this.#listeners = [
      sessions.onDidChange(() => this.#refresh()),
      sessions.onDidClose(() => this.#refresh()),
      vscode.commands.registerCommand('infrabuilder.showMoreTasks', (node: TaskNode) => this.#more(node)),
    ];
  }

  /** Shows only tasks whose slug, module, phase or next step holds this text; all for an empty text. */
  setFilter(text: string): void {
    this.#filter = text.trim().toLowerCase();
    this.#view.message = this.#filter === '' ? '' : l10n.t('Filter: {0}', text.trim());
    void vscode.commands.executeCommand('setContext', 'infrabuilder.filtered', this.#filter !== '');
    this.#refresh();
  }

  get filter(): string {
    return this.#filter;
  }

  async getChildren(node?: TaskNode): Promise<TaskNode[]> {
    if (node === undefined) {
      const { workspaces } = this.#sessions;
      const [only] = workspaces;
      if (only !== undefined && workspaces.length === 1) return this.#groups(only);
      return workspaces.map((session) => ({ kind: 'folder', session }));
    }
    if (node.kind === 'folder') return this.#groups(node.session);
    return node.kind === 'status' ? this.#tasks(node) : [];
  }

  getTreeItem(node: TaskNode): vscode.TreeItem {
    switch (node.kind) {
      case 'folder':
        return new vscode.TreeItem(node.session.folder.name, vscode.TreeItemCollapsibleState.Expanded);
      case 'status':
        return statusItem(node);
      case 'task':
        return taskItem(node);
      case 'more': {
        const item = new vscode.TreeItem(l10n.t('Show more'));
        item.command = { command: 'infrabuilder.showMoreTasks', title: l10n.t('Show more'), arguments: [node] };
        item.iconPath = new vscode.ThemeIcon('ellipsis');
        return item;
      }
    }
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#view.dispose();
    this.#changed.dispose();
  }

  async #groups(session: Session): Promise<TaskNode[]> {
    const { core } = await session.load();
    const rows = core.taskRows(await session.snapshot()).filter((row) => this.#matches(row));
    return STATUSES.map((status) => {
      const own = rows.filter((row) => row.status === status);
      return { kind: 'status', session, status, rows: own.sort(byPhase) };
    });
  }

  async #tasks(parent: TaskNode & { kind: 'status' }): Promise<TaskNode[]> {
    const { session, rows } = parent;
    const snapshot = await session.snapshot();
    const shown = this.#pages.get(keyOf(parent)) ?? PAGE;
    const nodes = rows.slice(0, shown).map((row): TaskNode => {
      return { kind: 'task', session, row, file: snapshot.task(row.slug)?.file ?? '' };
    });
    return rows.length > shown ? [...nodes, { kind: 'more', parent }] : nodes;
  }

  #more(node: TaskNode): void {
    if (node.kind !== 'more') return;
    const key = keyOf(node.parent);
    this.#pages.set(key, (this.#pages.get(key) ?? PAGE) + PAGE);
    this.#changed.fire(node.parent);
  }

  #matches({ slug, module, phase, step }: TaskRow): boolean {
    return [slug, module ?? '', phase ?? '', step].some((text) => text.toLowerCase().includes(this.#filter));
  }

  #refresh(): void {
    void this.#badge();
    this.#changed.fire(undefined);
  }

  async #badge(): Promise<void> {
    let blocked = 0;
    for (const session of this.#sessions.workspaces) {
      const { core } = await session.load();
      const rows = core.taskRows(await session.snapshot());
      blocked += rows.filter(({ status, blockers }) => status === 'in_progress' && blockers.length > 0).length;
    }
    const tooltip = blocked === 1 ? l10n.t('1 task is blocked') : l10n.t('{0} tasks are blocked', blocked);
    this.#view.badge = blocked === 0 ? undefined : { value: blocked, tooltip };
  }
}

function statusItem({ status, session, rows }: TaskNode & { kind: 'status' }): vscode.TreeItem {
  const open = status === 'done' || rows.length === 0 ? 'Collapsed' : 'Expanded';
  const state = rows.length === 0 ? vscode.TreeItemCollapsibleState.None : vscode.TreeItemCollapsibleState[open];
  const item = new vscode.TreeItem(statusText(status), state);
  // VS Code keeps a group as it was under the same id: one that gets its first task would stay closed.
  item.id = `${session.folder.uri} ${status} ${rows.length === 0 ? 'empty' : 'filled'}`;
  item.description = String(rows.length);
  item.contextValue = `status.${status}`;
  item.iconPath = statusIcon(status);
  return item;
}

function taskItem({ row, session, file }: TaskNode & { kind: 'task' }): vscode.TreeItem {
  const { slug, status, phase, step, blockers } = row;
  const item = new vscode.TreeItem(slug);
  const next = status === 'done' ? '' : l10n.t('next: {0}', step);
  const blocked = blockers.length === 0 ? '' : l10n.t('blocked');
  item.id = `${session.folder.uri}\0${file}`;
  item.resourceUri = session.uri(file);
  item.description = [phase ?? '', blocked, next].filter((part) => part !== '').join(' · ');
  item.tooltip = [slug, item.description, ...blockers].join('\n');
  item.iconPath = taskIcon(status, blockers.length > 0);
  item.contextValue = `task.${status}`;
  item.accessibilityInformation = { label: [slug, statusText(status), item.description, ...blockers].join(', ') };
  item.command = { command: 'vscode.open', title: l10n.t('Open'), arguments: [session.uri(file)] };
  return item;
}

export function isTaskNode(node: unknown): node is TaskNode & { readonly kind: 'task' } {
  return typeof node === 'object' && node !== null && 'row' in node;
}

export function statusText(status: TaskStatus): string {
  switch (status) {
    case 'pending':
      return l10n.t('Pending');
    case 'in_progress':
      return l10n.t('In progress');
    case 'done':
      return l10n.t('Done');
  }
}

function keyOf({ session, status }: TaskNode & { kind: 'status' }): string {
  return `${session.folder.uri}\0${status}`;
}

/** P0 before P1; a task without a phase comes last. */
function byPhase(a: TaskRow, b: TaskRow): number {
  const [left, right] = [a.phase ?? '\uffff', b.phase ?? '\uffff'];
  return left < right ? -1 : left > right ? 1 : a.slug < b.slug ? -1 : 1;
}
