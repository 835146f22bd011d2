import * as vscode from 'vscode';
import type { SymbolKind } from '../../core/project/symbols.ts';
import { toRange } from '../convert.ts';
import type { Loaded } from '../session.ts';
import type { Sessions } from '../sessions.ts';
import { type SymbolHit, symbolAt } from './navigation.ts';

const { l10n } = vscode;

/** What a new name must look like, so that the workspace still reads it; undefined for one that is not the user's. */
function formOf(kind: SymbolKind, core: Loaded['core']): RegExp | undefined {
  if (kind === 'task') return core.SLUG_PATTERN;
  if (kind === 'goal') return core.GOAL_ID_PATTERN;
  if (kind === 'check') return /^[a-z][a-z0-9_-]*$/;
  return kind === 'kpi' ? undefined : /^\w[\w.-]*$/;
}

/** Renames a task, goal, scenario, check, epic, story or milestone everywhere, with the files that carry its name. */
export class Renames implements vscode.RenameProvider {
  readonly #sessions: Sessions;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  async prepareRename(document: vscode.TextDocument, position: vscode.Position) {
    const hit = await symbolAt(this.#sessions, document, position);
    if (hit === undefined) throw new Error(l10n.t('There is no name to change here.'));
    const { symbol } = hit;
    if (symbol.kind === 'kpi') {
      throw new Error(l10n.t('{0} is a name of InfraBuilder and cannot be changed.', symbol.id));
    }
    return { range: toRange(symbol.range), placeholder: symbol.id };
  }

  async provideRenameEdits(
    document: vscode.TextDocument,
    position: vscode.Position,
    newName: string,
  ): Promise<vscode.WorkspaceEdit> {
    const hit = await symbolAt(this.#sessions, document, position);
    const edit = new vscode.WorkspaceEdit();
    if (hit === undefined || newName === hit.symbol.id) return edit;
    const { session, snapshot, symbol } = hit;
    const { core } = await session.load();
    check(hit, newName, core);
    // Files first, so that the edits find them under their new names.
    const moved = new Map(moves(hit, newName));
    for (const [from, to] of moved) edit.renameFile(session.uri(from), session.uri(to), { overwrite: false });
    for (const { file, range } of [...snapshot.definitions(symbol), ...snapshot.references(symbol)]) {
      const text = /\.ya?ml$/.test(file) ? core.scalarText(newName) : newName;
      edit.replace(session.uri(moved.get(file) ?? file), toRange(range), text);
    }
    return edit;
  }
}

function check({ snapshot, symbol: { kind, id } }: SymbolHit, newName: string, core: Loaded['core']): void {
  if (formOf(kind, core)?.test(newName) !== true)
    throw new Error(l10n.t('{0} cannot be the name of a {1}.', newName, kind));
  if (snapshot.symbolNames(kind).includes(newName)) {
    throw new Error(l10n.t('There is a {1} {0} already.', newName, kind));
  }
  if (kind === 'scenario' && snapshot.scenario(id) === undefined) {
    throw new Error(l10n.t('{0} is a name of InfraBuilder and cannot be changed.', id));
  }
}

/** A task's file and documents carry its slug, a scenario's file its name. */
function moves({ snapshot, symbol: { kind, id } }: SymbolHit, newName: string): [string, string][] {
  const named = (file: string, stem: string): [string, string][] => {
    const [folder, name] = [file.slice(0, file.lastIndexOf('/') + 1), file.slice(file.lastIndexOf('/') + 1)];
    return name.startsWith(stem) ? [[file, `${folder}${newName}${name.slice(stem.length)}`]] : [];
  };
  if (kind === 'task') {
    const files = snapshot.tasksWithSlug(id).map(({ file }) => file);
    const documents = Object.values(snapshot.reports(id));
    return [...files, ...documents].flatMap((file) => named(file, id));
  }
  const scenario = kind === 'scenario' ? snapshot.scenario(id) : undefined;
  return scenario === undefined ? [] : named(scenario.file, id);
}
