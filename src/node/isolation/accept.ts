import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EnvironmentError, errorMessage } from '../../core/base/errors.ts';
import type { AcceptOutcome } from '../../core/ports.ts';
import { benchRoot } from './checkout.ts';
import { matchBytes } from './exact.ts';
import { branchOf, keepBase, type Note, type RunPart, readNotes } from './ledger.ts';
import { inWorkspace, skipper, topOf } from './parts.ts';
import { git } from './program.ts';
import { type FileState, stateOf } from './state.ts';
import { prepareSwap, readSwap, runSwap, type SwapEntry } from './swap.ts';
import { compareTrees, copyIndex, lines, readTree, stageAll, type TreeChange, type TreeEntry } from './tree.ts';
import { partsAt } from './workbench.ts';

/** Relative to the workspace root: what an accept that is under way needs, one folder for each run. */
const ACCEPT_FOLDER = '.infrabuilder/accept';

/** Brings the last step of a run into the person's tree: all files, or none where one is in conflict. */
export async function acceptRun(root: string, note: Note): Promise<AcceptOutcome> {
  const folder = join(acceptFolder(root), note.run);
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  mkdirSync(folder, { recursive: true });
  try {
    const tips = await partsAt(root, note, `refs/heads/${branchOf(note)}`);
    const plans = [];
    for (const part of note.parts)
      plans.push(await planPart(root, note, part, tips.get(part.folder) ?? part.base, folder));
    const conflicts = plans.flatMap((plan) => plan.conflicts).sort();
    if (conflicts.length > 0) return { kind: 'conflict', files: conflicts };
    const outcome = await applyPlans(
      root,
      folder,
      plans.flatMap((plan) => plan.entries),
    );
    if (outcome.kind === 'conflict') return outcome;
    for (const part of note.parts) await keepBase(topOf(part, root), note.run, part);
    return { kind: 'accepted', files: plans.flatMap((plan) => plan.files).sort() };
  } finally {
    // What fails on the way keeps its journal: the next command finishes or undoes it.
    if (readSwap(folder) === undefined) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * Finishes or undoes what a crash has left half accepted. Journals count only for runs that git knows: a folder can come
 * with a repository that somebody else made. With `act` false it only tells whether there is anything to do.
 */
export async function settleAccepts(root: string, act = true): Promise<boolean> {
  const folder = acceptFolder(root);
  const left = existsSync(folder) ? readdirSync(folder) : [];
  if (!act || left.length === 0) return left.length > 0;
  const notes = new Map((await readNotes(root)).map((note) => [note.run, note]));
  for (const run of left) {
    const note = notes.get(run);
    const entries = readSwap(join(folder, run));
    if (note !== undefined && entries !== undefined) {
      const own = await pathsOf(root, note);
      if (entries.every(({ path }) => own.has(path))) await runSwap(root, join(folder, run), entries);
    }
    await rm(join(folder, run), { recursive: true, force: true, maxRetries: 3 });
  }
  return true;
}

interface Plan {
  /** Every file that the run changed. */
  readonly files: readonly string[];
  readonly entries: readonly SwapEntry[];
  readonly conflicts: readonly string[];
}

async function planPart(root: string, note: Note, part: RunPart, tip: string, folder: string): Promise<Plan> {
  const top = topOf(part, root);
  const changes = (await compareTrees(top, part.base, tip, part.prefix)).flatMap((change) => {
    const path = inWorkspace(part, change.path);
    return path === undefined ? [] : [{ path, change }];
  });
  const before = new Map(changes.map(({ path }) => [path, stateOf(root, path)] as const));
  const now = await presentEntries(
    top,
    part,
    note,
    folder,
    changes.map(({ change }) => change.path),
  );
  const open: { readonly path: string; readonly change: TreeChange; readonly was: FileState }[] = [];
  const conflicts: string[] = [];
  for (const { path, change } of changes) {
    const was = before.get(path) ?? null;
    const there = now.get(change.path);
    // A file that git ignores there is the person's all the same.
    const isHidden = there === undefined && before.get(path) !== null;
    if (isSame(there, change.after) && !isHidden) continue;
    if (was === 'blocked' || isHidden || !isSame(there, change.before)) conflicts.push(path);
    else open.push({ path, change, was });
  }
  const staged = join(folder, `new-${note.parts.indexOf(part)}`);
  const written = open.filter(({ change }) => change.after !== undefined).map(({ change }) => change.path);
  await writeFiles(top, tip, written, staged, join(folder, 'index-new'));
  const after = open.flatMap(({ change }) =>
    change.after === undefined ? [] : [[change.path, change.after] as const],
  );
  await matchBytes(staged, topOf(part, benchRoot(root, note)), new Map(after));
  const entries = open.map(({ path, change, was }) => ({
    path,
    was,
    now: change.after === undefined ? null : stateOf(staged, change.path),
    from: change.after === undefined ? null : join(staged, change.path),
  }));
  return { files: changes.map(({ path }) => path), entries, conflicts };
}

async function applyPlans(root: string, folder: string, entries: readonly SwapEntry[]): Promise<AcceptOutcome> {
  if (entries.length === 0) return { kind: 'accepted', files: [] };
  prepareSwap(root, folder, entries);
  const outcome = await runSwap(root, folder, entries);
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  if (outcome.kind === 'foreign') return { kind: 'conflict', files: outcome.files };
  if (outcome.kind === 'swapped') return { kind: 'accepted', files: [] };
  const message = `${outcome.path} could not be written, so nothing was taken over: ${errorMessage(outcome.error)}`;
  throw new EnvironmentError(
    'isolation.write',
    message,
    'Check the owner and mode of it and its folder, then accept again.',
  );
}

/** The files as git would commit them now, in the person's tree. */
async function presentEntries(
  top: string,
  part: RunPart,
  note: Note,
  folder: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, TreeEntry>> {
  if (paths.length === 0) return new Map();
  const index = join(folder, `index-${note.parts.indexOf(part)}`);
  await copyIndex(top, index);
  return readTree(top, await stageAll(top, { index, skip: skipper(part, note.parts) }), paths);
}

/** Files of a commit as a checkout in the person's tree would write them. */
async function writeFiles(
  top: string,
  commit: string,
  paths: readonly string[],
  to: string,
  index: string,
): Promise<void> {
  if (paths.length === 0) return;
  mkdirSync(to, { recursive: true });
  const env = { GIT_INDEX_FILE: index };
  await git(top, ['read-tree', commit], { env });
  await git(top, ['checkout-index', '-z', '--stdin', `--prefix=${to}/`], { env, input: lines(paths) });
}

async function pathsOf(root: string, note: Note): Promise<ReadonlySet<string>> {
  const tips = await partsAt(root, note, `refs/heads/${branchOf(note)}`);
  const found = new Set<string>();
  for (const part of note.parts) {
    const changes = await compareTrees(topOf(part, root), part.base, tips.get(part.folder) ?? part.base, part.prefix);
    for (const change of changes) found.add(inWorkspace(part, change.path) ?? '');
  }
  return found;
}

function acceptFolder(root: string): string {
  return join(root, ...ACCEPT_FOLDER.split('/'));
}

function isSame(a: TreeEntry | undefined, b: TreeEntry | undefined): boolean {
  return a?.blob === b?.blob && a?.mode === b?.mode;
}
