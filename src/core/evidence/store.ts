import {
  type Output,
  PREDICATE_TYPES,
  type Reference,
  type Resource,
  runName,
  STATEMENT_TYPE,
  type StatementOf,
} from '../model/evidence.ts';
import type { Issue } from '../model/issue.ts';
import type { ChangedFile, Clock, Files, WorkTree } from '../ports.ts';
import { type Chain, linkChain } from './chain.ts';
import { type Entry, type EvidenceFile, evidenceIssue, readEntry } from './entry.ts';
import { sealedText } from './seal.ts';

/** This machine's own memory of what it has written; it may be deleted like any cache. */
const WITNESSES = '.infrabuilder/evidence';
/** Bytes. A longer log stays where it is, and only its digest is kept. */
const LONGEST_KEPT = 4 * 1024 * 1024;
const NAME = /^[^.].*\.json$/;
const WITNESS = /^(.+)\.([0-9a-f]{64})$/;

type Kind = keyof typeof PREDICATE_TYPES;
type Common = 'run' | 'engine' | 'started' | 'written' | 'previous' | 'seal' | 'outputs';

export interface Draft<K extends Kind> {
  readonly kind: K;
  /** Ends up in the file's name: `check-lint`. */
  readonly label: string;
  readonly startedAt: Date;
  /** What it is about; evidence is fresh as long as all of these are the same. */
  readonly subject: readonly Resource[];
  readonly predicate: Omit<StatementOf<K>['predicate'], Common>;
  /** Files with raw output, as paths relative to the workspace root. They are copied beside the evidence where short. */
  readonly raw?: readonly { readonly name: string; readonly path: string; readonly copy: boolean }[];
}

/** All evidence of a workspace at one moment. */
export interface Ledger extends Chain {
  /** The newest trusted evidence on a step; several where none of them knew of the others. */
  newest(step: string): readonly MeasuredEntry[];
  /** All trusted evidence on a step, oldest first. */
  history(step: string): readonly MeasuredEntry[];
}

export type MeasuredEntry = Entry & { readonly statement: StatementOf<'measurement'> };

export interface PreparedEvidence {
  /** Relative to the workspace root; there is no such file yet. */
  readonly path: string;
  readonly text: string;
  readonly entry: Entry;
}

export interface Evidence {
  /** Folder of the files, relative to the workspace root. */
  readonly folder: string;
  /** Reads all files anew and looks for what was changed, removed or renamed. */
  load(): Promise<Ledger>;
  /** Writes one file, never changing another, and returns it. Appends of this process run one after another. */
  append<K extends Kind>(draft: Draft<K>): Promise<Entry>;
  /** What `append` would write, for a caller that writes it together with other files. */
  prepare<K extends Kind>(draft: Draft<K>): Promise<PreparedEvidence>;
  /** Problems with the raw output that an entry refers to: changed, or gone although it was to be kept. */
  checkOutputs(entry: Entry): Promise<readonly Issue[]>;
}

export interface EvidenceOptions {
  readonly files: Files;
  readonly clock: Pick<Clock, 'now'>;
  readonly tree: Pick<WorkTree, 'changedSinceCommit' | 'everCommitted'>;
  /** `paths.reports`. */
  readonly reports: string;
  readonly engineVersion: string;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
}

export function createEvidence(options: EvidenceOptions): Evidence {
  return new Store(options);
}

class Store implements Evidence {
  readonly folder: string;
  readonly #options: EvidenceOptions;
  #queue: Promise<unknown> = Promise.resolve();
  /** As of the last load: appending reads only what was written since. */
  #known: Map<string, EvidenceFile> | undefined;
  #outside: readonly Issue[] = [];

  constructor(options: EvidenceOptions) {
    this.#options = options;
    this.folder = options.reports === '.' ? 'evidence' : `${options.reports}/evidence`;
  }

  async load(): Promise<Ledger> {
    const [witnesses, changed] = await Promise.all([
      this.#witnesses(),
      this.#options.tree.changedSinceCommit(this.folder),
    ]);
    this.#known = new Map();
    const files = await this.#read(this.#known, witnesses);
    this.#outside = await this.#outsideView(files, witnesses, changed);
    const chain = linkChain(files, this.#outside);
    await this.#remember(chain, witnesses);
    return ledger(chain);
  }

  /** What git and this machine's memory know better than the files themselves. */
  async #outsideView(
    files: readonly EvidenceFile[],
    witnesses: ReadonlyMap<string, string>,
    changed: readonly ChangedFile[],
  ): Promise<Issue[]> {
    const issues = new Map<string, Issue>();
    const add = (code: string, path: string, message: string) =>
      issues.set(path, evidenceIssue(code, 'error', message, path));
    const broken = new Set(files.filter(({ issue }) => issue !== undefined).map(({ path }) => path));
    for (const { path, change } of changed) {
      if (!this.#isEvidence(path) || broken.has(path)) continue;
      if (change === 'gone') add('evidence.removed', path, 'It was committed and is gone. Restore it.');
      else add('evidence.edited', path, 'It differs from what was committed. It counts for nothing. Restore it.');
    }
    const byRun = new Map(files.map((file) => [file.run, file]));
    const lost: string[] = [];
    for (const [run, digest] of witnesses) {
      const file = byRun.get(run);
      const path = `${this.folder}/${run}.json`;
      if (issues.has(path) || broken.has(path)) continue;
      if (file === undefined) lost.push(run);
      else if (file.sha256 !== digest) {
        add('evidence.edited', path, 'It differs from what this machine has seen. It counts for nothing. Restore it.');
      }
    }
    const committed = lost.length === 0 ? new Set<string>() : await this.#options.tree.everCommitted(this.folder);
    for (const run of lost) {
      const path = `${this.folder}/${run}.json`;
      // On another branch it is where it belongs.
      if (committed.has(path)) await this.#options.files.remove(`${WITNESSES}/${run}.${witnesses.get(run)}`);
      else add('evidence.removed', path, 'This machine has seen it; it was never committed, and is gone. Restore it.');
    }
    return [...issues.values()];
  }

  /** A cache: where it cannot be written, the next load is slower and knows less. */
  async #remember(chain: Chain, witnesses: ReadonlyMap<string, string>): Promise<void> {
    for (const { run, sha256 } of chain.entries) {
      if (witnesses.has(run)) continue;
      await this.#options.files.write(`${WITNESSES}/${run}.${sha256}`, '').catch(() => undefined);
    }
  }

  append<K extends Kind>(draft: Draft<K>): Promise<Entry> {
    const next = this.#queue.then(() => this.#append(draft));
    this.#queue = next.catch(() => undefined);
    return next;
  }

  async checkOutputs(entry: Entry): Promise<readonly Issue[]> {
    const { predicate } = entry.statement;
    const found: Issue[] = [];
    for (const { path, digest, kept } of 'outputs' in predicate ? predicate.outputs : []) {
      const now = await this.#options.files.digest(path).catch(() => undefined);
      if (now === undefined && kept) {
        found.push(
          evidenceIssue('evidence.log-gone', 'error', `Its raw output ${path} is gone. Restore it.`, entry.path),
        );
      } else if (now !== undefined && now.sha256 !== digest.sha256) {
        const message = `Its raw output ${path} was changed after it was written. Restore it.`;
        found.push(evidenceIssue('evidence.log-edited', 'error', message, entry.path));
      }
    }
    return found;
  }

  async #append<K extends Kind>(draft: Draft<K>): Promise<Entry> {
    const { files } = this.#options;
    const { path, text, entry } = await this.prepare(draft);
    await files.write(path, text, { expected: null });
    await files.write(`${WITNESSES}/${entry.run}.${entry.sha256}`, '');
    return entry;
  }

  async prepare<K extends Kind>(draft: Draft<K>): Promise<PreparedEvidence> {
    const { clock, engineVersion, redact } = this.#options;
    const nonce = Array.from(crypto.getRandomValues(new Uint8Array(4)), (b) => b.toString(16).padStart(2, '0')).join(
      '',
    );
    const heads = await this.#heads();
    const written = clock.now();
    const run = runName(written, draft.label, nonce);
    const outputs = draft.raw === undefined ? undefined : await this.#keep(run, draft.raw);
    const statement = {
      _type: STATEMENT_TYPE,
      subject: draft.subject,
      predicateType: PREDICATE_TYPES[draft.kind],
      predicate: {
        run,
        engine: engineVersion,
        started: draft.startedAt.toISOString(),
        written: written.toISOString(),
        ...draft.predicate,
        ...(draft.kind === 'measurement' ? { outputs: outputs ?? [] } : {}),
        previous: heads,
      },
    };
    const clean: unknown = JSON.parse(redact(JSON.stringify(statement)));
    const text = await sealedText(clean as Parameters<typeof sealedText>[0]);
    const path = `${this.folder}/${run}.json`;
    const file = await readEntry(path, text);
    if (file.statement === undefined) throw new Error(`Evidence that cannot be read back: ${file.issue?.message}`);
    return { path, text, entry: file as Entry };
  }

  async #heads(): Promise<readonly Reference[]> {
    if (this.#known === undefined) return (await this.load()).heads;
    return linkChain(await this.#read(this.#known, new Map()), this.#outside).heads;
  }

  /**
   * Copies short raw output beside the evidence, so that it is committed with it. Throws where output is there and cannot
   * be read: evidence that leaves it out would say less than was measured.
   */
  async #keep(run: string, raw: NonNullable<Draft<'measurement'>['raw']>): Promise<Output[]> {
    const { files } = this.#options;
    const outputs: Output[] = [];
    for (const { name, path, copy } of raw) {
      const found = await files.digest(path);
      if (found === undefined) continue;
      const text = copy && found.bytes <= LONGEST_KEPT ? await files.read(path).catch(() => undefined) : undefined;
      const kept = text !== undefined;
      const place = kept ? `${this.folder}/${run}/${name}` : path;
      if (kept) await files.write(place, text);
      outputs.push({ name, path: place, bytes: found.bytes, digest: { sha256: found.sha256 }, kept });
    }
    return outputs;
  }

  /** Files that are in `known` are not read again; the others are added to it. */
  async #read(known: Map<string, EvidenceFile>, witnesses: ReadonlyMap<string, string>): Promise<EvidenceFile[]> {
    const { files } = this.#options;
    const names = (await files.list(this.folder)).filter(({ name, kind }) => kind === 'file' && NAME.test(name));
    // All at once: digests are computed on other threads, and waiting for each in turn is what would take the time.
    const found = await Promise.all(
      names.map(async ({ name }) => {
        const path = `${this.folder}/${name}`;
        const text = known.has(name) ? undefined : await files.read(path).catch(() => '');
        if (text === undefined) return known.get(name);
        return readEntry(path, text, witnesses.get(name.slice(0, -'.json'.length)));
      }),
    );
    const there = found.filter((file) => file !== undefined);
    for (const file of there) known.set(`${file.run}.json`, file);
    return there;
  }

  async #witnesses(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const { name } of await this.#options.files.list(WITNESSES)) {
      const [, run, digest] = WITNESS.exec(name) ?? [];
      if (run !== undefined && digest !== undefined) found.set(run, digest);
    }
    return found;
  }

  #isEvidence(path: string): boolean {
    const name = path.slice(this.folder.length + 1);
    return !name.includes('/') && NAME.test(name);
  }
}

function ledger(chain: Chain): Ledger {
  const steps = new Map<string, MeasuredEntry[]>();
  for (const entry of chain.entries) {
    if (entry.statement.predicateType !== PREDICATE_TYPES.measurement) continue;
    const measured = entry as MeasuredEntry;
    const list = steps.get(measured.statement.predicate.step);
    if (list === undefined) steps.set(measured.statement.predicate.step, [measured]);
    else list.push(measured);
  }
  const history = (step: string) => steps.get(step) ?? [];
  return {
    ...chain,
    history,
    newest(step) {
      const all = history(step);
      return all.filter((entry, at) => !all.slice(at + 1).some((later) => chain.follows(later, entry)));
    },
  };
}

export function referenceTo({ run, sha256 }: EvidenceFile): Reference {
  return { run, sha256 };
}
