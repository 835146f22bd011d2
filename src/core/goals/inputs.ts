import { posix } from 'node:path';
import type { InputGroup } from '../evidence/inputs.ts';
import type { Check } from '../model/check.ts';
import type { Config, Paths } from '../model/config.ts';
import { MAPPING_FILES } from '../project/layout.ts';

/** Tests and prose change neither what the subject does at run time nor what it documents. */
const NOT_RUNTIME = /_test\.go$|\.(?:test|spec)\.[cm]?[jt]sx?$|(?:^|\/)(?:test_[^/]*|[^/]*_test)\.py$|\.md$/i;
const PROTO = /\.proto$|(?:^|\/)buf(?:\.work|\.gen)?\.(?:yaml|lock)$/;

/** What `report final` writes, at the workspace root. */
export const FINAL_RESULTS = 'final_validation_results.json';

/** Groups of files that results depend on, by the configured folders. Equal names mean equal groups. */
export class Inputs {
  readonly #paths: Paths;
  readonly #outputs: readonly string[];

  constructor({ paths, checks }: Pick<Config, 'paths' | 'checks'>) {
    this.#paths = mapValues(paths, clean);
    const replays = Object.values(checks).flatMap(({ replay }) =>
      replay === undefined ? [] : [replay.corpus, replay.out],
    );
    this.#outputs = [
      '.infrabuilder',
      posix.join(this.#paths.e2e, 'results'),
      '_bench.txt',
      FINAL_RESULTS,
      ...replays,
    ].map(clean);
  }

  /** Folders that a listing must cover. */
  get roots(): readonly string[] {
    return ['.', ...new Set(Object.values(this.#paths))];
  }

  /** Folders that no result depends on; thousands of evidence files need not be listed. */
  get without(): readonly string[] {
    return ['.infrabuilder', ...[this.#paths.reports].filter((path) => path !== '.')];
  }

  get source(): InputGroup {
    return this.folder(this.#paths.source);
  }

  /** The source without tests and prose. */
  get runtime(): InputGroup {
    const { name, matches } = this.source;
    return { name: `${name} without tests and prose`, matches: (path) => matches(path) && !NOT_RUNTIME.test(path) };
  }

  get protos(): InputGroup {
    const { name, matches } = this.source;
    return { name: `${name}: .proto files`, matches: (path) => matches(path) && PROTO.test(path) };
  }

  get testbed(): InputGroup {
    return this.folder(this.#paths.testbed);
  }

  /** What scenarios run on, without the scenarios themselves. */
  get e2e(): InputGroup {
    const { name, matches } = this.folder(this.#paths.e2e);
    const scenarios = posix.join(this.#paths.e2e, 'scenarios');
    return { name: `${name} without scenarios`, matches: (path) => matches(path) && !isBelow(path, scenarios) };
  }

  get docs(): InputGroup {
    return this.folder(this.#paths.docs);
  }

  get doneTasks(): InputGroup {
    return this.folder(posix.join(this.#paths.tasks, 'done'));
  }

  file(path: string): InputGroup {
    const file = clean(path);
    return { name: file, matches: (candidate) => candidate === file };
  }

  /**
   * The workspace root stands for all that none of the other configured folders holds, without the state of tasks: else
   * the step that completes a task would make the evidence stale that it stands on.
   */
  folder(path: string): InputGroup {
    const folder = clean(path);
    const others = Object.values(this.#paths).filter((other) => other !== folder);
    const state = [...MAPPING_FILES, ...[this.#paths.tasks, this.#paths.reports].filter((other) => other !== '.')];
    return {
      name: folder,
      matches: (candidate) => {
        if (this.#isOutput(candidate)) return false;
        if (folder !== '.') return isBelow(candidate, folder);
        return ![...others, ...state].some((other) => other !== '.' && isBelow(candidate, other));
      },
    };
  }

  /** As the check declares; else its folder, and for the testbed the source too, because it drives it. */
  ofCheck({ inputs, cwd, run, baseline }: Pick<Check, 'inputs' | 'cwd' | 'run' | 'baseline'>): InputGroup[] {
    if (inputs !== undefined) return inputs.map((path) => this.#declared(path));
    const folder = clean(cwd);
    const groups = [this.#around(folder)];
    const isInSource = isBelow(folder, this.#paths.source) && this.#paths.source !== '.';
    if (!isInSource && this.#around(folder).name !== this.#paths.source) groups.push(this.source);
    if (folder === '.') groups.push(this.testbed, this.e2e);
    const script = posix.join(folder, run[0] ?? '');
    if (/[\\/]/.test(run[0] ?? '') && !groups.some(({ matches }) => matches(script))) groups.push(this.file(script));
    if (baseline !== undefined) groups.push(this.file(baseline));
    return uniqueByName(groups);
  }

  /** The configured folder that holds `folder`, since packages depend on their neighbours. */
  #around(folder: string): InputGroup {
    const { source, testbed, e2e } = this.#paths;
    const holder = [source, testbed, e2e].filter((path) => path !== '.' && isBelow(folder, path));
    return this.folder(holder.sort((a, b) => b.length - a.length)[0] ?? '.');
  }

  #declared(path: string): InputGroup {
    const name = clean(path);
    if (name === '.') return this.folder('.');
    return { name, matches: (candidate) => !this.#isOutput(candidate) && isBelow(candidate, name) };
  }

  #isOutput(path: string): boolean {
    return this.#outputs.some((output) => isBelow(path, output));
  }
}

export function uniqueByName(groups: readonly InputGroup[]): InputGroup[] {
  return [...new Map(groups.map((group) => [group.name, group])).values()];
}

function isBelow(path: string, folder: string): boolean {
  return folder === '.' || path === folder || path.startsWith(`${folder}/`);
}

function clean(path: string): string {
  return posix.normalize(path.replaceAll('\\', '/')).replace(/(?<=.)\/$/, '');
}

function mapValues<K extends string>(
  record: Readonly<Record<K, string>>,
  change: (value: string) => string,
): Record<K, string> {
  return Object.fromEntries(Object.entries<string>(record).map(([key, value]) => [key, change(value)])) as Record<
    K,
    string
  >;
}
