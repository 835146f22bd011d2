import {
  chmodSync,
  closeSync,
  cpSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { makeFolders } from '../folders.ts';
import { fileStateSchema, isSameState, stateOf } from './state.ts';

const entrySchema = z.object({
  /** Relative to the workspace root. */
  path: z.string(),
  was: fileStateSchema,
  now: fileStateSchema,
  /** Absolute path of the new file; null where the path is to be empty. */
  from: z.string().nullable(),
});
export type SwapEntry = z.infer<typeof entrySchema>;

const JOURNAL = 'journal.json';
const RENAME_TRIES = 5;
const RENAME_PAUSE_MS = 100;
/** Another program, such as an editor or a scanner on Windows, has the file open for a moment. */
const BUSY = new Set(['EPERM', 'EBUSY', 'EACCES']);

/** Keeps the old files, then writes the journal in one step: from here on a crash is repaired. */
export function prepareSwap(root: string, folder: string, entries: readonly SwapEntry[]): void {
  entries.forEach(({ path, was }, index) => {
    if (was !== null && was !== 'blocked') copy(join(root, path), old(folder, index));
  });
  const draft = join(folder, `${JOURNAL}.tmp`);
  writeFileSync(draft, JSON.stringify(entries));
  const handle = openSync(draft, 'r+');
  fsyncSync(handle);
  closeSync(handle);
  renameSync(draft, join(folder, JOURNAL));
}

/** Undefined where nothing is under way. */
export function readSwap(folder: string): SwapEntry[] | undefined {
  try {
    return z.array(entrySchema).parse(JSON.parse(readFileSync(join(folder, JOURNAL), 'utf8')));
  } catch {
    return undefined;
  }
}

export type SwapOutcome =
  | { readonly kind: 'swapped' }
  /** Somebody has changed these since; all others are what they were. */
  | { readonly kind: 'foreign'; readonly files: readonly string[] }
  /** The system refused; all files are what they were. */
  | { readonly kind: 'failed'; readonly path: string; readonly error: unknown };

/** Puts the new files in place of the old ones, or all back, from wherever an earlier attempt got to. */
export async function runSwap(root: string, folder: string, entries: readonly SwapEntry[]): Promise<SwapOutcome> {
  // What goes makes room for what comes: a file may become a folder.
  const order = entries.map((entry, index) => ({ entry, index }));
  order.sort((a, b) => Number(a.entry.now !== null) - Number(b.entry.now !== null));
  for (const { entry } of order) {
    const at = placeOf(root, entry);
    if (at === 'new') continue;
    if (at === 'foreign') return { kind: 'foreign', files: await undo(root, folder, order) };
    try {
      if (entry.from === null) remove(root, entry.path);
      else await put(entry.from, root, entry);
    } catch (error) {
      await undo(root, folder, order);
      return { kind: 'failed', path: entry.path, error };
    }
  }
  return { kind: 'swapped' };
}

async function undo(
  root: string,
  folder: string,
  order: readonly { readonly entry: SwapEntry; readonly index: number }[],
): Promise<string[]> {
  const foreign: string[] = [];
  for (const { entry, index } of [...order].reverse()) {
    const at = placeOf(root, entry);
    if (at === 'foreign') foreign.push(entry.path);
    if (at !== 'new') continue;
    if (entry.was === null) remove(root, entry.path);
    else await put(old(folder, index), root, entry);
  }
  return foreign.sort();
}

function placeOf(root: string, { path, was, now }: SwapEntry): 'old' | 'new' | 'foreign' {
  const state = stateOf(root, path);
  if (isSameState(state, now)) return 'new';
  return isSameState(state, was) ? 'old' : 'foreign';
}

/** A neighbour first, then one rename: a reader sees the old file or the new one. */
async function put(from: string, root: string, { path }: SwapEntry): Promise<void> {
  const target = join(root, path);
  makeFolders(dirname(target));
  removeEmptyFolder(target);
  const neighbour = join(dirname(target), `.${process.pid}.infrabuilder.tmp`);
  copy(from, neighbour);
  keepMode(target, neighbour);
  try {
    await rename(neighbour, target);
  } finally {
    rmSync(neighbour, { force: true });
  }
}

async function rename(from: string, to: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      if (tries >= RENAME_TRIES || !BUSY.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      await sleep(RENAME_PAUSE_MS);
    }
  }
}

/** Who else may read and write it is the person's choice; whether it can be executed comes with the file. */
function keepMode(target: string, neighbour: string): void {
  const before = lstatSync(target, { throwIfNoEntry: false });
  const after = lstatSync(neighbour);
  if (before?.isFile() !== true || !after.isFile()) return;
  const readers = before.mode & 0o444;
  const runners = (after.mode & 0o100) === 0 ? 0 : readers >> 2;
  chmodSync(neighbour, (before.mode & 0o666) | runners);
}

/** Folders that are empty then go too, as git does it. */
function remove(root: string, path: string): void {
  rmSync(join(root, path), { force: true });
  for (let folder = dirname(join(root, path)); folder.startsWith(root + sep); folder = dirname(folder)) {
    if (!removeEmptyFolder(folder)) return;
  }
}

function removeEmptyFolder(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { force: true, verbatimSymlinks: true });
}

function old(folder: string, index: number): string {
  return join(folder, 'old', String(index));
}
