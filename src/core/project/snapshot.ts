import type { Blueprint } from '../model/blueprint.ts';
import type { Config } from '../model/config.ts';
import type { Deviation } from '../model/deviation.ts';
import type { BlueprintGoal, Goal } from '../model/goal.ts';
import type { Issue } from '../model/issue.ts';
import type { Milestone } from '../model/milestone.ts';
import type { Scenario } from '../model/scenario.ts';
import type { Located, Location, Position } from '../model/source.ts';
import type { Task } from '../model/task.ts';
import type { Documents, TaskReports } from './documents.ts';
import type { Entry } from './entry.ts';
import { groupBy } from './group.ts';
import type { Index } from './index.ts';
import type { Layout } from './layout.ts';
import type { MappingView } from './mapping.ts';
import { type Named, type SymbolKind, SymbolTable, type SymbolUse } from './symbols.ts';

/** A file's value with the file that it comes from. */
export interface Filed<T> {
  readonly file: string;
  readonly value: T;
}

/** The workspace at one moment. It never changes; `Project.snapshot` makes the next one. */
export interface Snapshot {
  /** Grows by one with each change. */
  readonly version: number;
  readonly config: Config;
  /** `infrabuilder.yaml`, or undefined where the defaults hold. */
  readonly configFile: string | undefined;
  readonly layout: Layout;
  /** Sorted by file. A file that breaks the task format is not among them; its issues say why. */
  readonly tasks: readonly Task[];
  /** Undefined where there is no `blueprint_tasks.yaml`, or one that cannot be understood. */
  readonly mapping: MappingView | undefined;
  /** The configured goals, or the default ones; also those that do not apply. */
  readonly goals: readonly Goal[];
  readonly blueprint: Filed<Blueprint> | undefined;
  readonly blueprintGoals: readonly Located<BlueprintGoal>[];
  readonly scenarios: readonly Filed<Scenario>[];
  readonly milestones: readonly Milestone[];
  readonly deviations: readonly Filed<Deviation>[];
  readonly documents: Documents;
  /** In the order of `compareIssues`. */
  readonly issues: readonly Issue[];
  /** The task with this slug; of several the first by file. */
  task(slug: string): Task | undefined;
  tasksWithSlug(slug: string): readonly Task[];
  goal(id: string): Goal | undefined;
  scenario(name: string): Filed<Scenario> | undefined;
  reports(slug: string): TaskReports;
  /** The parsed file with its text and ranges; undefined for a file that the workspace does not read. */
  source(file: string): Entry<unknown> | undefined;
  definitions(symbol: Named): readonly Location[];
  /** All places that name the symbol, its definitions left out. */
  references(symbol: Named): readonly Location[];
  /** What the text at a position names. */
  symbolAt(file: string, position: Position): SymbolUse | undefined;
  /** Names that a symbol of this kind can have here, sorted. */
  symbolNames(kind: SymbolKind): readonly string[];
}

/** Takes a picture of the index. The entries in it are shared, since they never change. */
export function takeSnapshot(index: Index, version: number, issues: readonly Issue[]): Snapshot {
  const tasks = index.sortedTasks();
  const { config, configEntry, mappingEntry, mapping, blueprint, documents, layout } = index;
  const scenarios = sorted(index.scenarios);
  const deviations = sorted(index.deviations);
  const sources = { configEntry, mappingEntry, mapping, blueprint, scenarios, deviations, tasks };
  let table: SymbolTable | undefined;
  const symbols = () => {
    table ??= new SymbolTable(config, sources);
    return table;
  };
  let bySlug: Map<string, Task[]> | undefined;
  const valid = tasks.flatMap((entry) => entry.task ?? []);
  const withSlug = (slug: string) => {
    bySlug ??= groupBy(valid, (task) => task.slug);
    return bySlug.get(slug) ?? [];
  };
  const filedScenarios = filed(scenarios);
  return Object.freeze<Snapshot>({
    version,
    config,
    configFile: configEntry?.file,
    layout,
    tasks: valid,
    mapping,
    goals: config.goals,
    blueprint: blueprint?.parsed.value && { file: blueprint.file, value: blueprint.parsed.value },
    blueprintGoals: blueprint?.parsed.value?.goals ?? [],
    scenarios: filedScenarios,
    milestones: config.milestones,
    deviations: filed(deviations),
    documents,
    issues,
    task: (slug) => withSlug(slug)[0],
    tasksWithSlug: withSlug,
    goal: (id) => config.goals.find((goal) => goal.id === id),
    scenario: (name) => filedScenarios.find(({ value }) => value.name === name),
    reports: (slug) => documents.reports.get(slug) ?? {},
    source: (file) => symbols().entry(file),
    definitions: (symbol) => symbols().places(symbol, 'definition'),
    references: (symbol) => symbols().places(symbol, 'reference'),
    symbolAt: (file, position) => symbols().at(file, position),
    symbolNames: (kind) => symbols().names(kind),
  });
}

function sorted<T>(entries: ReadonlyMap<string, Entry<T>>): Entry<T>[] {
  return [...entries.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
}

function filed<T>(entries: readonly Entry<T>[]): Filed<T>[] {
  return entries.flatMap(({ file, parsed: { value } }) => (value === undefined ? [] : [{ file, value }]));
}
