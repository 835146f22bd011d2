import * as vscode from 'vscode';
import { HumanError } from '../../core/base/errors.ts';
import type { Snapshot } from '../../core/project/snapshot.ts';
import type { SymbolKind } from '../../core/project/symbols.ts';
import type { App } from '../app.ts';
import { isTaskNode } from '../views/tasks.ts';
import { orCancelled, pickSession, requireLocal } from './pick.ts';

const { l10n } = vscode;
/** As many as a list under the cursor can show. */
const MOST_CHOICES = 50;

/** Opens a new task file with places to fill in; nothing is written before the person saves it. */
export async function newTask(app: App, node?: unknown): Promise<void> {
  const session = await pickSession(app, node);
  requireLocal(session);
  const { core } = await session.load();
  const snapshot = await session.snapshot();
  const slug = await orCancelled(
    vscode.window.showInputBox({
      prompt: l10n.t('Slug of the task; the file is named <slug>.yaml'),
      validateInput: (text) => {
        if (!core.SLUG_PATTERN.test(text)) return l10n.t('Letters, digits, "_" and "-"; at most 100.');
        return snapshot.task(text) === undefined ? undefined : l10n.t('There is a task {0} already.', text);
      },
    }),
  );
  const path = `${snapshot.layout.tasks.pending}/${slug}.yaml`;
  const document = await vscode.workspace.openTextDocument(session.uri(path).with({ scheme: 'untitled' }));
  const editor = await vscode.window.showTextDocument(document);
  await editor.insertSnippet(taskSnippet(slug, snapshot));
}

/** A task as plan and validation want it, with a place to stop at for each thing to decide. */
function taskSnippet(slug: string, snapshot: Snapshot): vscode.SnippetString {
  const snippet = new vscode.SnippetString();
  const choose = (kind: SymbolKind, otherwise: string): void => {
    const names = snapshot.symbolNames(kind).slice(0, MOST_CHOICES);
    if (names.length === 0) snippet.appendPlaceholder(otherwise);
    else snippet.appendChoice([...names]);
  };
  snippet.appendText(`slug: ${slug}\nphase: `).appendPlaceholder('P0');
  snippet.appendText('\nmodule: ').appendPlaceholder('sampler/');
  snippet.appendText('\nblueprint:\n  epic: ');
  choose('epic', 'A1-E1');
  snippet.appendText('\n  story: ');
  choose('story', 'A1-S1');
  snippet.appendText('\nacceptance:\n  - ').appendPlaceholder('metric_name ≥ 95% on scenario standard');
  snippet.appendText('\ne2e_scenarios:\n  - ');
  choose('scenario', 'standard');
  snippet.appendText('\nblueprint_goals:\n  - ');
  choose('goal', 'G-8');
  return snippet.appendText('\n');
}

/** Opens one of the task's own documents. */
export async function openDocuments(app: App, node?: unknown): Promise<void> {
  const session = await pickSession(app, node);
  const snapshot = await session.snapshot();
  const slug = isTaskNode(node) ? node.row.slug : await pickTask(snapshot.tasks.map((task) => task.slug));
  const documents = Object.entries(snapshot.reports(slug));
  if (documents.length === 0) {
    throw new HumanError('task.no-documents', l10n.t('The task {0} has no documents yet.', slug));
  }
  const items = documents.map(([kind, file]) => ({ label: kind, description: file }));
  const [only] = items;
  const chosen =
    only !== undefined && items.length === 1 ? only : await orCancelled(vscode.window.showQuickPick(items));
  await vscode.window.showTextDocument(session.uri(chosen.description));
}

export async function filterTasks({ tasks }: App, text?: unknown): Promise<void> {
  const prompt = l10n.t('Show only tasks whose slug, module, phase or next step holds this text');
  tasks.setFilter(
    typeof text === 'string' ? text : await orCancelled(vscode.window.showInputBox({ prompt, value: tasks.filter })),
  );
}

export function clearFilter({ tasks }: App): void {
  tasks.setFilter('');
}

async function pickTask(slugs: readonly string[]): Promise<string> {
  return orCancelled(vscode.window.showQuickPick(slugs, { placeHolder: l10n.t('Which task?') }));
}
