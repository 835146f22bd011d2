import { errorMessage, HumanError } from '../base/errors.ts';
import type { FileStat, Files } from '../ports.ts';
import { CONFIG_FILES, inFolder, type Layout, MAPPING_FILES, ROOT } from '../project/layout.ts';

/** What questions are answered from. */
export interface Corpus {
  /** Sorted by path. */
  readonly files: readonly { readonly path: string; readonly stat: FileStat }[];
  readonly skipped: readonly Skipped[];
}

/** A document that is not searched, and why. */
export interface Skipped {
  readonly file: string;
  readonly reason: string;
}

const MARKDOWN = /\.md$/i;
const YAML = /\.ya?ml$/i;
const ROOT_FILES = /^(?:conformance\.ya?ml|.*blueprint.*\.md)$/i;
const FOREIGN_FOLDERS = new Set(['node_modules', 'vendor', 'dist', 'results']);
const DEEPEST = 6;
/** Beyond this a file is data, not a document. */
export const LARGEST = 64 * 2 ** 20;

/** Blueprint, ADRs, runbook and other documents, reports, tasks, scenarios, and the files that define goals and rules. */
export async function listCorpus(files: Files, layout: Layout): Promise<Corpus> {
  const found = new Map<string, FileStat>();
  const skipped: Skipped[] = [];
  const add = async (path: string): Promise<void> => {
    if (found.has(path)) return;
    const stat = await attempt(path, skipped, () => files.stat(path));
    if (stat === undefined || stat.kind !== 'file') return;
    if (stat.size > LARGEST) skipped.push({ file: path, reason: `it is larger than ${LARGEST / 2 ** 20} MB` });
    else found.set(path, stat);
  };
  const walk = async (folder: string, wanted: RegExp, depth: number): Promise<void> => {
    for (const { name, kind } of (await attempt(folder, skipped, () => files.list(folder))) ?? []) {
      if (name.startsWith('.')) continue;
      const path = inFolder(folder, name);
      if (kind === 'folder') {
        if (depth > 0 && !FOREIGN_FOLDERS.has(name)) await walk(path, wanted, depth - 1);
      } else if (wanted.test(name)) await add(path);
    }
  };
  for (const path of [...CONFIG_FILES, ...MAPPING_FILES, layout.blueprint ?? '']) if (path !== '') await add(path);
  await walk(ROOT, ROOT_FILES, 0);
  await walk(layout.docs, /\.(?:md|ya?ml)$/i, DEEPEST);
  for (const folder of Object.values(layout.tasks)) await walk(folder, YAML, 0);
  await walk(layout.scenarios, YAML, 0);
  await walk(layout.reports, MARKDOWN, 0);
  return {
    files: [...found].map(([path, stat]) => ({ path, stat })).sort((a, b) => (a.path < b.path ? -1 : 1)),
    skipped,
  };
}

/** Undefined where the file system says no: one file that cannot be read keeps no answer from coming. */
export async function attempt<T>(file: string, skipped: Skipped[], read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const isExpected = error instanceof HumanError || (error instanceof Error && 'code' in error);
    if (!isExpected) throw error;
    skipped.push({ file, reason: errorMessage(error) });
    return undefined;
  }
}
