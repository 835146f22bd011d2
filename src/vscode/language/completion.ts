import * as vscode from 'vscode';
import type { SymbolKind } from '../../core/project/symbols.ts';
import type { Sessions } from '../sessions.ts';
import { describe } from './describe.ts';
import { keyPathAt } from './keyPath.ts';

type Role = 'task' | 'config' | 'mapping' | 'scenario';

/** Which names fit where; the first pattern that the key path ends with decides. */
const PLACES: readonly { readonly in: Role; readonly path: RegExp; readonly kind: SymbolKind }[] = [
  { in: 'task', path: /^blueprint_goals\/-$|^blueprint_goals$/, kind: 'goal' },
  { in: 'task', path: /^e2e_scenarios\/-$|^e2e_scenarios$/, kind: 'scenario' },
  { in: 'task', path: /^depends_on\/-$|^depends_on$/, kind: 'task' },
  { in: 'task', path: /^blueprint\/epic$/, kind: 'epic' },
  { in: 'task', path: /^blueprint\/story$/, kind: 'story' },
  { in: 'mapping', path: /\/tasks\/-\/slug$/, kind: 'task' },
  { in: 'config', path: /^goals\/-\/scenario$|^milestones\/-\/verify\/scenario$/, kind: 'scenario' },
  { in: 'config', path: /^goals\/-\/checks(\/-)?$|^milestones\/-\/verify\/check$/, kind: 'check' },
  { in: 'config', path: /^goals\/-\/kpis(\/[^/]*)?$/, kind: 'kpi' },
  { in: 'config', path: /^milestones\/-\/tasks(\/-)?$/, kind: 'task' },
  { in: 'scenario', path: /^blueprint_goals\/-$|^blueprint_goals$/, kind: 'goal' },
  { in: 'scenario', path: /^validation\/kpis(\/[^/]*)?$/, kind: 'kpi' },
];

const ICONS: Partial<Record<SymbolKind, vscode.CompletionItemKind>> = {
  task: vscode.CompletionItemKind.File,
  goal: vscode.CompletionItemKind.EnumMember,
  scenario: vscode.CompletionItemKind.Event,
  kpi: vscode.CompletionItemKind.Property,
  check: vscode.CompletionItemKind.Function,
};

/** Completes the names of tasks, goals, scenarios, epics, stories, checks and KPIs. */
export class Completions implements vscode.CompletionItemProvider {
  readonly #sessions: Sessions;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[]> {
    const found = this.#sessions.find(document.uri);
    if (found === undefined) return [];
    const snapshot = await found.session.snapshot();
    const role = roleOf(found.path, snapshot);
    if (role === undefined) return [];
    const lines = document.getText(new vscode.Range(0, 0, position.line, 0)).split('\n');
    const { keys } = keyPathAt(lines, document.lineAt(position.line).text.slice(0, position.character));
    const path = keys.join('/');
    const kind = PLACES.find((place) => place.in === role && place.path.test(path))?.kind;
    if (kind === undefined) return [];
    const range = document.getWordRangeAtPosition(position, /[\w-]+/) ?? new vscode.Range(position, position);
    const { core } = await found.session.load();
    return snapshot.symbolNames(kind).map((id) => {
      const item = new vscode.CompletionItem(id, ICONS[kind] ?? vscode.CompletionItemKind.Reference);
      const [title, ...more] = describe({ kind, id }, snapshot, core);
      if (title !== undefined) item.detail = title;
      if (more.length > 0) item.documentation = new vscode.MarkdownString().appendText(more.join('\n'));
      item.range = range;
      return item;
    });
  }
}

function roleOf(path: string, { layout, configFile, mapping }: import('../../core/project/snapshot.ts').Snapshot) {
  if (path === configFile) return 'config';
  if (path === mapping?.entry.file || /^blueprint_tasks\.ya?ml$/.test(path)) return 'mapping';
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  if (Object.values(layout.tasks).includes(folder)) return 'task';
  return folder === layout.scenarios ? 'scenario' : undefined;
}
