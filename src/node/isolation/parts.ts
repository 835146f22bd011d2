import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { HumanError } from '../../core/base/errors.ts';
import { gitText, tryGit } from './program.ts';

/** A repository that holds files of the workspace. */
export interface Part {
  /** Its top, relative to the workspace; empty for the repository that holds the workspace itself. */
  readonly folder: string;
  /** The workspace within that repository; empty where it is the top, and for all others. */
  readonly prefix: string;
}

const SKIPPED = new Set(['.git', '.infrabuilder', 'node_modules']);
const DEEPEST = 8;

/** The repositories of a workspace, the one that holds it first. HumanError `isolation.no-git` where none holds it. */
export async function findParts(root: string): Promise<Part[]> {
  const where = gitText(root, ['rev-parse', '--is-inside-work-tree', '--show-prefix']);
  const [inside, prefix = ''] = (await where.catch((error: unknown) => explain(error, root))).split(/\r?\n/);
  if (inside !== 'true') throw noGit(root);
  const parts: Part[] = [{ folder: '', prefix: prefix.replace(/\/$/, '') }];
  // A work tree that the person has put here belongs to a repository that is taken already.
  const stores = new Set([await storeOf(root)]);
  for (const folder of nestedFolders(root, '', 0)) {
    const top = await tryGit(join(root, folder), ['rev-parse', '--show-toplevel']);
    if (top === undefined || !isSame(top, join(root, folder))) continue;
    const store = await storeOf(join(root, folder));
    if (stores.has(store)) continue;
    stores.add(store);
    parts.push({ folder, prefix: '' });
  }
  return parts;
}

/** The top of a part, in the workspace at `root`; the same in a copy, whose workspace is `root` there. */
export function topOf(part: Part, root: string): string {
  if (part.folder !== '') return join(root, part.folder);
  return part.prefix === '' ? root : resolve(root, ...part.prefix.split('/').map(() => '..'));
}

/** A path of a part's repository as one of the workspace; undefined for what lies outside of it. */
export function inWorkspace({ folder, prefix }: Part, path: string): string | undefined {
  if (folder !== '') return `${folder}/${path}`;
  if (prefix === '') return path;
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : undefined;
}

/** The part that a path of the workspace belongs to, and its path there. */
export function placeOf<P extends Part>(
  parts: readonly P[],
  path: string,
): { readonly part: P; readonly path: string } {
  const inside = parts.filter(({ folder }) => folder === '' || path.startsWith(`${folder}/`));
  const part = inside.reduce((a, b) => (b.folder.length > a.folder.length ? b : a));
  if (part.folder !== '') return { part, path: path.slice(part.folder.length + 1) };
  return { part, path: part.prefix === '' ? path : `${part.prefix}/${path}` };
}

/** Whether a path of the part's repository is not the part's: our own folder, or another part's. */
export function skipper(part: Part, parts: readonly Part[]): (path: string) => boolean {
  const others = parts
    .filter((other) => other.folder !== part.folder && other.folder !== '')
    .map(({ folder }) => folder);
  return (path) => {
    const own = inWorkspace(part, path);
    if (own === undefined) return false;
    const isOurs = own === '.infrabuilder' || own.startsWith('.infrabuilder/');
    return isOurs || others.some((folder) => isIn(own, folder) && !isIn(part.folder, folder));
  };
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function* nestedFolders(root: string, folder: string, depth: number): Generator<string> {
  if (depth > DEEPEST) return;
  let entries: ReturnType<typeof readFolder>;
  try {
    entries = readFolder(join(root, folder));
  } catch {
    return;
  }
  for (const entry of entries) {
    if (!entry.isDirectory() || SKIPPED.has(entry.name)) continue;
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (existsSync(join(root, path, '.git'))) yield path;
    yield* nestedFolders(root, path, depth + 1);
  }
}

function readFolder(folder: string) {
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function storeOf(folder: string): Promise<string> {
  return realpathSync(resolve(folder, await gitText(folder, ['rev-parse', '--git-common-dir'])));
}

function isSame(a: string, b: string): boolean {
  return realpathSync.native(a) === realpathSync.native(b);
}

/** Git may also have another reason, such as a folder that somebody else owns. */
function explain(error: unknown, root: string): never {
  throw error instanceof HumanError && /not a git repository/.test(error.message) ? noGit(root) : error;
}

function noGit(root: string): HumanError {
  return new HumanError(
    'isolation.no-git',
    `${root} is in no git repository, and a run works in a copy that git keeps.`,
    'Run "git init" there and commit the workspace, then try again.',
  );
}
