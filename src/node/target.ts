import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, realpathSync, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { HumanError } from '../core/base/errors.ts';
import type { Target, TargetState } from '../core/ports.ts';

const MARKERS = ['infrabuilder.yaml', 'blueprint_tasks.yaml'];

/** The Target port. `folder` and files that the person names are relative to `cwd`. */
export function createTarget(folder: string, cwd: string, home = homedir()): Target {
  const target = resolveLinks(resolve(cwd, folder));
  return {
    async look() {
      return look(target, home);
    },
    async readGiven(path) {
      return readText(resolve(cwd, path));
    },
    async readBeside(name) {
      for (const path of [join(dirname(target), name), join(target, name)]) {
        const content = readText(path);
        if (content !== undefined) return { path, content };
      }
      return undefined;
    },
  };
}

/** Links in the part of a path that exists are resolved; a link that leads nowhere stays as it is. */
export function resolveLinks(path: string): string {
  const missing: string[] = [];
  for (let existing = path; ; existing = dirname(existing)) {
    const real = tryReal(existing);
    if (real !== undefined) return join(real, ...missing);
    if (dirname(existing) === existing) return path;
    missing.unshift(basename(existing));
  }
}

function look(path: string, home: string): TargetState {
  const stats = statusOf(path);
  const isFolder = stats?.isDirectory() ?? false;
  const above = ancestors(path);
  const nearest = above.find((folder) => exists(folder)) ?? path;
  const isBelowFile = stats === undefined && !(statusOf(nearest)?.isDirectory() ?? true);
  return {
    path: isBelowFile ? nearest : path,
    kind: isBelowFile ? 'file' : kindOf(stats),
    place: dirname(path) === path ? 'filesystem-root' : path === (tryReal(home) ?? home) ? 'home' : 'ordinary',
    entries: isFolder ? readdirSync(path).sort() : [],
    repository: repositoryOf(path, above),
    workspaceAbove: above.find((folder) => MARKERS.some((marker) => exists(join(folder, marker)))),
  };
}

/** A folder that a repository around it ignores is not part of that repository. */
function repositoryOf(path: string, above: readonly string[]): string | undefined {
  const found = [path, ...above].find((folder) => exists(join(folder, '.git')));
  if (found === undefined || found === path) return found;
  const args = ['-C', found, 'check-ignore', '--quiet', '--', join(path, 'x')];
  return spawnSync('git', args, { stdio: 'ignore', windowsHide: true }).status === 0 ? undefined : found;
}

function kindOf(stats: Stats | undefined): TargetState['kind'] {
  if (stats === undefined) return 'missing';
  if (stats.isSymbolicLink()) return 'link';
  if (stats.isDirectory()) return 'folder';
  return stats.isFile() ? 'file' : 'other';
}

function ancestors(path: string): string[] {
  const folders: string[] = [];
  for (let folder = dirname(path); folder !== folders.at(-1) && folder !== path; folder = dirname(folder))
    folders.push(folder);
  return folders;
}

function exists(path: string): boolean {
  return statusOf(path) !== undefined;
}

/** Undefined where nothing is there, or nothing may be seen. Throws for no path. */
function statusOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function tryReal(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

function readText(path: string): string | undefined {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const why = code === 'EISDIR' ? 'it is a folder' : (error as Error).message;
    throw new HumanError('init.unreadable', `${path} cannot be read: ${why}.`, 'Name a text file.');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new HumanError('init.not-utf8', `${path} is not UTF-8 text.`, 'Save it as UTF-8 Markdown.');
  }
}
