import { copyFileSync, existsSync, lstatSync, type Stats, statSync, utimesSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { git, gitText, records } from './program.ts';

/** One file of a tree. */
export interface TreeEntry {
  readonly mode: string;
  readonly blob: string;
}

/** A change between two trees. `undefined` where there is no such file. */
export interface TreeChange {
  readonly path: string;
  readonly before: TreeEntry | undefined;
  readonly after: TreeEntry | undefined;
  readonly addedLines: number;
  readonly removedLines: number;
}

const REPOSITORY_MODE = '160000';

export interface StageOptions {
  /** Another index than that of the folder. */
  readonly index?: string | undefined;
  /** Paths, seen from the top, that are left as the index has them. */
  readonly skip: (path: string) => boolean;
}

/** Brings the index up to date with the files below `top`, without those that git ignores, and gives its tree. */
export async function stageAll(top: string, { index, skip }: StageOptions): Promise<string> {
  const env = index === undefined ? undefined : { GIT_INDEX_FILE: index };
  await lookAgain(top, env);
  const listed = await git(top, ['ls-files', '-z', '--modified', '--deleted', '--others', '--exclude-standard'], {
    env,
  });
  // A path that ends with a slash is a repository of its own.
  const paths = [...new Set(records(listed))].filter((path) => !path.endsWith('/') && !skip(path));
  const files = paths.filter((path) => !isFolder(join(top, path)));
  const replaced = paths.filter((path) => isFolder(join(top, path)) && !existsSync(join(top, path, '.git')));
  if (replaced.length > 0) {
    await git(top, ['update-index', '-z', '--force-remove', '--stdin'], { env, input: lines(replaced) });
  }
  if (files.length > 0) {
    await git(top, ['update-index', '-z', '--add', '--remove', '--replace', '--stdin'], { env, input: lines(files) });
  }
  return gitText(top, ['write-tree'], { env });
}

/** `assume-unchanged` and `skip-worktree` make git look away from files that are there. */
async function lookAgain(top: string, env: Readonly<Record<string, string>> | undefined): Promise<void> {
  const tagged = records(await git(top, ['ls-files', '-v', '-z'], { env })).filter(
    (record) => !record.startsWith('H '),
  );
  for (const [option, wanted] of [
    ['--no-assume-unchanged', (tag: string) => tag !== tag.toUpperCase()],
    ['--no-skip-worktree', (tag: string, path: string) => tag.toUpperCase() === 'S' && existsSync(join(top, path))],
  ] as const) {
    const paths = tagged.filter((record) => wanted(record.charAt(0), record.slice(2))).map((record) => record.slice(2));
    if (paths.length === 0) continue;
    await git(top, ['update-index', '-z', option, '--stdin'], { env, input: lines(paths) });
  }
}

/** A copy of a folder's index at `to`, with its times: git compares them with those of the files. */
export async function copyIndex(top: string, to: string): Promise<void> {
  const from = resolve(top, await gitText(top, ['rev-parse', '--git-path', 'index']));
  const stat = statSync(from, { throwIfNoEntry: false });
  if (stat === undefined) return;
  copyFileSync(from, to);
  utimesSync(to, stat.atime, stat.mtime);
}

/** Files that differ, below `prefix` where it is not empty. Links to other repositories do not count. */
export async function compareTrees(top: string, from: string, to: string, prefix: string): Promise<TreeChange[]> {
  const within = prefix === '' ? [] : ['--', prefix];
  const output = records(
    await git(top, ['diff-tree', '-r', '-z', '--no-renames', '--raw', '--numstat', from, to, ...within]),
  );
  const counts = new Map<string, readonly [number, number]>();
  const found: Omit<TreeChange, 'addedLines' | 'removedLines'>[] = [];
  for (let i = 0; i < output.length; i++) {
    const record = output[i] ?? '';
    const raw = /^:(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) \w/.exec(record);
    if (raw === null) {
      const [added = '', removed = '', ...path] = record.split('\t');
      counts.set(path.join('\t'), [Number(added) || 0, Number(removed) || 0]);
      continue;
    }
    const [, oldMode = '', newMode = '', oldBlob = '', newBlob = ''] = raw;
    const path = output[++i] ?? '';
    if (oldMode === REPOSITORY_MODE || newMode === REPOSITORY_MODE) continue;
    found.push({ path, before: entry(oldMode, oldBlob), after: entry(newMode, newBlob) });
  }
  return found.map((change) => {
    const [addedLines = 0, removedLines = 0] = counts.get(change.path) ?? [];
    return { ...change, addedLines, removedLines };
  });
}

/** The files of a tree, or those of them that are named. */
export async function readTree(top: string, tree: string, paths?: readonly string[]): Promise<Map<string, TreeEntry>> {
  const found = new Map<string, TreeEntry>();
  if (paths?.length === 0) return found;
  const only = paths === undefined ? undefined : new Set(paths);
  for (const record of records(await git(top, ['ls-tree', '-r', '-z', '--full-tree', tree]))) {
    const [, mode = '', blob = '', path = ''] = /^(\d{6}) \w+ ([0-9a-f]+)\t(.*)$/s.exec(record) ?? [];
    if (only === undefined || only.has(path)) found.set(path, { mode, blob });
  }
  return found;
}

/** A tree like `base` in which `entries` stand instead; undefined takes a path away. */
export async function changeTree(
  top: string,
  base: string,
  entries: ReadonlyMap<string, TreeEntry | undefined>,
  index: string,
): Promise<string> {
  const env = { GIT_INDEX_FILE: index };
  await git(top, ['read-tree', base], { env });
  const gone = '0'.repeat(base.length);
  const input = [...entries]
    .sort(([, a], [, b]) => Number(a !== undefined) - Number(b !== undefined))
    .map(([path, to]) => `${to?.mode ?? '0'} ${to?.blob ?? gone}\t${path}\0`)
    .join('');
  await git(top, ['update-index', '-z', '--index-info'], { env, input });
  return gitText(top, ['write-tree'], { env });
}

/** Paths as git reads them from its input with `-z`. */
export function lines(paths: readonly string[]): string {
  return paths.map((path) => `${path}\0`).join('');
}

/** What stands at a path itself; undefined also where a part of the way is a file. */
export function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function isFolder(path: string): boolean {
  return lookAt(path)?.isDirectory() ?? false;
}

function entry(mode: string, blob: string): TreeEntry | undefined {
  return /^0+$/.test(mode) ? undefined : { mode, blob };
}
