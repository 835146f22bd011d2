import type { Blueprint } from '../model/blueprint.ts';
import type { Config, ConfigFile } from '../model/config.ts';
import { withDefaults } from '../model/defaults.ts';
import type { Deviation } from '../model/deviation.ts';
import type { Issue } from '../model/issue.ts';
import type { Scenario } from '../model/scenario.ts';
import type { Documents, EvidenceNames } from './documents.ts';
import type { Entry, TaskEntry } from './entry.ts';
import { CONFIG_FILES, createLayout, type Layout, stemOf } from './layout.ts';
import type { MappingView } from './mapping.ts';

const NO_DOCUMENTS: Documents = {
  blueprint: undefined,
  runbook: undefined,
  changelog: undefined,
  adrs: [],
  reports: new Map(),
};

/** Everything that was read, with the maps that make one look-up out of each cross check. Changed in place. */
export class Index {
  configEntry: Entry<ConfigFile> | undefined;
  config: Config = withDefaults(undefined);
  layout: Layout = createLayout(this.config);
  mappingEntry: MappingView['entry'] | undefined;
  mapping: MappingView | undefined;
  blueprint: Entry<Blueprint> | undefined;
  /** All files that could be the blueprint, the chosen one first. */
  blueprintCandidates: readonly string[] = [];
  documents: Documents = NO_DOCUMENTS;
  evidence: EvidenceNames = { exists: false, lastEvent: new Map() };
  /** Task files that lie directly in `tasks/`. */
  strayTasks: readonly string[] = [];
  strayFolders: readonly string[] = [];
  readonly scenarios = new Map<string, Entry<Scenario>>();
  readonly deviations = new Map<string, Entry<Deviation>>();
  /** By path: what could not be read. */
  readonly unreadable = new Map<string, Issue>();
  readonly tasks = new Map<string, TaskEntry>();
  /** Sorted by file; more than one only where something is wrong. */
  readonly tasksBySlug = new Map<string, TaskEntry[]>();
  /** Tasks by the slugs they name in `depends_on`. */
  readonly dependents = new Map<string, Set<TaskEntry>>();
  /** Tasks whose file is not named by their slug, by the name that it has. */
  readonly misnamed = new Map<string, Set<TaskEntry>>();
  /** The slugs in use that are equal when case does not count. */
  readonly spellings = new Map<string, Set<string>>();
  /** Files of tasks whose cross checks must run again; `all` when something they share has changed. */
  readonly touched = new Set<string>();
  /** Slugs whose entries in the mapping must be checked again. */
  readonly touchedSlugs = new Set<string>();
  allTouched = true;
  slugsChanged = true;
  dependenciesChanged = true;
  #sorted: readonly TaskEntry[] | undefined;
  #goalIds: ReadonlySet<string> | undefined;
  #scenarioFiles: ReadonlyMap<string, readonly Entry<Scenario>[]> | undefined;

  /** True where a configuration is there but could not be understood: then nobody knows which goals exist. */
  get configBroken(): boolean {
    if (CONFIG_FILES.some((file) => this.unreadable.has(file))) return true;
    return this.configEntry !== undefined && this.configEntry.parsed.value === undefined;
  }

  /** All goals that may be named: the configured ones, also when switched off, and those of the blueprint. */
  goalIds(): ReadonlySet<string> {
    this.#goalIds ??= new Set([
      ...this.config.goals.map((goal) => goal.id),
      ...(this.blueprint?.parsed.value?.goals ?? []).map((goal) => goal.value.id),
    ]);
    return this.#goalIds;
  }

  /** Scenario files by their own name and by the names of the scenarios inside them. */
  scenarioFiles(): ReadonlyMap<string, readonly Entry<Scenario>[]> {
    this.#scenarioFiles ??= byName(this.scenarios.values());
    return this.#scenarioFiles;
  }

  /** To be called when anything but a task has changed. */
  sharedChanged(): void {
    this.#goalIds = undefined;
    this.#scenarioFiles = undefined;
    this.allTouched = true;
  }

  /** Sorted by file. A new list for each change of a task, so that snapshots can share it. */
  sortedTasks(): readonly TaskEntry[] {
    this.#sorted ??= [...this.tasks.values()].sort(byFile);
    return this.#sorted;
  }

  /** All files that were parsed. */
  *entries(): Iterable<Entry<unknown>> {
    if (this.configEntry !== undefined) yield this.configEntry;
    if (this.mappingEntry !== undefined) yield this.mappingEntry;
    if (this.blueprint !== undefined) yield this.blueprint;
    yield* this.scenarios.values();
    yield* this.deviations.values();
    yield* this.tasks.values();
  }

  /** To be called when the checks have run. */
  takeMarks(): void {
    this.touched.clear();
    this.touchedSlugs.clear();
    this.allTouched = this.slugsChanged = this.dependenciesChanged = false;
  }

  setConfig(entry: Entry<ConfigFile> | undefined): void {
    this.configEntry = entry;
    this.config = withDefaults(entry?.parsed.value);
    this.layout = createLayout(this.config);
    this.sharedChanged();
  }

  setTask(file: string, entry: TaskEntry | undefined): void {
    const before = this.tasks.get(file);
    this.#sorted = undefined;
    if (before !== undefined) this.#unlink(before);
    if (entry === undefined) this.tasks.delete(file);
    else this.tasks.set(file, entry);
    if (entry !== undefined) this.#link(entry);
    if (before?.slug !== entry?.slug) this.slugsChanged = true;
    if (dependenciesOf(before) !== dependenciesOf(entry)) this.dependenciesChanged = true;
    if (this.allTouched) return;
    this.touched.add(file);
    for (const slug of new Set([before?.slug, entry?.slug, stemOf(file)])) if (slug !== undefined) this.#touch(slug);
  }

  /** Everything that a check of another task looks up under this slug. */
  #touch(slug: string): void {
    this.touchedSlugs.add(slug);
    for (const spelling of this.spellings.get(slug.toLowerCase()) ?? [slug]) {
      for (const { file } of this.tasksBySlug.get(spelling) ?? []) this.touched.add(file);
    }
    for (const { file } of this.dependents.get(slug) ?? []) this.touched.add(file);
    for (const { file } of this.misnamed.get(slug) ?? []) this.touched.add(file);
  }

  #link(entry: TaskEntry): void {
    const same = this.tasksBySlug.get(entry.slug);
    if (same === undefined) this.tasksBySlug.set(entry.slug, [entry]);
    else same.splice(same.findLastIndex((other) => other.file < entry.file) + 1, 0, entry);
    addTo(this.spellings, entry.slug.toLowerCase(), entry.slug);
    for (const slug of entry.task?.dependsOn ?? []) addTo(this.dependents, slug, entry);
    if (entry.stem !== entry.slug) addTo(this.misnamed, entry.stem, entry);
  }

  #unlink(entry: TaskEntry): void {
    const same = (this.tasksBySlug.get(entry.slug) ?? []).filter((one) => one !== entry);
    if (same.length > 0) this.tasksBySlug.set(entry.slug, same);
    else {
      this.tasksBySlug.delete(entry.slug);
      takeFrom(this.spellings, entry.slug.toLowerCase(), entry.slug);
    }
    for (const slug of entry.task?.dependsOn ?? []) takeFrom(this.dependents, slug, entry);
    if (entry.stem !== entry.slug) takeFrom(this.misnamed, entry.stem, entry);
  }
}

function addTo<T>(sets: Map<string, Set<T>>, key: string, item: T): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([item]));
  else set.add(item);
}

function takeFrom<T>(sets: Map<string, Set<T>>, key: string, item: T): void {
  const set = sets.get(key);
  set?.delete(item);
  if (set?.size === 0) sets.delete(key);
}

/** What a task adds to the graph of dependencies. */
function dependenciesOf(entry: TaskEntry | undefined): string {
  return entry === undefined ? '' : [entry.slug, ...(entry.task?.dependsOn ?? [])].join(' ');
}

function byFile(a: TaskEntry, b: TaskEntry): number {
  return a.file < b.file ? -1 : 1;
}

function byName(entries: Iterable<Entry<Scenario>>): ReadonlyMap<string, readonly Entry<Scenario>[]> {
  const found = new Map<string, Entry<Scenario>[]>();
  for (const entry of entries) {
    const { value } = entry.parsed;
    const names = value === undefined ? [stemOf(entry.file)] : [value.name, ...value.scenarios.map((one) => one.name)];
    for (const name of new Set(names)) found.set(name, [...(found.get(name) ?? []), entry]);
  }
  return found;
}
