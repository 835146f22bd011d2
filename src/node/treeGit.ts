import { copyFileSync, lstatSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { askGit } from './gitProgram.ts';
import { hashFile } from './treeManifest.ts';

export interface GitListing {
  /** Path relative to the folder -> mode and blob. */
  readonly files: Map<string, string>;
  /** Folders that are repositories of their own. */
  readonly nested: readonly string[];
}

const RECORD = /^(.) (\d{6}) ([0-9a-f]+) \d\t(.*)$/s;
const IGNORED = /^The following paths are ignored by one of your \.gitignore files:/m;
const LINK_TO_REPOSITORY = '160000';

/**
 * Files below a folder as git would commit them now, through an index and an object store of our own: the repository is
 * not touched. Folders in `without` are left out. Undefined where no git reads the folder.
 */
export async function listByGit(folder: string, without: readonly string[]): Promise<GitListing | undefined> {
  const asked = await askGit(folder, ['rev-parse', '--git-path', 'index', '--git-path', 'objects']);
  const [index, objects] = asked.stdout.trimEnd().split('\n');
  if (!asked.ok || index === undefined || objects === undefined) return undefined;
  const scratch = mkdtempSync(join(tmpdir(), 'infrabuilder-tree-'));
  try {
    const own = join(scratch, 'index');
    copyIndex(resolve(folder, index), own);
    mkdirSync(join(scratch, 'objects'));
    const env = {
      GIT_INDEX_FILE: own,
      GIT_OBJECT_DIRECTORY: join(scratch, 'objects'),
      GIT_ALTERNATE_OBJECT_DIRECTORIES: resolve(folder, objects),
    };
    const excluded = without.map((path) => `:(exclude,literal)${path}`);
    const fast = ['-c', 'core.looseCompression=0', '-c', 'core.fsync=none', '-c', 'advice.addEmbeddedRepo=false'];
    const add = (paths: readonly string[]) =>
      askGit(folder, [...fast, '-c', 'core.safecrlf=false', 'add', '--all', '--', '.', ...paths], env);
    const added = await add(excluded);
    // Naming an ignored folder, even to leave it out, makes git end with 1 after it has added all the others.
    const isDone = added.ok || IGNORED.test(added.stderr);
    if (!isDone && !(excluded.length > 0 && (await add([])).ok)) return undefined;
    const listed = await askGit(folder, ['ls-files', '--stage', '-v', '-z', '--', '.', ...excluded], env);
    return listed.ok ? readListing(folder, listed.stdout) : undefined;
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** With its times: git compares them with those of the files to know what it must read again. */
function copyIndex(from: string, to: string): void {
  const stat = statSync(from, { throwIfNoEntry: false });
  if (stat === undefined) return;
  copyFileSync(from, to);
  utimesSync(to, stat.atime, stat.mtime);
}

function readListing(folder: string, output: string): GitListing {
  const files = new Map<string, string>();
  const nested: string[] = [];
  for (const record of output.split('\0')) {
    const [, tag = '', mode = '', blob = '', path = ''] = RECORD.exec(record) ?? [];
    if (path === '') continue;
    if (mode === LINK_TO_REPOSITORY) {
      nested.push(path);
      files.set(path, `${mode} ${blob}`);
    } else if (tag === 'H') files.set(path, `${mode} ${blob}`);
    else unseenByGit(folder, path, tag, `${mode} ${blob}`, files);
  }
  return { files, nested };
}

/** `assume-unchanged` and `skip-worktree` make git look away: such a file is read by ourselves. */
function unseenByGit(folder: string, path: string, tag: string, id: string, files: Map<string, string>): void {
  const there = lstatSync(join(folder, path), { throwIfNoEntry: false });
  if (there !== undefined) files.set(path, hashFile(join(folder, path), there));
  else if (tag.toUpperCase() === 'S') files.set(path, id);
}
