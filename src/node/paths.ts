import { lstatSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { HumanError } from '../core/base/errors.ts';

const REMEMBER_MS = 1_000;

/** Turns workspace paths into absolute ones, and refuses those that leave the root, also through links. */
export class WorkspacePaths {
  readonly root: string;
  #realRoot: string | undefined;
  #checked = new Map<string, number>();

  constructor(root: string) {
    this.root = root;
  }

  /** The absolute path, for reading. Throws HumanError `file.outside`; the last part may be missing. */
  resolve(path: string): string {
    const absolute = join(this.root, ...partsOf(path));
    if (absolute === this.root) return this.root;
    this.#checkFolder(dirname(absolute), path);
    if (isLink(absolute)) this.#checkReal(absolute, path);
    return absolute;
  }

  /** As `resolve`, for changing: nothing is taken from memory. */
  resolveForChange(path: string): string {
    this.#checked.clear();
    return this.resolve(path);
  }

  /** As `resolveForChange`, and a link is followed to the file that it names. */
  resolveForWrite(path: string): string {
    const absolute = this.resolveForChange(path);
    return isLink(absolute) ? realpathSync.native(absolute) : absolute;
  }

  #checkFolder(folder: string, path: string): void {
    const now = performance.now();
    const checked = this.#checked.get(folder);
    if (checked !== undefined && now - checked < REMEMBER_MS) return;
    this.#checkReal(folder, path);
    this.#checked.set(folder, now);
  }

  #checkReal(absolute: string, path: string): void {
    this.#realRoot ??= tryRealpath(this.root);
    if (this.#realRoot === undefined) return;
    let existing = absolute;
    let real = tryRealpath(existing);
    while (real === undefined && existing.length > this.root.length) {
      if (isLink(existing)) throw danglingLink(path);
      existing = dirname(existing);
      real = tryRealpath(existing);
    }
    if (real === undefined || real === this.#realRoot || real.startsWith(withSeparator(this.#realRoot))) return;
    throw outside(path, `a link leads to ${real}`);
  }
}

function partsOf(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const bad =
    path.startsWith('/') || path.includes('\0') || parts.includes('..') || (sep === '\\' && /[\\:]/.test(path));
  if (bad) throw outside(path, 'it is not a relative path inside it');
  return parts;
}

function outside(path: string, why: string): HumanError {
  return new HumanError('file.outside', `${path} leaves the workspace: ${why}.`, 'Use a path inside the workspace.');
}

/** Nobody can tell whether it would stay inside, so it is refused as one that leaves. */
function danglingLink(path: string): HumanError {
  const message = `${path} is a link that leads nowhere.`;
  return new HumanError('file.outside', message, 'Remove the link, or make what it points to.');
}

function tryRealpath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function withSeparator(path: string): string {
  return path.endsWith(sep) ? path : path + sep;
}
