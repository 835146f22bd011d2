import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { HumanError } from '../../core/base/errors.ts';
import type { IsolatedRun } from '../../core/ports.ts';
import { isHeld, LOCK_FOLDER } from '../locks.ts';
import { git, gitText, tryGit } from './program.ts';

/** Relative to the workspace root: one folder for each run. */
export const RUNS_FOLDER = '.infrabuilder/runs';
/** Of this work tree alone: two work trees of one repository do not see each other's runs. */
const NOTES = 'refs/worktree/infrabuilder';
/** Keeps the first commit of an accepted run for tasks that were opened on it. */
const KEPT = 'refs/infrabuilder/accepted';

const noteSchema = z.object({
  version: z.literal(1),
  run: z.string(),
  task: z.string(),
  begun: z.iso.datetime(),
  /** The workspace within its repository. */
  prefix: z.string(),
  /** Every repository of the run: where it is, and the commit that the run began with. */
  parts: z
    .array(
      z.object({
        folder: z.string(),
        prefix: z.string(),
        base: z.string().regex(/^[0-9a-f]{40,64}$/),
        made: z.boolean(),
      }),
    )
    .min(1),
});
/** What git keeps about a run, beside its branch. `made`: the base is a commit of ours, not one of the person's. */
export type Note = z.infer<typeof noteSchema>;
export type RunPart = Note['parts'][number];

export function branchOf({ task, run }: Pick<Note, 'task' | 'run'>): string {
  return `infrabuilder/${task}/${run}`;
}

export function runFolder(root: string, run: string): string {
  return join(root, ...RUNS_FOLDER.split('/'), run);
}

/** The copy of the workspace's repository. */
export function copyFolder(root: string, run: string): string {
  return join(runFolder(root, run), 'tree');
}

/** The name of the lock that whoever works in a run holds. */
export function lockOf(run: string): string {
  return `run-${run}`;
}

export function baseOf(note: Note): string {
  return note.parts[0]?.base ?? '';
}

/** Writes branch and note at once. Throws where either is there. */
export async function writeNote(root: string, note: Note): Promise<void> {
  const base = baseOf(note);
  const tree = await gitText(root, ['rev-parse', `${base}^{tree}`]);
  const message = JSON.stringify(note);
  const commit = await gitText(root, ['commit-tree', tree, '-p', base], { input: message });
  const input = `create refs/heads/${branchOf(note)} ${base}\ncreate ${NOTES}/${note.run} ${commit}\n`;
  await git(root, ['update-ref', '--stdin'], { input });
}

/** HumanError `isolation.unknown-run`. */
export async function readNote(root: string, run: string): Promise<Note> {
  const notes = await readNotes(root);
  const found = notes.find((note) => note.run === run);
  if (found !== undefined) return found;
  const known = notes.map((note) => note.run).join(', ');
  const hint = known === '' ? 'There is no run here.' : `Runs: ${known}.`;
  throw new HumanError('isolation.unknown-run', `There is no run ${run}, or it was discarded.`, hint);
}

/** Notes of all runs of this workspace whose branch is there, newest first. */
export async function readNotes(root: string): Promise<Note[]> {
  const refs = await tryGit(root, [
    'for-each-ref',
    '--format=%(refname) %(objectname)',
    NOTES,
    'refs/heads/infrabuilder',
  ]);
  const names = new Map((refs ?? '').split('\n').map((line) => line.split(' ') as [string, string]));
  const prefix = (await tryGit(root, ['rev-parse', '--show-prefix']))?.replace(/\/$/, '');
  const found: Note[] = [];
  for (const [name, commit] of names) {
    if (!name.startsWith(`${NOTES}/`)) continue;
    const note = parseNote(await tryGit(root, ['cat-file', 'commit', commit]));
    if (note === undefined || note.prefix !== prefix || !names.has(`refs/heads/${branchOf(note)}`)) continue;
    found.push(note);
  }
  return found.sort((a, b) => (a.begun < b.begun ? 1 : -1));
}

/** Removes branch and note at once. */
export async function removeNote(root: string, note: Note): Promise<void> {
  const input = `delete refs/heads/${branchOf(note)}\ndelete ${NOTES}/${note.run}\n`;
  await git(root, ['update-ref', '--stdin'], { input });
}

/** A task that was opened in the copy names the base as its start: git must not throw it away. */
export async function keepBase(top: string, run: string, part: RunPart): Promise<void> {
  if (part.made) await git(top, ['update-ref', `${KEPT}/${run}`, part.base]);
}

export function describe(root: string, note: Note): IsolatedRun {
  const { run, task, begun } = note;
  const inUse = isHeld(join(root, LOCK_FOLDER), lockOf(run));
  return { run, task, branch: branchOf(note), begun, inUse };
}

/** Names become branches and folders. */
export async function checkNames(root: string, { run, task }: Pick<Note, 'run' | 'task'>): Promise<void> {
  const isPlain = /^[\w][\w.-]*$/.test(run) && /^[\w][\w.-]*$/.test(task);
  const isRef = (await tryGit(root, ['check-ref-format', `refs/heads/${branchOf({ run, task })}`])) !== undefined;
  if (isPlain && isRef) return;
  const message = `"${branchOf({ run, task })}" cannot be the name of a branch.`;
  throw new HumanError('isolation.name', message, 'Name the task with letters, digits, "_" and "-".');
}

export function refuseTwice(root: string, run: string): void {
  if (!existsSync(copyFolder(root, run))) return;
  throw new HumanError('isolation.exists', `There is a run ${run} already.`, 'Resume or discard it.');
}

function parseNote(commit: string | undefined): Note | undefined {
  const message = commit?.slice(commit.indexOf('\n\n') + 2) ?? '';
  try {
    return noteSchema.parse(JSON.parse(message));
  } catch {
    return undefined;
  }
}
