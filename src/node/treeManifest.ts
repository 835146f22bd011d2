import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';

const OWNER_MAY_RUN = 0o100;
const SKIPPED = new Set(['.git', '.infrabuilder', 'node_modules', '.DS_Store']);

export interface ManifestListing {
  readonly files: Map<string, string>;
  /** Folders that are repositories of their own; their files are not among `files`. */
  readonly nested: readonly string[];
}

/** Files below a folder by the SHA-256 of their bytes. Plain names in `.gitignore` are left out, as git would. */
export function listByHash(folder: string, without: readonly string[]): ManifestListing {
  const listing = { files: new Map<string, string>(), nested: [] as string[] };
  walk(folder, '', [], new Set(without), listing);
  return listing;
}

/** Mode and digest of one file; the target of a link; a mark for what may not be read. */
export function hashFile(absolute: string, stats: Stats): string {
  if (stats.isSymbolicLink()) return `link ${readlinkSync(absolute)}`;
  const mode = (stats.mode & OWNER_MAY_RUN) === 0 ? '100644' : '100755';
  try {
    return `${mode} sha256:${createHash('sha256').update(readFileSync(absolute)).digest('hex')}`;
  } catch {
    return `${mode} unreadable ${stats.size} ${stats.mtimeMs}`;
  }
}

function walk(
  root: string,
  folder: string,
  ignored: readonly RegExp[],
  without: ReadonlySet<string>,
  listing: { files: Map<string, string>; nested: string[] },
): void {
  const here = join(root, folder);
  const patterns = [...ignored, ...readIgnored(join(here, '.gitignore'), folder)];
  const entries = readdirSync(here, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (SKIPPED.has(entry.name) || without.has(path)) continue;
    const shown = entry.isDirectory() ? `${path}/` : path;
    if (patterns.some((pattern) => pattern.test(shown))) continue;
    if (entry.isDirectory()) {
      if (existsSync(join(root, path, '.git'))) listing.nested.push(path);
      else walk(root, path, patterns, without, listing);
    } else if (entry.isFile() || entry.isSymbolicLink()) {
      listing.files.set(path, hashFile(join(root, path), lstatSync(join(root, path))));
    }
  }
}

/** Names, `*` and folders; lines with `!`, `**` or classes are passed over, which keeps more files rather than fewer. */
function readIgnored(file: string, folder: string): RegExp[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^[#!]|\*\*|[[\]?\\]/.test(line))
    .map((line) => {
      const anchored = line.replace(/\/$/, '').includes('/');
      const body = line.replace(/^\//, '').replace(/\/$/, '').replaceAll('.', '\\.').replaceAll('*', '[^/]*');
      const start = `${folder === '' ? '' : `${folder.replace(/[.+^${}()|]/g, '\\$&')}/`}${anchored ? '' : '(?:.*/)?'}`;
      return new RegExp(`^${start}${body}${line.endsWith('/') ? '/' : '(?:/|$)'}`);
    });
}
