import { HumanError } from '../base/errors.ts';
import type { Issue } from '../model/issue.ts';
import { FILE_START, type Location } from '../model/source.ts';
import type { FileKind, Files } from '../ports.ts';
import { folderOf, inFolder, nameOf } from './layout.ts';

/** Names in the folders of the layout, kept up to date one name at a time. Unsaved files count as files. */
export class Listing {
  readonly #files: Files;
  readonly #overlays: ReadonlyMap<string, string>;
  readonly #folders = new Map<string, Map<string, FileKind>>();

  constructor(files: Files, overlays: ReadonlyMap<string, string>) {
    this.#files = files;
    this.#overlays = overlays;
  }

  names(folder: string): ReadonlyMap<string, FileKind> {
    return this.#folders.get(folder) ?? new Map();
  }

  kind(path: string): FileKind | undefined {
    return this.#folders.get(folderOf(path))?.get(nameOf(path));
  }

  forget(): void {
    this.#folders.clear();
  }

  /** Lists a folder anew; returns the paths that are or were in it. */
  async readFolder(folder: string): Promise<string[]> {
    const before = this.#folders.get(folder)?.keys() ?? [];
    const now = new Map<string, FileKind>();
    this.#folders.set(folder, now);
    const paths = new Set([...before].map((name) => inFolder(folder, name)));
    for (const path of this.#overlays.keys()) if (folderOf(path) === folder) now.set(nameOf(path), 'file');
    for (const { name, kind } of await this.#files.list(folder)) now.set(name, this.#overlayKind(folder, name) ?? kind);
    for (const name of now.keys()) paths.add(inFolder(folder, name));
    return [...paths];
  }

  /** Looks at one file anew. False where only the whole folder can tell: another name differs from it by case alone. */
  async readFile(path: string): Promise<boolean> {
    const [folder, name] = [folderOf(path), nameOf(path)];
    const names = this.#folders.get(folder) ?? new Map<string, FileKind>();
    this.#folders.set(folder, names);
    const kind = this.#overlayKind(folder, name) ?? (await this.#stat(path));
    if (kind === undefined) names.delete(name);
    else if (!names.has(name) && hasOtherCase(names.keys(), name)) return false;
    else names.set(name, kind);
    return true;
  }

  #overlayKind(folder: string, name: string): FileKind | undefined {
    return this.#overlays.size > 0 && this.#overlays.has(inFolder(folder, name)) ? 'file' : undefined;
  }

  /** A path that may not be looked at stays in the list, so that reading it says why. */
  async #stat(path: string): Promise<FileKind | undefined> {
    try {
      return (await this.#files.stat(path))?.kind;
    } catch (error) {
      if (!isFileProblem(error)) throw error;
      return 'link';
    }
  }
}

function hasOtherCase(names: Iterable<string>, name: string): boolean {
  const folded = name.toLowerCase();
  for (const other of names) if (other.toLowerCase() === folded) return true;
  return false;
}

/** What a file system says no with, as opposed to a bug of ours. */
export function isFileProblem(error: unknown): error is Error {
  return error instanceof HumanError || (error instanceof Error && 'code' in error && typeof error.code === 'string');
}

/** A file or folder that could not be read, as an issue. The code is the port's own: `file.not-utf8`, `file.outside`. */
export function unreadable(path: string, error: Error, where: Location = { file: path, range: FILE_START }): Issue {
  const { file, range } = where;
  const isHuman = error instanceof HumanError;
  const hint = isHuman && error.hint !== undefined ? ` ${error.hint}` : '';
  const message = isHuman ? `${error.message}${hint}` : `${path} cannot be read: ${error.message}.`;
  return { code: isHuman ? error.code : 'file.unreadable', severity: 'error', message, file, range };
}
