import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EnvironmentError, errorMessage } from '../../core/base/errors.ts';
import { type Debt, debtSchema } from './debt.ts';
import { identify, isAlive, type ProcessIdentity } from './identity.ts';
import { settle, sweep } from './settle.ts';

const SUFFIX = '.journal.jsonl';

const lineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run'), run: z.string(), owner: z.object({ pid: z.int(), start: z.string() }) }),
  z.object({ type: z.literal('owed'), id: z.int(), debt: debtSchema }),
  z.object({ type: z.literal('settled'), id: z.int() }),
]);

export interface OpenDebt {
  readonly id: number;
  readonly debt: Debt;
}

/** What one repair did. `failures` are sentences for a person. */
export interface Repair {
  readonly run: string;
  /** `in-use`: the process that wrote the journal still runs; nothing was touched. */
  readonly state: 'in-use' | 'repaired' | 'failed';
  readonly settled: readonly Debt[];
  readonly strays: number;
  readonly failures: readonly string[];
}

/** The list of debts of one run, on disk before they are taken: `kill -9` of the runner loses none. */
export class Journal {
  readonly run: string;
  readonly file: string;
  readonly #fd: number;
  readonly #open = new Map<number, Debt>();
  #next = 1;
  #closed = false;

  private constructor(run: string, file: string, owner: ProcessIdentity) {
    this.run = run;
    this.file = file;
    try {
      this.#fd = openSync(file, 'wx');
    } catch (error) {
      throw new EnvironmentError(
        'e2e.cannot-journal',
        `Cannot write ${file}: ${errorMessage(error)}.`,
        'A run needs a writable folder.',
      );
    }
    this.#write({ type: 'run', run, owner });
  }

  /** Starts the journal of `run` in `folder`, which is made. */
  static async create(folder: string, run: string): Promise<Journal> {
    mkdirSync(folder, { recursive: true });
    const owner = await identify(process.pid);
    return new Journal(run, join(folder, run + SUFFIX), owner ?? { pid: process.pid, start: '' });
  }

  get open(): readonly OpenDebt[] {
    return [...this.#open].map(([id, debt]) => ({ id, debt }));
  }

  /** Writes a debt down, before the thing is taken wherever its name is known by then. Returns its number. */
  owe(debt: Debt): number {
    const id = this.#next++;
    this.#write({ type: 'owed', id, debt });
    this.#open.set(id, debt);
    return id;
  }

  /** Gives one thing back. Throws when that fails; the debt stays open then. */
  async settle(id: number): Promise<void> {
    const debt = this.#open.get(id);
    if (debt === undefined) return;
    await settle(debt, this.run);
    this.forgive(id);
  }

  /** Strikes a debt that ended by itself, such as a process that was seen to exit with its group. */
  forgive(id: number): void {
    if (this.#open.delete(id)) this.#write({ type: 'settled', id });
  }

  /** Gives everything back, the latest first, ends strays and removes the file when nothing is left. Never throws. */
  async close(): Promise<Repair> {
    const repair = await settleAll(this.run, this.open, (id) => this.forgive(id));
    if (!this.#closed) closeSync(this.#fd);
    this.#closed = true;
    if (repair.failures.length === 0) rmSync(this.file, { force: true });
    return repair;
  }

  #write(line: z.infer<typeof lineSchema>): void {
    if (this.#closed) return;
    writeSync(this.#fd, `${JSON.stringify(line)}\n`);
    fsyncSync(this.#fd);
  }
}

/** Repairs what crashed runs left in `folder`; runs whose owner still lives are left alone. */
export async function resolveAll(folder: string): Promise<Repair[]> {
  const names = (await readdir(folder).catch(() => [] as string[])).filter((name) => name.endsWith(SUFFIX)).sort();
  const repairs: Repair[] = [];
  for (const name of names) {
    const file = join(folder, name);
    const { run, owner, open } = readJournal(await readFile(file, 'utf8'), name.slice(0, -SUFFIX.length));
    if (owner !== undefined && (await isAlive(owner))) {
      repairs.push({ run, state: 'in-use', settled: [], strays: 0, failures: [] });
      continue;
    }
    const repair = await settleAll(run, open, () => undefined);
    if (repair.failures.length === 0) rmSync(file, { force: true });
    repairs.push(repair);
  }
  return repairs;
}

/** Reads a journal's text. A torn or foreign line is passed over: what it would have taken was not taken yet. */
export function readJournal(
  text: string,
  name: string,
): { run: string; owner: ProcessIdentity | undefined; open: OpenDebt[] } {
  let run = name;
  let owner: ProcessIdentity | undefined;
  const open = new Map<number, Debt>();
  for (const line of text.split('\n')) {
    const parsed = lineSchema.safeParse(parseJson(line));
    if (!parsed.success) continue;
    const entry = parsed.data;
    if (entry.type === 'run') ({ run, owner } = entry);
    else if (entry.type === 'owed') open.set(entry.id, entry.debt);
    else open.delete(entry.id);
  }
  return { run, owner, open: [...open].map(([id, debt]) => ({ id, debt })) };
}

async function settleAll(run: string, open: readonly OpenDebt[], done: (id: number) => void): Promise<Repair> {
  const settled: Debt[] = [];
  const failures: string[] = [];
  for (const { id, debt } of [...open].reverse()) {
    try {
      await settle(debt, run);
      settled.push(debt);
      done(id);
    } catch (error) {
      failures.push(errorMessage(error));
    }
  }
  const strays = await sweep(run).catch((error: unknown) => {
    failures.push(errorMessage(error));
    return 0;
  });
  return { run, state: failures.length > 0 ? 'failed' : 'repaired', settled, strays, failures };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
