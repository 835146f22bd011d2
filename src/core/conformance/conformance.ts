import { posix } from 'node:path';
import { sha256 } from '../base/digest.ts';
import { CancelledError, errorMessage, throwIfCancelled } from '../base/errors.ts';
import type { ConformanceFile } from '../model/conformance.ts';
import { hasErrors, type Issue } from '../model/issue.ts';
import { FILE_START } from '../model/source.ts';
import type { Clock, Files, SyntaxTrees } from '../ports.ts';
import { loadFacts, saveFacts } from './cache.ts';
import { citationProblem } from './citations.ts';
import { Context } from './context.ts';
import type { Granted } from './exceptions.ts';
import type { FileFacts } from './facts.ts';
import { matchesGlob } from './glob.ts';
import { judge } from './judge.ts';
import { readManifests } from './manifests.ts';
import { makePlan, type Plan } from './plan.ts';
import { FactReader } from './read.ts';
import type { ConformanceReport } from './report.ts';
import { RulesDocument } from './rulesDocument.ts';
import { type ModuleScope, moduleScope } from './scope.ts';
import { folderOf, Sources } from './sources.ts';
import { planTrespass, type Trespass } from './trespass.ts';
import { isManifest, isSource, joined, walk } from './walk.ts';

export interface ConformanceOptions {
  readonly files: Files;
  readonly trees: SyntaxTrees;
  readonly clock: Clock;
  /** Folder of the source repository (`paths.source`); globs are relative to it. `.` is the workspace root. */
  readonly source: string;
  /** Default: conformance.yaml. */
  readonly rulesFile?: string;
  /** All deviations of the workspace; the scan picks those that are approved and have not expired. */
  readonly deviations?: () => Promise<readonly Granted[]>;
}

export interface ScanOptions {
  readonly signal?: AbortSignal;
  /** Workspace paths that changed since the last scan of this object; without it every file is read again. */
  readonly changed?: readonly string[];
  /** Reads nothing from the cache on disk. A gate asks for this: whoever can edit the work tree can edit a cache. */
  readonly fresh?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface Conformance {
  scan(options?: ScanOptions): Promise<ConformanceReport>;
  /**
   * What code of a module may import, and the rules that concern it, as of the last scan; scans where there was none.
   * `module` is a component or a folder. Throws HumanError for one that no component holds.
   */
  scopeOf(module: string, options?: ScanOptions): Promise<ModuleScope>;
  /** A new file that breaks a rule, for who must know that rules are kept. Undefined where no rule can be broken so. */
  trespass(options?: ScanOptions): Promise<Trespass | undefined>;
  dispose(): void;
}

export const RULES_FILE = 'conformance.yaml';
/** Files that are read and hashed at once. */
const BATCH = 32;

export function createConformance(options: ConformanceOptions): Conformance {
  return new Scanner(options);
}

interface State {
  readonly document: RulesDocument;
  readonly plan: Plan;
  readonly reader: FactReader;
  readonly facts: Map<string, FileFacts>;
  readonly manifests: Map<string, string>;
  readonly links: readonly string[];
  readonly walkIssues: readonly Issue[];
  /** Files that could not be read, by path. */
  readonly unreadable: Map<string, Issue>;
}

class Scanner implements Conformance {
  readonly #options: ConformanceOptions;
  readonly #source: string;
  readonly #rulesFile: string;
  #document: RulesDocument | undefined;
  #state: State | undefined;
  #context: Context | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: ConformanceOptions) {
    this.#options = options;
    this.#source = options.source === '.' ? '' : options.source.replace(/^\.\//, '').replace(/\/$/, '');
    this.#rulesFile = options.rulesFile ?? RULES_FILE;
  }

  /** Scans run one after another. */
  scan(options: ScanOptions = {}): Promise<ConformanceReport> {
    const next = this.#queue.then(() => this.#scan(options));
    this.#queue = next.catch(() => undefined);
    return next;
  }

  async scopeOf(module: string, options: ScanOptions = {}): Promise<ModuleScope> {
    if (this.#context === undefined) await this.scan(options);
    const own = module.replace(/^\.\/|\/+$/g, '');
    const prefix = `${this.#source}/`;
    return moduleScope(this.#context, this.#source !== '' && own.startsWith(prefix) ? own.slice(prefix.length) : own);
  }

  async trespass(options: ScanOptions = {}): Promise<Trespass | undefined> {
    if (this.#context === undefined) await this.scan(options);
    return this.#context && planTrespass(this.#context);
  }

  dispose(): void {
    this.#forget();
  }

  async #scan(options: ScanOptions): Promise<ConformanceReport> {
    const { clock, files } = this.#options;
    const started = clock.monotonic();
    const finish = (
      part: Omit<ConformanceReport, 'rulesFile' | 'baselineFile' | 'milliseconds'>,
    ): ConformanceReport => ({
      ...part,
      rulesFile: this.#rulesFile,
      baselineFile: this.#document?.parsed.value?.baseline,
      milliseconds: clock.monotonic() - started,
    });
    const nothing = { files: 0, read: 0, rules: [], violations: [], accepted: [] };
    const text = await files.read(this.#rulesFile);
    if (text === undefined) {
      const message = `There is no ${this.#rulesFile}. Draft one by "infrabuilder conformance init".`;
      const issue: Issue = {
        code: 'conformance.no-rules',
        severity: 'error',
        message,
        file: this.#rulesFile,
        range: FILE_START,
      };
      return finish({ ...nothing, verdict: 'not-run', reason: message, issues: [issue] });
    }
    if (this.#document?.text !== text) {
      this.#document = new RulesDocument(this.#rulesFile, text);
      this.#context = undefined;
    }
    const document = this.#document;
    const rules = document.parsed.value;
    if (rules === undefined || hasErrors(document.parsed.issues)) {
      const reason = `${this.#rulesFile} is not valid.`;
      return finish({ ...nothing, verdict: 'error', reason, issues: document.parsed.issues });
    }
    const { state, read } = await this.#read(rules, document, options);
    const manifests = readManifests(state.manifests);
    const sources = new Sources(new Map([...state.facts].sort(([a], [b]) => (a < b ? -1 : 1))), manifests, state.links);
    const context = new Context(rules, document, this.#source, sources, state.plan);
    this.#context = context;
    const issues = [
      ...document.parsed.issues,
      ...state.walkIssues,
      ...state.unreadable.values(),
      ...(await this.#citations(rules, document)),
      ...this.#missingModule(sources),
    ];
    const baseline = rules.baseline && { file: rules.baseline, text: await files.read(rules.baseline) };
    const deviations = (await this.#options.deviations?.()) ?? [];
    const today = clock.now().toISOString().slice(0, 10);
    const judgement = await judge(context, { baseline: baseline || undefined, deviations, today }, issues);
    throwIfCancelled(options.signal);
    return finish({ ...judgement, files: sources.files.size, read });
  }

  async #read(
    rules: ConformanceFile,
    document: RulesDocument,
    options: ScanOptions,
  ): Promise<{ state: State; read: number }> {
    const known = this.#state;
    if (known?.document === document && options.changed !== undefined) {
      const read = await this.#update(known, options.changed);
      if (read !== undefined) return { state: known, read };
    }
    const plan = await makePlan(rules, document, this.#options.trees);
    const inMemory = known?.plan.key === plan.key ? known.facts : undefined;
    this.#forget();
    const before = options.fresh === true ? new Map() : (inMemory ?? (await loadFacts(this.#options.files, plan.key)));
    return this.#readAll(rules, document, plan, before, options);
  }

  async #readAll(
    rules: ConformanceFile,
    document: RulesDocument,
    plan: Plan,
    before: ReadonlyMap<string, FileFacts>,
    { signal, onProgress }: ScanOptions,
  ): Promise<{ state: State; read: number }> {
    const { files } = this.#options;
    const walked = await walk(files, this.#source, rules.ignore, signal);
    const state: State = {
      document,
      plan,
      reader: new FactReader(this.#options.trees, plan),
      facts: new Map(),
      manifests: new Map(),
      links: walked.links,
      walkIssues: [...walked.issues, ...this.#uselessIgnores(rules, walked.ignored)],
      unreadable: new Map(),
    };
    this.#state = state;
    for (const path of walked.manifests) await this.#readManifest(state, path);
    let read = 0;
    try {
      for (let at = 0; at < walked.files.length; at += BATCH) {
        throwIfCancelled(signal);
        onProgress?.(at, walked.files.length);
        const batch = walked.files.slice(at, at + BATCH);
        const results = await Promise.all(batch.map((path) => this.#readFile(state, path, before.get(path))));
        read += results.filter((parsed) => parsed).length;
      }
    } catch (error) {
      this.#forget();
      throw error;
    }
    onProgress?.(walked.files.length, walked.files.length);
    if (read > 0 || before.size !== state.facts.size) await saveFacts(files, plan.key, state.facts);
    return { state, read };
  }

  /** Takes over single changes; undefined where only a full walk can tell. */
  async #update(state: State, changed: readonly string[]): Promise<number | undefined> {
    const prefix = this.#source === '' ? '' : `${this.#source}/`;
    let read = 0;
    for (const path of changed.filter((one) => one.startsWith(prefix))) {
      const own = await this.#listedName(state, path.slice(prefix.length));
      if (isManifest(posix.basename(own))) await this.#readManifest(state, own);
      else if (isSource(own)) {
        const ignored = state.document.parsed.value?.ignore.some((glob) => matchesGlob(glob, own));
        if (ignored !== true && (await this.#readFile(state, own, state.facts.get(own)))) read++;
      } else if (await this.#isFolder(state, own)) return undefined;
    }
    return read;
  }

  /** A disk that ignores case may report a change under another spelling than the folder lists. */
  async #listedName(state: State, own: string): Promise<string> {
    if (state.facts.has(own)) return own;
    const entries = await this.#options.files.list(joined(this.#source, folderOf(own)));
    const name = posix.basename(own);
    if (entries.some((entry) => entry.name === name)) return own;
    const folded = own.toLowerCase();
    return [...state.facts.keys()].find((path) => path.toLowerCase() === folded) ?? own;
  }

  async #isFolder(state: State, own: string): Promise<boolean> {
    if ([...state.facts.keys()].some((path) => path.startsWith(`${own}/`))) return true;
    return (await this.#options.files.stat(joined(this.#source, own)))?.kind === 'folder';
  }

  /** True where the file was parsed, and not known already. */
  async #readFile(state: State, path: string, known: FileFacts | undefined): Promise<boolean> {
    const { files } = this.#options;
    const full = joined(this.#source, path);
    state.unreadable.delete(path);
    try {
      const bytes = await files.readBytes(full);
      if (bytes === undefined) {
        state.facts.delete(path);
        return false;
      }
      const digest = await sha256(bytes);
      if (known?.digest === digest) {
        state.facts.set(path, known);
        return false;
      }
      state.facts.set(path, await state.reader.read(path, bytes, digest));
      return true;
    } catch (error) {
      if (error instanceof CancelledError) throw error;
      state.facts.delete(path);
      state.unreadable.set(path, unreadable(full, error));
      return false;
    }
  }

  async #readManifest(state: State, path: string): Promise<void> {
    const full = joined(this.#source, path);
    state.unreadable.delete(path);
    state.manifests.delete(path);
    try {
      const text = await this.#options.files.read(full);
      if (text !== undefined) state.manifests.set(path, text);
    } catch (error) {
      state.unreadable.set(path, unreadable(full, error));
    }
  }

  #uselessIgnores(rules: ConformanceFile, used: ReadonlySet<string>): Issue[] {
    return rules.ignore.flatMap((glob, index) => {
      if (used.has(glob)) return [];
      const range = this.#document?.locate(['ignore', index]) ?? FILE_START;
      const message = `"${glob}" ignores nothing. Mend or remove it.`;
      return [{ code: 'conformance.useless-ignore', severity: 'error', message, file: this.#rulesFile, range }];
    });
  }

  async #citations(rules: ConformanceFile, document: RulesDocument): Promise<Issue[]> {
    const issues: Issue[] = [];
    for (const [index, rule] of rules.rules.entries()) {
      const problem = rule.why === undefined ? undefined : await citationProblem(this.#options.files, rule.why);
      if (problem === undefined) continue;
      const message = `Rule "${rule.id}" cites what is not there: ${problem}.`;
      issues.push(
        document.issue('conformance.dead-citation', 'error', message, document.locate(['rules', index, 'why'])),
      );
    }
    return issues;
  }

  /** Without its module's path no import of Go can be told from somebody else's. */
  #missingModule(sources: Sources): Issue[] {
    const first = [...sources.files].find(([, facts]) => facts.language === 'go')?.[0];
    if (first === undefined || sources.manifests.go.length > 0) return [];
    const message =
      'There is no go.mod here, so imports of own packages cannot be told from others. Run "go mod init".';
    return [
      {
        code: 'conformance.no-module',
        severity: 'error',
        message,
        file: joined(this.#source, first),
        range: FILE_START,
      },
    ];
  }

  #forget(): void {
    this.#state?.reader.dispose();
    this.#state?.plan.dispose();
    this.#state = undefined;
  }
}

function unreadable(file: string, error: unknown): Issue {
  const message = `This file cannot be read: ${errorMessage(error)}`;
  return { code: 'conformance.unreadable', severity: 'error', message, file, range: FILE_START };
}
