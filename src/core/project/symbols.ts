import type { Blueprint } from '../model/blueprint.ts';
import type { Config, ConfigFile } from '../model/config.ts';
import type { Deviation } from '../model/deviation.ts';
import { KPIS } from '../model/kpi.ts';
import type { Mapping } from '../model/mapping.ts';
import { type Scenario, WORKLOADS } from '../model/scenario.ts';
import type { Location, Position, Range } from '../model/source.ts';
import type { Path } from '../parse/parsed.ts';
import type { Entry, TaskEntry } from './entry.ts';
import type { MappingView } from './mapping.ts';

export const SYMBOL_KINDS = ['task', 'goal', 'scenario', 'epic', 'story', 'kpi', 'check', 'milestone'] as const;
export type SymbolKind = (typeof SYMBOL_KINDS)[number];

/** Something with a name that files define and refer to. */
export interface Named {
  readonly kind: SymbolKind;
  readonly id: string;
}

/** `range` is the name as written, with its quotes where it has any. */
export interface SymbolUse extends Named, Location {
  readonly role: 'definition' | 'reference';
}

export interface SymbolSources {
  readonly configEntry: Entry<ConfigFile> | undefined;
  readonly mappingEntry: Entry<Mapping> | undefined;
  /** Undefined where `mappingEntry` could not be understood. */
  readonly mapping: MappingView | undefined;
  readonly blueprint: Entry<Blueprint> | undefined;
  readonly scenarios: readonly Entry<Scenario>[];
  readonly deviations: readonly Entry<Deviation>[];
  readonly tasks: readonly TaskEntry[];
}

/** An id as blueprints write it; other text names nothing that could be found. */
export const BLUEPRINT_ID = /^[A-Z]\d*-[A-Z]?\d+$/;

/** A use whose range is worked out only when somebody asks for it. */
interface Mention extends Named {
  readonly role: SymbolUse['role'];
  range(): Range;
}

type Add = (kind: SymbolKind, id: string, role: SymbolUse['role'], path: Path, isKey?: boolean) => void;

/** Who names what. Nothing is computed before it is asked for: 10,000 tasks are searched in a few milliseconds. */
export class SymbolTable {
  readonly #config: Config;
  readonly #sources: SymbolSources;

  constructor(config: Config, sources: SymbolSources) {
    this.#config = config;
    this.#sources = sources;
  }

  entry(file: string): Entry<unknown> | undefined {
    for (const entry of this.#entries()) if (entry.file === file) return entry;
    return undefined;
  }

  places(symbol: Named, role: SymbolUse['role']): readonly Location[] {
    const found: Location[] = [];
    for (const entry of this.#entries()) {
      for (const mention of this.#mentions(entry)) {
        if (mention.id !== symbol.id || mention.kind !== symbol.kind || mention.role !== role) continue;
        found.push({ file: entry.file, range: mention.range() });
      }
    }
    return found;
  }

  at(file: string, position: Position): SymbolUse | undefined {
    const entry = this.entry(file);
    if (entry === undefined) return undefined;
    for (const mention of this.#mentions(entry)) {
      const range = mention.range();
      const { kind, id, role } = mention;
      if (contains(range, position)) return { kind, id, role, file, range };
    }
    return undefined;
  }

  names(kind: SymbolKind): readonly string[] {
    const names = new Set<string>();
    if (kind === 'kpi') for (const name of Object.keys(KPIS)) names.add(name);
    if (kind === 'scenario') for (const name of WORKLOADS) names.add(name);
    if (kind === 'goal') for (const { id } of this.#config.goals) names.add(id);
    if (kind === 'check') for (const name of Object.keys(this.#config.checks)) names.add(name);
    if (kind === 'milestone') for (const { id } of this.#config.milestones) names.add(id);
    for (const entry of this.#entries()) {
      for (const mention of this.#mentions(entry)) {
        if (mention.kind === kind && mention.role === 'definition') names.add(mention.id);
      }
    }
    return [...names].sort();
  }

  *#entries(): Iterable<Entry<unknown>> {
    const { configEntry, mappingEntry, blueprint, scenarios, deviations, tasks } = this.#sources;
    if (configEntry !== undefined) yield configEntry;
    if (mappingEntry !== undefined) yield mappingEntry;
    if (blueprint !== undefined) yield blueprint;
    yield* scenarios;
    yield* deviations;
    yield* tasks;
  }

  #mentions(entry: Entry<unknown>): readonly Mention[] {
    const { configEntry, mapping, blueprint } = this.#sources;
    if (entry === blueprint) return inBlueprint(blueprint, mapping);
    const found: Mention[] = [];
    const add: Add = (kind, id, role, path, isKey = false) => {
      const range = () => (isKey ? entry.parsed.locateKey(path) : entry.parsed.locate(path));
      found.push({ kind, id, role, range });
    };
    if (entry === configEntry) inConfig(configEntry, add);
    else if (entry === mapping?.entry) inMapping(mapping, add);
    else if ('task' in entry) inTask(entry as TaskEntry, add);
    else inOther(entry, this.#sources, add);
    return found;
  }
}

function inTask({ task }: TaskEntry, add: Add): void {
  if (task === undefined) return;
  add('task', task.slug, 'definition', ['slug']);
  if (task.epic !== undefined) add('epic', task.epic, 'reference', ['blueprint', 'epic']);
  if (task.story !== undefined) add('story', task.story, 'reference', ['blueprint', 'story']);
  list(add, 'goal', task.goals, ['blueprint_goals']);
  list(add, 'scenario', task.scenarios, ['e2e_scenarios']);
  list(add, 'task', task.dependsOn, ['depends_on']);
}

function inMapping({ epics }: MappingView, add: Add): void {
  for (const epic of epics) {
    add('epic', epic.id, 'definition', epic.path, true);
    for (const story of epic.stories) {
      add('story', story.id, 'definition', story.path, true);
      for (const task of story.tasks) add('task', task.slug, 'reference', [...task.path, 'slug']);
    }
  }
}

function inConfig({ parsed: { value } }: Entry<ConfigFile>, add: Add): void {
  for (const name of Object.keys(value?.checks ?? {})) add('check', name, 'definition', ['checks', name], true);
  value?.goals?.forEach((goal, position) => {
    const path = ['goals', position];
    add('goal', goal.id, 'definition', [...path, 'id']);
    if ('scenario' in goal) add('scenario', goal.scenario, 'reference', [...path, 'scenario']);
    if (goal.kind === 'checks') list(add, 'check', goal.checks, [...path, 'checks']);
    if (goal.kind === 'kpi') keys(add, 'kpi', goal.kpis, [...path, 'kpis']);
  });
  value?.milestones?.forEach(({ id, tasks, verify }, position) => {
    const path = ['milestones', position];
    add('milestone', id, 'definition', [...path, 'id']);
    list(add, 'task', tasks, [...path, 'tasks']);
    if (verify === undefined) return;
    if ('scenario' in verify) add('scenario', verify.scenario, 'reference', [...path, 'verify', 'scenario']);
    else add('check', verify.check, 'reference', [...path, 'verify', 'check']);
  });
  value?.canaries?.forEach(({ goal }, position) => {
    add('goal', goal, 'reference', ['canaries', position, 'goal']);
  });
}

function inOther(entry: Entry<unknown>, { scenarios, deviations, mapping }: SymbolSources, add: Add): void {
  const scenario = scenarios.find((one) => one === entry)?.parsed.value;
  if (scenario !== undefined) {
    add('scenario', scenario.name, 'definition', ['name']);
    list(add, 'goal', scenario.blueprint_goals, ['blueprint_goals']);
    scenario.scenarios.forEach(({ name }, at) => {
      add('scenario', name, 'definition', ['scenarios', at, 'name']);
    });
    keys(add, 'kpi', scenario.validation?.kpis ?? {}, ['validation', 'kpis']);
  }
  const deviation = deviations.find((one) => one === entry)?.parsed.value;
  if (deviation === undefined) return;
  keys(add, 'goal', deviation.impact_analysis, ['impact_analysis']);
  const item = deviation.blueprint_item;
  if (BLUEPRINT_ID.test(item)) add(kindOf(item, mapping), item, 'reference', ['blueprint_item']);
}

/** The rows of the goals table define goals; of an epic or story, the first place that names it. */
function inBlueprint(entry: Entry<Blueprint>, mapping: MappingView | undefined): Mention[] {
  const { goals = [], ids = [] } = entry.parsed.value ?? {};
  const rows = new Map(goals.map((goal) => [goal.value.id, goal.range]));
  const seen = new Set<string>();
  const mentions = ids.map(({ value: id, range }): Mention => {
    const kind = kindOf(id, mapping);
    const row = rows.get(id);
    const defines =
      kind === 'goal' ? row !== undefined && contains(row, range.start) : kind !== 'milestone' && !seen.has(id);
    seen.add(id);
    return { kind, id, role: defines ? 'definition' : 'reference', range: () => range };
  });
  const others = goals.filter(({ value }) => !seen.has(value.id));
  return [
    ...mentions,
    ...others.map(
      ({ value: { id }, range }): Mention => ({ kind: 'goal', id, role: 'definition', range: () => range }),
    ),
  ];
}

/** What an id of a blueprint names: the mapping knows, else its shape tells (`A1-E1`, `A1-S3`, `M2`, `G-4`). */
function kindOf(id: string, mapping: MappingView | undefined): SymbolKind {
  if (mapping?.epicById.has(id) || /-E\d+$/.test(id)) return 'epic';
  if (mapping?.storiesById.has(id) || /-S\d+$/.test(id)) return 'story';
  return /^M\d+$/.test(id) ? 'milestone' : 'goal';
}

function list(add: Add, kind: SymbolKind, ids: readonly string[], path: Path): void {
  ids.forEach((id, position) => {
    add(kind, id, 'reference', [...path, position]);
  });
}

function keys(add: Add, kind: SymbolKind, values: object, path: Path): void {
  for (const key of Object.keys(values)) add(kind, key, 'reference', [...path, key], true);
}

function contains({ start, end }: Range, { line, column }: Position): boolean {
  const afterStart = line > start.line || (line === start.line && column >= start.column);
  const beforeEnd = line < end.line || (line === end.line && column <= end.column);
  return afterStart && beforeEnd;
}
