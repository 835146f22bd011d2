import { z } from 'zod';
import { errorMessage, HumanError } from '../base/errors.ts';
import type { Files, WorkTree } from '../ports.ts';

/** Several changes that stand or fall together. */
export const JOURNAL_FOLDER = '.infrabuilder/journal';

const changeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('write'),
    path: z.string().min(1),
    /** Null where there was no file. */
    before: z.string().nullable(),
    after: z.string(),
  }),
  z.object({ kind: z.literal('move'), from: z.string().min(1), to: z.string().min(1) }),
]);
const journalSchema = z.object({ version: z.literal(1), title: z.string(), changes: z.array(changeSchema) });

export type Change = z.infer<typeof changeSchema>;
type Journal = z.infer<typeof journalSchema>;

export interface TransactionPorts {
  readonly files: Files;
  readonly tree: Pick<WorkTree, 'move'>;
}

export interface Recovery {
  /** What the changes were for: `complete topn_sampler`. */
  readonly title: string;
  readonly outcome: 'finished' | 'undone';
  readonly message: string;
}

/**
 * Makes all changes, or none that stays. A journal says what is under way; who finds one after a crash finishes it, or undoes
 * it where somebody has changed a file meanwhile. Throws HumanError `transaction.undone` in that case.
 */
export async function commitChanges(
  ports: TransactionPorts,
  name: string,
  title: string,
  changes: readonly Change[],
): Promise<void> {
  const path = `${JOURNAL_FOLDER}/${name}.json`;
  const journal: Journal = { version: 1, title, changes: [...changes] };
  await ports.files.write(path, `${JSON.stringify(journal, undefined, 1)}\n`, { expected: null });
  const { outcome, message } = await settle(ports, path, journal);
  if (outcome === 'undone') throw new HumanError('transaction.undone', message, 'Look at the file, then try again.');
}

/** Settles what a crash has left; nothing where there is nothing. A journal with a path that is not allowed is dropped. */
export async function recoverChanges(
  ports: TransactionPorts,
  allowed: (path: string) => boolean,
): Promise<readonly Recovery[]> {
  const found: Recovery[] = [];
  for (const { name, kind } of await ports.files.list(JOURNAL_FOLDER)) {
    const path = `${JOURNAL_FOLDER}/${name}`;
    if (kind !== 'file' || !name.endsWith('.json')) continue;
    const text = await ports.files.read(path).catch(() => undefined);
    if (text === undefined) continue;
    const journal = readJournal(text);
    // The journal is written in one step, before any change: one that cannot be read belongs to no change of ours.
    if (journal === undefined || !journal.changes.flatMap(pathsOf).every(allowed)) await ports.files.remove(path);
    else found.push(await settle(ports, path, journal));
  }
  return found;
}

function pathsOf(change: Change): string[] {
  return change.kind === 'move' ? [change.from, change.to] : [change.path];
}

function readJournal(text: string): Journal | undefined {
  try {
    return journalSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function settle(ports: TransactionPorts, path: string, journal: Journal): Promise<Recovery> {
  const { title, changes } = journal;
  let problem: string | undefined;
  for (const change of changes) {
    problem = await apply(ports, change);
    if (problem !== undefined) break;
  }
  if (problem !== undefined) for (const change of [...changes].reverse()) await undo(ports, change);
  await ports.files.remove(path);
  if (problem === undefined) return { title, outcome: 'finished', message: `${title}: finished.` };
  return { title, outcome: 'undone', message: `${title}: undone, because ${problem}` };
}

/** Says what is in the way; undefined where the change is made, or was made before. */
async function apply({ files, tree }: TransactionPorts, change: Change): Promise<string | undefined> {
  if (change.kind === 'move') {
    const [from, to] = await Promise.all([files.stat(change.from), files.stat(change.to)]);
    if (from === undefined) return to === undefined ? `${change.from} is gone.` : undefined;
    if (to !== undefined) return `${change.to} exists already.`;
    try {
      await tree.move(change.from, change.to);
    } catch (error) {
      // Another process may have settled the same journal between look and move.
      const moved = (await files.stat(change.from)) === undefined && (await files.stat(change.to)) !== undefined;
      if (!moved) return errorMessage(error);
    }
    return undefined;
  }
  const now = await files.read(change.path);
  if (now === change.after) return undefined;
  if ((now ?? null) !== change.before) return `${change.path} was changed by somebody else.`;
  try {
    await files.write(change.path, change.after, { expected: change.before });
  } catch (error) {
    if (!(error instanceof HumanError)) throw error;
    if ((await files.read(change.path)) !== change.after) return errorMessage(error);
  }
  return undefined;
}

/** Takes back what is still as this transaction left it. */
async function undo({ files, tree }: TransactionPorts, change: Change): Promise<void> {
  if (change.kind === 'move') {
    const [from, to] = await Promise.all([files.stat(change.from), files.stat(change.to)]);
    if (from === undefined && to !== undefined) await tree.move(change.to, change.from);
    return;
  }
  if ((await files.read(change.path)) !== change.after) return;
  if (change.before === null) await files.remove(change.path);
  else await files.write(change.path, change.before, { expected: change.after });
}
