import { createHash, randomUUID } from 'node:crypto';
import {
  constants,
  createReadStream,
  type Dirent,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { chmod, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EnvironmentError, HumanError } from '../core/base/errors.ts';
import type { FileDigest, FileEntry, FileKind, FileStat, Files, WriteOptions } from '../core/ports.ts';
import { isAlive } from './alive.ts';
import { makeFolders } from './folders.ts';
import { LOCK_FOLDER, withLock } from './locks.ts';
import { WorkspacePaths } from './paths.ts';

const CHUNK_BYTES = 1024 * 1024;

/** The Files port on a real folder. `root` is absolute; it need not exist yet. */
export function createFiles(root: string): Files {
  const paths = new WorkspacePaths(root);

  async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const absolute = paths.resolve(path);
    try {
      // Synchronous on purpose: thousands of small files read five times faster than through the thread pool.
      return readFileSync(absolute) as Uint8Array<ArrayBuffer>;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw explain(error, path);
    }
  }

  async function read(path: string): Promise<string | undefined> {
    const bytes = await readBytes(path);
    return bytes === undefined ? undefined : decode(bytes, path);
  }

  async function digest(path: string): Promise<FileDigest | undefined> {
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      for await (const chunk of createReadStream(paths.resolve(path), { highWaterMark: CHUNK_BYTES })) {
        hash.update(chunk);
        bytes += chunk.length;
      }
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw explain(error, path);
    }
    return { bytes, sha256: hash.digest('hex') };
  }

  async function write(path: string, content: string, options: WriteOptions = {}): Promise<void> {
    const target = paths.resolveForWrite(path);
    const { expected, executable } = options;
    try {
      makeFolders(dirname(target));
      if (expected === undefined) return await replace(target, content, executable);
      if (expected === null) return await create(target, path, content, executable);
      await withLock(join(root, LOCK_FOLDER), lockName(path), async () => {
        if ((await read(path)) !== expected) throw changed(path);
        await replace(target, content, executable);
      });
    } catch (error) {
      throw explain(error, path);
    }
  }

  async function move(from: string, to: string): Promise<void> {
    const [source, target] = [paths.resolveForChange(from), paths.resolveForChange(to)];
    try {
      makeFolders(dirname(target));
      await withLock(join(root, LOCK_FOLDER), lockName(to), async () => {
        const taken = lstatSync(target, { throwIfNoEntry: false });
        if (taken !== undefined && !isSameFile(taken, source)) {
          throw new HumanError('file.exists', `${to} exists already.`, `Remove or rename it, then move ${from} again.`);
        }
        await rename(source, target);
      });
    } catch (error) {
      throw explain(error, from);
    }
  }

  return {
    root,
    read,
    readBytes,
    digest,
    write,
    move,
    async stat(path) {
      const absolute = paths.resolve(path);
      try {
        const stats = statSync(absolute, { throwIfNoEntry: false });
        return stats === undefined ? undefined : toStat(stats);
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw explain(error, path);
      }
    },
    async list(path) {
      try {
        const entries = await readdir(paths.resolve(path), { withFileTypes: true });
        return entries.map(toEntry).sort((a, b) => (a.name < b.name ? -1 : 1));
      } catch (error) {
        if (isMissing(error)) return [];
        throw explain(error, path);
      }
    },
    async remove(path) {
      try {
        await rm(paths.resolveForChange(path), { force: true });
      } catch (error) {
        throw explain(error, path);
      }
    },
    async makeFolder(path) {
      try {
        makeFolders(paths.resolveForChange(path));
      } catch (error) {
        throw explain(error, path);
      }
    },
  };
}

/** A temporary neighbour first, then one rename: a crash or a full disk leaves the old file as it was. */
async function replace(target: string, content: string, executable: boolean | undefined): Promise<void> {
  await viaNeighbour(target, content, executable, (temporary) => rename(temporary, target));
}

/** A hard link fails where the name is taken, which makes "create, do not replace" one step. */
async function create(target: string, path: string, content: string, executable: boolean | undefined): Promise<void> {
  await viaNeighbour(target, content, executable, async (temporary) => {
    try {
      linkSync(temporary, target);
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? changed(path) : error;
    }
  });
}

async function viaNeighbour(
  target: string,
  content: string,
  executable: boolean | undefined,
  publish: (temporary: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(target);
  const prefix = `.${basename(target)}.`;
  sweep(folder, prefix);
  const temporary = join(folder, `${prefix}${process.pid}.${randomUUID()}.tmp`);
  const before = statSync(target, { throwIfNoEntry: false });
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const mode = executable === true ? 0o755 : before === undefined ? undefined : before.mode & 0o7777;
    if (mode !== undefined) await chmod(temporary, mode);
    await publish(temporary);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Removes what writers of this file left behind that were killed on the way. */
function sweep(folder: string, prefix: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(prefix)) continue;
    const pid = /^(\d+)\.[\da-f-]{36}\.tmp$/.exec(name.slice(prefix.length))?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(folder, name), { force: true });
  }
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    // The byte order mark stays: what is written back must equal what was read.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new HumanError('file.not-utf8', `${path} is not UTF-8 text.`, 'Save it as UTF-8.');
  }
}

function changed(path: string): HumanError {
  return new HumanError(
    'file.changed',
    `${path} was changed by someone else meanwhile.`,
    'Look at it, then try again.',
  );
}

function explain(error: unknown, path: string): unknown {
  const { code, syscall, path: absolute } = error as NodeJS.ErrnoException;
  const options = { cause: error };
  // The folder that cannot be made may lie above the workspace.
  const place = syscall === 'mkdir' && absolute !== undefined ? absolute : nameOf(path);
  switch (code) {
    case 'EISDIR':
      return new HumanError('file.is-folder', `${path} is a folder, not a file.`, 'Rename the folder.', options);
    case 'ENOTDIR':
      return new HumanError(
        'file.not-folder',
        `A part of ${path} is a file, not a folder.`,
        'Rename that file.',
        options,
      );
    case 'ENOENT':
      return new HumanError('file.missing', `${path} does not exist.`, undefined, options);
    case 'EACCES':
    case 'EPERM':
      return new EnvironmentError(
        'file.no-permission',
        `No permission for ${place}.`,
        'Check the owner and mode of it and its folder.',
        options,
      );
    case 'EROFS':
      return new EnvironmentError(
        'file.read-only',
        `${place} is on a read-only file system.`,
        'Use another folder.',
        options,
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return new EnvironmentError(
        'file.disk-full',
        `No space left to write ${place}.`,
        'Free some space, then try again.',
        options,
      );
    case 'ELOOP':
      return new HumanError('file.link-loop', `${path} is a loop of links.`, 'Remove the links.', options);
    default:
      return error;
  }
}

/** In a sentence, a lone dot reads as its end. */
function nameOf(path: string): string {
  return path === '.' ? 'the workspace folder' : path;
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** True where both names are one file: a rename that only changes case, on a case-insensitive disk. */
function isSameFile(stats: Stats, other: string): boolean {
  const there = lstatSync(other, { throwIfNoEntry: false });
  return there !== undefined && there.ino === stats.ino && there.dev === stats.dev && stats.nlink === 1;
}

function lockName(path: string): string {
  return createHash('sha256').update(path.toLowerCase()).digest('hex').slice(0, 32);
}

function toStat(stats: Stats): FileStat {
  return {
    kind: kindOf(stats),
    size: stats.size,
    modified: stats.mtimeMs,
    executable: (stats.mode & constants.S_IXUSR) !== 0,
  };
}

function toEntry(entry: Dirent): FileEntry {
  return { name: entry.name, kind: kindOf(entry) };
}

function kindOf(entry: Dirent | Stats): FileKind {
  if (entry.isSymbolicLink()) return 'link';
  if (entry.isDirectory()) return 'folder';
  return entry.isFile() ? 'file' : 'other';
}
