import { posix } from 'node:path';
import { sha256 } from '../../src/core/base/digest.ts';
import { HumanError } from '../../src/core/base/errors.ts';
import type { FileEntry, FileKind, FileStat, Files } from '../../src/core/ports.ts';

/** Text, raw bytes, or a link to a path (one that leads out of the workspace is refused, as on a disk). */
export type MemoryContent = string | Uint8Array<ArrayBuffer> | { readonly link: string };

export interface MemoryFiles extends Files {
  /** All files that hold text, sorted by path. */
  texts(): Record<string, string>;
  /** How often each path was read. */
  readonly reads: ReadonlyMap<string, number>;
}

/** The Files port over a map. Folders exist while something is in them, or once they were made. */
export function memoryFiles(content: Readonly<Record<string, MemoryContent>> = {}): MemoryFiles {
  const files = new Map<string, MemoryContent>();
  const folders = new Set<string>(['.']);
  const executables = new Set<string>();
  const reads = new Map<string, number>();
  let clock = 0;
  const modified = new Map<string, number>();

  const put = (path: string, value: MemoryContent) => {
    for (const folder of parentsOf(path)) folders.add(folder);
    files.set(path, value);
    modified.set(path, ++clock);
  };
  for (const [path, value] of Object.entries(content)) put(clean(path), value);

  const follow = (path: string, hops = 0): string => {
    const link = [...parentsOf(path), path].find((part) => isLink(files.get(part)));
    const value = link === undefined ? undefined : files.get(link);
    if (link === undefined || !isLink(value)) return path;
    if (hops > 20) throw new HumanError('file.link-loop', `${path} is a loop of links.`, 'Remove the links.');
    const target = posix.isAbsolute(value.link) ? value.link : posix.join(posix.dirname(link), value.link);
    return follow(clean(target + path.slice(link.length)), hops + 1);
  };
  const kindOf = (path: string): FileKind | undefined => {
    const value = files.get(path);
    if (value === undefined) return folders.has(path) ? 'folder' : undefined;
    return isLink(value) ? 'link' : 'file';
  };
  const readBytes = async (path: string) => {
    const file = follow(clean(path));
    reads.set(file, (reads.get(file) ?? 0) + 1);
    const value = files.get(file);
    if (value === undefined && folders.has(file)) {
      throw new HumanError('file.is-folder', `${path} is a folder, not a file.`, 'Rename the folder.');
    }
    if (value === undefined || isLink(value)) return undefined;
    return typeof value === 'string' ? new TextEncoder().encode(value) : value;
  };
  const read = async (path: string) => {
    const bytes = await readBytes(path);
    try {
      return bytes && new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw new HumanError('file.not-utf8', `${path} is not UTF-8 text.`, 'Save it as UTF-8.');
    }
  };

  return {
    root: '/workspace',
    reads,
    texts() {
      const texts = [...files].filter((pair): pair is [string, string] => typeof pair[1] === 'string');
      return Object.fromEntries(texts.sort(([a], [b]) => (a < b ? -1 : 1)));
    },
    read,
    readBytes,
    digest: async (path) => {
      const bytes = await readBytes(path);
      return bytes === undefined ? undefined : { bytes: bytes.length, sha256: await sha256(bytes) };
    },
    async stat(path): Promise<FileStat | undefined> {
      const file = follow(clean(path));
      const kind = kindOf(file);
      if (kind === undefined) return undefined;
      const size = kind === 'folder' ? 0 : ((await readBytes(file))?.length ?? 0);
      return { kind, size, modified: modified.get(file) ?? 0, executable: executables.has(file) };
    },
    async list(path): Promise<readonly FileEntry[]> {
      const folder = follow(clean(path));
      const names = [...files.keys(), ...folders].filter((entry) => entry !== '.' && posix.dirname(entry) === folder);
      return names.sort().map((entry) => ({ name: posix.basename(entry), kind: kindOf(entry) ?? 'other' }));
    },
    async write(path, text, { expected, executable } = {}) {
      const file = follow(clean(path));
      const before = await read(file);
      if (expected !== undefined && before !== (expected ?? undefined)) {
        throw new HumanError('file.changed', `${path} was changed by someone else meanwhile.`, 'Look, then try again.');
      }
      put(file, text);
      if (executable === true) executables.add(file);
    },
    async move(from, to) {
      const [source, target] = [clean(from), clean(to)];
      const value = files.get(source);
      if (value === undefined) throw new HumanError('file.missing', `${from} does not exist.`);
      if (files.has(target) || folders.has(target)) throw new HumanError('file.exists', `${to} exists already.`);
      files.delete(source);
      put(target, value);
    },
    async remove(path) {
      files.delete(clean(path));
    },
    async makeFolder(path) {
      const folder = clean(path);
      for (const one of [...parentsOf(folder), folder]) folders.add(one);
    },
  };
}

function isLink(value: MemoryContent | undefined): value is { readonly link: string } {
  return typeof value === 'object' && 'link' in value;
}

function clean(path: string): string {
  const normal = posix.normalize(path).replace(/(?<=.)\/$/, '');
  if (!posix.isAbsolute(normal) && normal !== '..' && !normal.startsWith('../')) return normal;
  throw new HumanError('file.outside', `${path} leaves the workspace.`, 'Use a path inside the workspace.');
}

function parentsOf(path: string): string[] {
  const parent = posix.dirname(path);
  return parent === '.' ? [] : [...parentsOf(parent), parent];
}
