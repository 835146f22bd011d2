import { HumanError } from '../base/errors.ts';
import type { Paths } from '../model/config.ts';
import { FILE_START, type Location } from '../model/source.ts';
import type { TaskStatus } from '../model/task.ts';
import { parseBlueprint } from '../parse/blueprint.ts';
import { parseConfig } from '../parse/config.ts';
import { parseDeviation } from '../parse/deviation.ts';
import { parseMapping } from '../parse/mapping.ts';
import type { Parsed } from '../parse/parsed.ts';
import { parseScenario } from '../parse/scenario.ts';
import type { Files } from '../ports.ts';
import { findBlueprints, findDocuments, findEvidence, findStrayFolders, findStrayTasks } from './discover.ts';
import { type Entry, readTask } from './entry.ts';
import { Index } from './index.ts';
import { CONFIG_FILES, type FileRole, folderOf, MAPPING_FILES, ROOT, roleOf } from './layout.ts';
import { isFileProblem, Listing, unreadable } from './listing.ts';
import { viewMapping } from './mapping.ts';

/** Open reads at once: enough to keep a slow disk busy, few enough for any limit on open files. */
const READS_AT_ONCE = 32;
/** Files after which others on this thread get their turn. */
const FILES_PER_TURN = 400;

const DOCUMENTS = new Set<FileRole['kind'] | undefined>(['markdown', 'adr', 'report', 'stray-task', 'evidence']);

/** What may have changed since the last load. */
export interface Changes {
  /** All of it, as at the first load. */
  readonly everything: boolean;
  readonly paths: ReadonlySet<string>;
}

/** Brings an index up to date with the files, reading only what may have changed. */
export class Loader {
  readonly index = new Index();
  readonly #files: Files;
  readonly #overlays: ReadonlyMap<string, string>;
  readonly #listing: Listing;

  constructor(files: Files, overlays: ReadonlyMap<string, string>) {
    this.#files = files;
    this.#overlays = overlays;
    this.#listing = new Listing(files, overlays);
  }

  async load({ everything, paths }: Changes): Promise<void> {
    const dirty = new Set(paths);
    if (everything) await this.#listFolder(ROOT, dirty);
    else await this.#look(paths, dirty);
    const layout = this.index.layout.key;
    await this.#loadConfig(dirty);
    const moved = this.index.layout.key !== layout;
    if (everything || moved) {
      if (moved) this.#forgetAll();
      for (const folder of this.index.layout.folders.keys()) await this.#listFolder(folder, dirty);
    }
    await this.#loadMapping(dirty);
    await this.#loadDocuments(dirty, everything || moved);
    await this.#loadMany(dirty);
  }

  /** Looks which of the changed paths still exist; a changed folder stands for all that is in it. */
  async #look(paths: ReadonlySet<string>, dirty: Set<string>): Promise<void> {
    const folders = new Set<string>();
    for (const path of paths) {
      for (const folder of this.index.layout.folders.keys()) {
        if (folder === path || folder.startsWith(`${path}/`) || path === ROOT) folders.add(folder);
      }
      if (roleOf(this.index.layout, path) === undefined) continue;
      if (!(await this.#listing.readFile(path))) folders.add(folderOf(path));
    }
    for (const folder of folders) await this.#listFolder(folder, dirty);
  }

  async #listFolder(folder: string, dirty: Set<string>): Promise<void> {
    this.index.unreadable.delete(folder);
    try {
      for (const path of await this.#listing.readFolder(folder)) dirty.add(path);
    } catch (error) {
      if (!isFileProblem(error)) throw error;
      const isSaid = [...this.index.unreadable.keys()].some((outer) => folder.startsWith(`${outer}/`));
      if (!isSaid) this.index.unreadable.set(folder, unreadable(folder, error, this.#whereNamed(folder)));
    }
  }

  /** Where the configuration names a folder, so that the complaint stands where it can be mended. */
  #whereNamed(folder: string): Location {
    const { configEntry, layout } = this.index;
    const key: keyof Paths | undefined = layout.folders.get(folder)?.find((one) => one.key !== undefined)?.key;
    if (configEntry === undefined || key === undefined) return { file: folder, range: FILE_START };
    return { file: configEntry.file, range: configEntry.parsed.locate(['paths', key]) };
  }

  #forgetAll(): void {
    const { index } = this;
    for (const file of [...index.tasks.keys()]) index.setTask(file, undefined);
    index.scenarios.clear();
    index.deviations.clear();
    const kept = new Set<string>([...CONFIG_FILES, ...MAPPING_FILES]);
    for (const path of [...index.unreadable.keys()]) if (!kept.has(path)) index.unreadable.delete(path);
    this.#listing.forget();
  }

  async #loadConfig(dirty: ReadonlySet<string>): Promise<void> {
    if (!CONFIG_FILES.some((file) => dirty.has(file))) return;
    const { index } = this;
    const entry = await this.#readFirst(CONFIG_FILES, parseConfig, index.configEntry);
    if (entry !== index.configEntry) index.setConfig(entry);
  }

  async #loadMapping(dirty: ReadonlySet<string>): Promise<void> {
    if (!MAPPING_FILES.some((file) => dirty.has(file))) return;
    const { index } = this;
    const entry = await this.#readFirst(MAPPING_FILES, parseMapping, index.mappingEntry);
    if (entry === index.mappingEntry) return;
    index.mappingEntry = entry;
    index.mapping = entry && viewMapping(entry);
    index.sharedChanged();
  }

  async #readFirst<T>(
    files: readonly string[],
    parse: (text: string, file: string) => Parsed<T>,
    before: Entry<T> | undefined,
  ): Promise<Entry<T> | undefined> {
    for (const file of files) this.index.unreadable.delete(file);
    const file = files.find((candidate) => this.#listing.kind(candidate) !== undefined);
    return file === undefined ? undefined : this.#readEntry(file, parse, before);
  }

  /** What lies beside the YAML files; only the blueprint is read. */
  async #loadDocuments(dirty: ReadonlySet<string>, all: boolean): Promise<void> {
    const { index } = this;
    const { layout } = index;
    index.strayFolders = findStrayFolders(layout, this.#listing);
    if (!all && ![...dirty].some((path) => DOCUMENTS.has(roleOf(layout, path)?.kind))) return;
    const previous = index.documents.blueprint;
    index.blueprintCandidates = findBlueprints(layout, this.#listing);
    const [file] = index.blueprintCandidates;
    index.documents = findDocuments(layout, this.#listing, file);
    index.strayTasks = findStrayTasks(layout, this.#listing);
    index.evidence = findEvidence(layout, this.#listing);
    const before = index.blueprint;
    if (previous === file && (file === undefined || !dirty.has(file))) return;
    if (previous !== undefined) index.unreadable.delete(previous);
    index.blueprint = file === undefined ? undefined : await this.#readEntry(file, parseBlueprint, before);
    if (index.blueprint !== before) index.sharedChanged();
  }

  async #loadMany(dirty: ReadonlySet<string>): Promise<void> {
    const queue = [...dirty].values();
    let sincePause = 0;
    const work = async () => {
      for (const path of queue) {
        await this.#loadOne(path);
        if (++sincePause % FILES_PER_TURN === 0) await new Promise((resolve) => setTimeout(resolve));
      }
    };
    await Promise.all(Array.from({ length: READS_AT_ONCE }, work));
  }

  async #loadOne(path: string): Promise<void> {
    const { index } = this;
    const role = roleOf(index.layout, path);
    if (role?.kind === 'task') return this.#loadTask(path, role.status);
    if (role?.kind === 'scenario') return this.#loadInto(index.scenarios, path, parseScenario);
    if (role?.kind === 'deviation') return this.#loadInto(index.deviations, path, parseDeviation);
  }

  async #loadTask(path: string, status: TaskStatus): Promise<void> {
    const before = this.index.tasks.get(path);
    const text = await this.#readText(path);
    if (text === undefined) {
      if (before !== undefined) this.index.setTask(path, undefined);
    } else if (text !== before?.text) this.index.setTask(path, readTask(path, text, status));
  }

  async #loadInto<T>(
    entries: Map<string, Entry<T>>,
    path: string,
    parse: (text: string, file: string) => Parsed<T>,
  ): Promise<void> {
    const before = entries.get(path);
    const entry = await this.#readEntry(path, parse, before);
    if (entry === before) return;
    if (entry === undefined) entries.delete(path);
    else entries.set(path, entry);
    this.index.sharedChanged();
  }

  /** The same entry as before where the text is the same. */
  async #readEntry<T>(
    file: string,
    parse: (text: string, file: string) => Parsed<T>,
    before: Entry<T> | undefined,
  ): Promise<Entry<T> | undefined> {
    const text = await this.#readText(file);
    if (text === undefined) return undefined;
    return before?.file === file && before.text === text ? before : { file, text, parsed: parse(text, file) };
  }

  /** Undefined where there is no such file, and where it cannot be read: then an issue says why. */
  async #readText(path: string): Promise<string | undefined> {
    const { unreadable: failed } = this.index;
    failed.delete(path);
    const kind = this.#listing.kind(path);
    if (kind === undefined) return undefined;
    const overlay = this.#overlays.get(path);
    if (overlay !== undefined) return overlay;
    try {
      const isSpecial = kind === 'other' || (kind === 'link' && (await this.#files.stat(path))?.kind === 'other');
      if (isSpecial) throw new HumanError('file.special', `${path} is not a regular file.`, 'Remove it.');
      return await this.#files.read(path);
    } catch (error) {
      if (!isFileProblem(error)) throw error;
      failed.set(path, unreadable(path, error));
      return undefined;
    }
  }
}
