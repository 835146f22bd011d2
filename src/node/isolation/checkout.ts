import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { matchBytes } from './exact.ts';
import { branchOf, copyFolder, type Note, type RunPart, runFolder } from './ledger.ts';
import { topOf } from './parts.ts';
import { git, gitText, tryGit } from './program.ts';
import { readTree } from './tree.ts';

/** The workspace within a copy whose top is `tree`. */
export function rootIn(tree: string, note: Note): string {
  return note.prefix === '' ? tree : join(tree, ...note.prefix.split('/'));
}

/** The folder of the copy that the run works in. */
export function benchRoot(root: string, note: Note): string {
  return rootIn(copyFolder(root, note.run), note);
}

/**
 * Checks each part out at a commit below `tree`, on the run's branch or on none. Files that are the same in the workspace
 * at `source` get the bytes that they have there.
 */
export async function checkOut(
  root: string,
  note: Note,
  tree: string,
  source: string,
  at: { readonly branch: string } | { readonly commits: ReadonlyMap<string, string> },
): Promise<void> {
  hideRuns(root);
  for (const part of note.parts) {
    const top = topOf(part, rootIn(tree, note));
    if ('branch' in at) await ensureBranch(topOf(part, root), `refs/heads/${at.branch}`, part.base);
    const what = 'branch' in at ? [top, at.branch] : ['--detach', top, at.commits.get(part.folder) ?? part.base];
    mkdirSync(dirname(top), { recursive: true });
    await git(topOf(part, root), ['worktree', 'add', '--quiet', '--force', '--no-checkout', ...what]);
    await git(top, ['read-tree', '--reset', '-u', 'HEAD']);
    await matchBytes(top, topOf(part, source), await readTree(top, 'HEAD'));
  }
}

/** Makes the copy whole again, whatever a crash has left of it. */
export async function mend(root: string, note: Note): Promise<void> {
  const tree = copyFolder(root, note.run);
  const isWhole = await Promise.all(note.parts.map((part) => isCheckedOut(part, note, rootIn(tree, note))));
  if (isWhole.includes(false)) {
    await removeCopies(root, note, (path) => path === tree);
    await checkOut(root, note, tree, root, { branch: branchOf(note) });
  }
  for (const part of note.parts) {
    const top = topOf(part, rootIn(tree, note));
    const locks = ['index.lock', 'HEAD.lock', `refs/heads/${branchOf(note)}.lock`];
    for (const name of locks) {
      await rm(resolve(top, await gitText(top, ['rev-parse', '--git-path', name])), { force: true });
    }
  }
}

/** Removes the copies of a run that `which` chooses, with what git keeps about them. */
export async function removeCopies(root: string, note: Note, which: (path: string) => boolean): Promise<void> {
  const folder = runFolder(root, note.run);
  for (const part of [...note.parts].reverse()) {
    const top = topOf(part, root);
    const list = existsSync(top) ? await tryGit(top, ['worktree', 'list', '--porcelain']) : undefined;
    for (const [, found = ''] of (list ?? '').matchAll(/^worktree (.*)$/gm)) {
      const path = resolve(found);
      const copy = copyHolding(folder, path);
      if (copy === undefined || !which(copy)) continue;
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
      await tryGit(top, ['worktree', 'remove', '--force', '--force', found]);
    }
  }
}

/** A crash while a run began may have left a part without its branch. */
async function ensureBranch(top: string, branch: string, base: string): Promise<void> {
  if ((await tryGit(top, ['rev-parse', '--verify', '--quiet', branch])) !== undefined) return;
  await git(top, ['update-ref', branch, base, '']);
}

async function isCheckedOut(part: RunPart, note: Note, copy: string): Promise<boolean> {
  const top = topOf(part, copy);
  // Without a link of its own, git would answer for the repository around it.
  if (!existsSync(join(top, '.git'))) return false;
  return (await tryGit(top, ['symbolic-ref', 'HEAD'])) === `refs/heads/${branchOf(note)}`;
}

/** The copy of the run, `tree` or a clean one, that a work tree lies in. */
function copyHolding(folder: string, path: string): string | undefined {
  if (!path.startsWith(folder + sep)) return undefined;
  const [name = ''] = path.slice(folder.length + 1).split(sep);
  return join(folder, name);
}

/** The person's git must not see the copies, also where they have not told it to ignore `.infrabuilder`. */
function hideRuns(root: string): void {
  const file = join(root, '.infrabuilder', '.gitignore');
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file)) writeFileSync(file, '*\n');
}
