import { constants, type Dirent } from 'node:fs';
import { copyFile, lstat, mkdir, readdir, readlink, stat, symlink, utimes } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { throwIfCancelled } from '../core/base/errors.ts';

export interface CopyOptions {
  /** Relative to `from`, with `/`. */
  readonly without: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

export interface Copied {
  /** Folders that are repositories of their own, relative to `from`; the empty one is `from` itself. */
  readonly repositories: readonly string[];
}

const AT_ONCE = 16;

/**
 * Copies files, folders and links with their modes and times; sockets and the like are left out, and so is every `.git`.
 * A link into `from` leads into the copy, any other to where it led before. Files share their blocks where the disk can.
 */
export async function copyTree(from: string, to: string, { without, signal }: CopyOptions): Promise<Copied> {
  const left = new Set(without.map((path) => path.split('/').join(sep)));
  const repositories: string[] = [];
  const files: string[] = [];
  const links: string[] = [];

  async function visit(folder: string): Promise<void> {
    throwIfCancelled(signal);
    const entries: Dirent[] = await readdir(join(from, folder), { withFileTypes: true });
    await mkdir(join(to, folder), { recursive: true });
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (left.has(path)) continue;
      if (entry.name === '.git') repositories.push(folder);
      else if (entry.isDirectory()) await visit(path);
      else if (entry.isSymbolicLink()) links.push(path);
      else if (entry.isFile()) files.push(path);
    }
  }

  await visit('');
  const queue = files.values();
  const work = async () => {
    for (const path of queue) {
      throwIfCancelled(signal);
      await copyFile(join(from, path), join(to, path), constants.COPYFILE_FICLONE);
      const { atime, mtime } = await lstat(join(from, path));
      await utimes(join(to, path), atime, mtime);
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  for (const path of links) await copyLink(from, to, path);
  return { repositories };
}

async function copyLink(from: string, to: string, path: string): Promise<void> {
  const written = await readlink(join(from, path));
  const target = resolve(dirname(join(from, path)), written);
  const within = relative(from, target);
  const isWithin = within !== '..' && !within.startsWith(`..${sep}`) && !isAbsolute(within);
  const led = isWithin ? (isAbsolute(written) ? join(to, within) : written) : target;
  const isFolder = await stat(target).then(
    (found) => found.isDirectory(),
    () => false,
  );
  await symlink(led, join(to, path), isFolder ? 'junction' : 'file');
}
