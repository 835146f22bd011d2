import * as vscode from 'vscode';
import type { Path } from '../../core/parse/parsed.ts';
import type { Snapshot } from '../../core/project/snapshot.ts';
import { toRange } from '../convert.ts';
import type { Sessions } from '../sessions.ts';

const { SymbolKind } = vscode;
type Named = readonly [name: string, detail: string | undefined, path: Path, kind: vscode.SymbolKind];

/** The outline of tasks, scenarios, mapping and configuration, with titles beside the ids. */
export class Outline implements vscode.DocumentSymbolProvider {
  readonly #sessions: Sessions;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  async provideDocumentSymbols(document: vscode.TextDocument): Promise<vscode.DocumentSymbol[]> {
    const found = this.#sessions.find(document.uri);
    if (found === undefined) return [];
    const snapshot = await found.session.snapshot();
    const entry = snapshot.source(found.path);
    if (entry === undefined) return [];
    const make = ([name, detail = '', path, kind]: Named): vscode.DocumentSymbol => {
      const key = toRange(entry.parsed.locateKey(path));
      const value = toRange(entry.parsed.locate(path));
      return new vscode.DocumentSymbol(name, detail, kind, key.union(value), key);
    };
    const withChildren = (parent: Named, children: readonly vscode.DocumentSymbol[]): vscode.DocumentSymbol => {
      const symbol = make(parent);
      symbol.children = [...children];
      return symbol;
    };
    if (found.path === snapshot.mapping?.entry.file) {
      return snapshot.mapping.epics.map((epic) =>
        withChildren(
          [epic.id, epic.title, epic.path, SymbolKind.Module],
          epic.stories.map((story) =>
            withChildren(
              [story.id, story.title, story.path, SymbolKind.Class],
              story.tasks.map((task) => make([task.slug, task.phase, [...task.path, 'slug'], SymbolKind.File])),
            ),
          ),
        ),
      );
    }
    return namesIn(found.path, snapshot).map(make);
  }
}

function namesIn(file: string, snapshot: Snapshot): readonly Named[] {
  if (file === snapshot.configFile) return inConfig(snapshot);
  const scenario = snapshot.scenarios.find((one) => one.file === file)?.value;
  if (scenario !== undefined) {
    const steps = scenario.scenarios.map(
      ({ name, description }, at): Named => [name, description, ['scenarios', at, 'name'], SymbolKind.Event],
    );
    return [[scenario.name, scenario.description, ['name'], SymbolKind.Event], ...steps];
  }
  const task = snapshot.tasks.find((one) => one.file === file);
  if (task === undefined) return [];
  return [
    [task.slug, task.title, ['slug'], SymbolKind.File],
    ...task.acceptance.map(({ text }, at): Named => [text, undefined, ['acceptance', at], SymbolKind.Boolean]),
    ...task.goals.map((id, at): Named => {
      return [id, snapshot.goal(id)?.title, ['blueprint_goals', at], SymbolKind.EnumMember];
    }),
  ];
}

function inConfig(snapshot: Snapshot): readonly Named[] {
  const entry = snapshot.configFile === undefined ? undefined : snapshot.source(snapshot.configFile);
  const value = entry?.parsed.value as Partial<typeof snapshot.config> | undefined;
  return [
    ...Object.entries(value?.checks ?? {}).map(
      ([name, { run }]): Named => [name, run.join(' '), ['checks', name], SymbolKind.Function],
    ),
    ...(value?.goals ?? []).map(({ id, title }, at): Named => [id, title, ['goals', at, 'id'], SymbolKind.EnumMember]),
    ...(value?.milestones ?? []).map(
      ({ id, title }, at): Named => [id, title, ['milestones', at, 'id'], SymbolKind.Constant],
    ),
  ];
}
