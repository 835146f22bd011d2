import { posix } from 'node:path';
import type { FileFacts } from './facts.ts';
import type { GoModule } from './go/modules.ts';

/** What an import leads to. `path` is a file or a folder (its package), relative to the source folder. */
export type Target =
  | { readonly kind: 'own'; readonly path: string; readonly wrongCase?: boolean }
  | { readonly kind: 'std'; readonly name: string }
  | { readonly kind: 'external'; readonly name: string };

/** Names that code below `folder` may use for places of this tree; `*` stands for any text, in both. */
export interface Alias {
  readonly folder: string;
  readonly pattern: string;
  /** Paths relative to the source folder, the first that exists counts. */
  readonly places: readonly string[];
}

export interface Manifests {
  readonly go: readonly GoModule[];
  /** Packages of this tree by the name that others import them by. */
  readonly script: readonly GoModule[];
  /** Of `tsconfig.json` and `package.json`, the innermost folder first. */
  readonly aliases: readonly Alias[];
  readonly rust: readonly GoModule[];
}

/**
 * The files of a source tree, for resolving imports. Names are compared with what was listed, never with what a disk
 * would open, so a case-insensitive disk gives the same answers; a name of another case is found and marked.
 */
export class Sources {
  readonly files: ReadonlyMap<string, FileFacts>;
  readonly manifests: Manifests;
  readonly #links: readonly string[];
  readonly #folders = new Map<string, string[]>();
  readonly #folded = new Map<string, string>();
  #java: Map<string, string> | undefined;
  #suffixes: Map<string, string[]> | undefined;

  /** `links` are folders that are known, but whose files are not read. */
  constructor(files: ReadonlyMap<string, FileFacts>, manifests: Manifests, links: readonly string[] = []) {
    this.files = files;
    this.#links = links;
    this.manifests = manifests;
    for (const path of files.keys()) {
      this.#fold(path);
      const folder = folderOf(path);
      const held = this.#folders.get(folder);
      if (held === undefined) {
        this.#folders.set(folder, [path]);
        this.#foldAll(folder);
      } else held.push(path);
    }
  }

  /** The source files directly in a folder. */
  filesIn(folder: string): readonly string[] {
    return this.#folders.get(folder) ?? [];
  }

  /** Whether a path leads through a link to a folder. */
  isLinked(path: string): boolean {
    return this.#links.some((link) => path === link || path.startsWith(`${link}/`));
  }

  hasFile(path: string): boolean {
    return this.files.has(path);
  }

  /** The first of these files or folders that exists, compared exactly, then without regard to case. */
  find(candidates: readonly string[]): Target | undefined {
    for (const path of candidates) if (this.files.has(path) || this.#folders.has(path)) return { kind: 'own', path };
    for (const path of candidates) {
      const real = this.#folded.get(path.toLowerCase());
      if (real !== undefined && (this.files.has(real) || this.#folders.has(real)))
        return { kind: 'own', path: real, wrongCase: true };
    }
    return undefined;
  }

  /** Java: a class by its full name, or a package. */
  javaPlace(name: string): string | undefined {
    this.#java ??= javaPlaces(this.files);
    return this.#java.get(name);
  }

  /** The one file whose path ends in `suffix`. */
  withSuffix(suffix: string): string | undefined {
    if (this.#suffixes === undefined) {
      this.#suffixes = new Map();
      for (const path of this.files.keys()) {
        const base = posix.basename(path);
        this.#suffixes.set(base, [...(this.#suffixes.get(base) ?? []), path]);
      }
    }
    const found = (this.#suffixes.get(posix.basename(suffix)) ?? []).filter((path) => path.endsWith(`/${suffix}`));
    return found.length === 1 ? found[0] : undefined;
  }

  #fold(path: string): void {
    const folded = path.toLowerCase();
    if (!this.#folded.has(folded)) this.#folded.set(folded, path);
  }

  #foldAll(folder: string): void {
    for (let at = folder; at !== ''; at = folderOf(at)) this.#fold(at);
  }
}

/** The folder of a path; `` for one at the root. */
export function folderOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at < 0 ? '' : path.slice(0, at);
}

/** Joins and normalizes; undefined where the result leaves the tree. */
export function joinPath(folder: string, path: string): string | undefined {
  const joined = posix.join(folder === '' ? '.' : folder, path).replace(/\/$/, '');
  if (joined === '..' || joined.startsWith('../')) return undefined;
  return joined === '.' ? '' : joined;
}

/** The manifest whose folder is nearest above `path`. */
export function nearest(manifests: readonly GoModule[], path: string): GoModule | undefined {
  let best: GoModule | undefined;
  for (const one of manifests) {
    const holds = one.folder === '' || path.startsWith(`${one.folder}/`);
    if (holds && (best === undefined || one.folder.length > best.folder.length)) best = one;
  }
  return best;
}

function javaPlaces(files: ReadonlyMap<string, FileFacts>): Map<string, string> {
  const places = new Map<string, string>();
  for (const [path, facts] of files) {
    if (facts.language !== 'java') continue;
    const prefix = facts.package === undefined ? '' : `${facts.package}.`;
    places.set(prefix + posix.basename(path, '.java'), path);
    if (facts.package !== undefined && !places.has(facts.package)) places.set(facts.package, folderOf(path));
  }
  return places;
}
