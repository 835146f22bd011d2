import { lstatSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvironmentError, throwIfCancelled } from '../core/base/errors.ts';
import type { Scratch, ScratchCopy } from '../core/ports.ts';
import { isAlive } from './alive.ts';
import { copyTree } from './copyTree.ts';
import { askGit } from './gitProgram.ts';
import { borrowRepository } from './scratchGit.ts';

const PREFIX = 'infrabuilder-scratch-';
/** In a copy's folder: where the workspace lies below `TREE`. Written when the copy is whole. */
const PLACE = 'place';
const TREE = 'tree';

/** The Scratch port. `workspace` is absolute, without links; copies lie in `parent`. */
export function createScratch(workspace: string, parent: string = tmpdir()): Scratch {
  return {
    async copy({ without, signal }) {
      const folder = makeFolder(parent);
      try {
        const place = await placeInRepository(workspace);
        const root = join(folder, TREE, place);
        await mkdir(root, { recursive: true });
        const { repositories } = await copyTree(workspace, root, { without, signal });
        if (place !== '') await borrowRepository(workspace, join(folder, TREE));
        for (const inner of repositories) {
          throwIfCancelled(signal);
          await borrowRepository(join(workspace, inner), join(root, inner));
        }
        await writeFile(join(folder, PLACE), place);
        return { root, dispose: () => remove(folder) };
      } catch (error) {
        await remove(folder);
        throw explain(error, folder);
      }
    },

    async abandoned() {
      const names = await readdir(parent).catch(() => []);
      return names.filter((name) => isAbandoned(parent, name)).map((name) => leftover(join(parent, name)));
    },
  };
}

/** The folder's name says whose it is: a copy is abandoned when that process has ended. */
function makeFolder(parent: string): string {
  try {
    return mkdtempSync(join(realpathSync.native(parent), `${PREFIX}${process.pid}-`));
  } catch (error) {
    throw explain(error, parent);
  }
}

/** Others may write to a temporary folder: only what is this person's own is looked at. */
function isAbandoned(parent: string, name: string): boolean {
  const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
  if (pid === undefined || isAlive(Number(pid))) return false;
  const stat = lstatSync(join(parent, name), { throwIfNoEntry: false });
  return stat?.isDirectory() === true && (process.getuid === undefined || stat.uid === process.getuid());
}

function leftover(folder: string): ScratchCopy {
  let root: string | undefined;
  try {
    root = join(folder, TREE, readFileSync(join(folder, PLACE), 'utf8'));
  } catch {
    // It was not whole when its process ended: nothing was started in it.
  }
  return { root, dispose: () => remove(folder) };
}

/** The workspace's folder within its repository; empty where it is the top, or in none. */
async function placeInRepository(workspace: string): Promise<string> {
  const asked = await askGit(workspace, ['rev-parse', '--show-prefix']);
  return asked.ok ? asked.stdout.trimEnd().replace(/\/$/, '') : '';
}

async function remove(folder: string): Promise<void> {
  const options = { recursive: true, force: true, maxRetries: 3 } as const;
  try {
    await rm(folder, options);
  } catch {
    // A test that makes a read-only folder and is stopped leaves one.
    await makeWritable(folder);
    await rm(folder, options);
  }
}

async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o700).catch(() => undefined);
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
  }
}

function explain(error: unknown, place: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined || !['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'ENOENT'].includes(code)) return error;
  const hint = 'Free some space, or name another folder for temporary files: TMPDIR, on Windows TEMP.';
  return new EnvironmentError('scratch.failed', `The copy in ${place} cannot be made: ${message}`, hint, {
    cause: error,
  });
}
