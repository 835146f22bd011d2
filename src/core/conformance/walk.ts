import { errorMessage, throwIfCancelled } from '../base/errors.ts';
import type { Issue } from '../model/issue.ts';
import { FILE_START } from '../model/source.ts';
import type { FileEntry, Files } from '../ports.ts';
import { matchesGlob } from './glob.ts';
import { languageOf } from './languages/index.ts';

const MANIFESTS = new Set(['go.mod', 'package.json', 'Cargo.toml']);
const SCRIPT_CONFIG = /^(?:ts|js)config(?:\.[\w-]+)*\.json$/;

/** Whether a file of this name says how packages of the tree are named. */
export function isManifest(name: string): boolean {
  return MANIFESTS.has(name) || SCRIPT_CONFIG.test(name);
}

/** Code of others, or no code: no tool of any language here builds it as part of the project. */
const SKIPPED = new Set(['node_modules', 'vendor', 'testdata', '__pycache__', '.git']);

export interface Walked {
  /** Source files, relative to the source folder. */
  readonly files: readonly string[];
  readonly manifests: readonly string[];
  /** Links to folders, which are not followed. */
  readonly links: readonly string[];
  /** For each ignore glob whether it held something. */
  readonly ignored: ReadonlySet<string>;
  readonly issues: readonly Issue[];
}

/** Joins two workspace paths, of which either may be ``. */
export function joined(folder: string, name: string): string {
  return folder === '' ? name : name === '' ? folder : `${folder}/${name}`;
}

export function isSource(path: string): boolean {
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  if (languageOf(name) === undefined || parts.some((part) => part.startsWith('.') || SKIPPED.has(part))) return false;
  return !(name.endsWith('.go') && parts.some((part) => part.startsWith('_')));
}

/**
 * Lists the source files below `source`. Links to folders are never followed, so no loop can catch it; links to files
 * count as files where they stay inside the workspace.
 */
export async function walk(
  files: Files,
  source: string,
  ignore: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Walked> {
  const found: string[] = [];
  const manifests: string[] = [];
  const links: string[] = [];
  const ignored = new Set<string>();
  const issues: Issue[] = [];
  const report = (code: string, severity: Issue['severity'], path: string, message: string) =>
    issues.push({ code, severity, message, file: joined(source, path), range: FILE_START });

  async function take(path: string, entry: FileEntry): Promise<void> {
    const globs = ignore.filter((glob) => matchesGlob(glob, path));
    for (const glob of globs) ignored.add(glob);
    if (globs.length > 0) return;
    if (entry.kind === 'folder') {
      if (!SKIPPED.has(entry.name) && !entry.name.startsWith('.')) await visit(path);
    } else if (entry.kind === 'file') {
      if (isManifest(entry.name)) manifests.push(path);
      else if (isSource(path)) found.push(path);
    } else if (entry.kind === 'link') await takeLink(path);
  }

  async function takeLink(path: string): Promise<void> {
    try {
      const stat = await files.stat(joined(source, path));
      if (stat?.kind === 'file' && isSource(path)) found.push(path);
      else if (stat?.kind === 'folder') {
        links.push(path);
        report('conformance.link', 'info', path, 'This link to a folder is not followed.');
      }
    } catch (error) {
      links.push(path);
      report('conformance.link', 'info', path, `This link is not followed: ${errorMessage(error)}`);
    }
  }

  async function visit(folder: string): Promise<void> {
    throwIfCancelled(signal);
    try {
      for (const entry of await files.list(joined(source, folder))) await take(joined(folder, entry.name), entry);
    } catch (error) {
      throwIfCancelled(signal);
      if (folder === '') throw error;
      report('conformance.unreadable', 'error', folder, `This folder cannot be read: ${errorMessage(error)}`);
    }
  }

  await visit('');
  return { files: found, manifests, links, ignored, issues };
}
