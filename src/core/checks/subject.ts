import { posix } from 'node:path';
import type { Check } from '../model/check.ts';
import type { FileStat, Files } from '../ports.ts';

/** Raw output of a replay; other files beside it are none of the oracle's business. */
const RAW_OUTPUT = /\.jsonl$/;

/** Whether a folder of the check holds a Go file. `gofmt -l` is silent on an empty folder, too. */
export async function hasGoFile(files: Files, check: Check, cwd: string): Promise<boolean> {
  const direct = /^gofmt(?:\.exe)?$/.test(posix.basename(check.run[0] ?? ''));
  const named = direct ? check.run.slice(1).filter((word) => !word.startsWith('-')) : [];
  const roots = named.length === 0 ? [cwd] : named.map((path) => posix.join(cwd, path));
  for (const root of roots)
    if (root.endsWith('.go') || root.startsWith('..') || (await holdsGoFile(files, root))) return true;
  return false;
}

async function holdsGoFile(files: Files, folder: string): Promise<boolean> {
  const entries = await files.list(folder);
  if (entries.some((entry) => entry.kind === 'file' && entry.name.endsWith('.go'))) return true;
  for (const entry of entries) {
    if (entry.kind === 'folder' && !entry.name.startsWith('.') && entry.name !== 'node_modules') {
      if (await holdsGoFile(files, posix.join(folder, entry.name))) return true;
    }
  }
  return false;
}

export type OutputState = ReadonlyMap<string, FileStat>;

/** What a replay's folder holds before or after a run. */
export async function outputState(files: Files, folder: string): Promise<OutputState> {
  const state = new Map<string, FileStat>();
  for (const entry of await files.list(folder)) {
    const stat = RAW_OUTPUT.test(entry.name) ? await files.stat(posix.join(folder, entry.name)) : undefined;
    if (stat !== undefined) state.set(entry.name, stat);
  }
  return state;
}

/** True when each file was written between the two states: old output would be judged as if it were new. */
export function isRewritten(before: OutputState, after: OutputState): boolean {
  return after.size > 0 && [...after].every(([name, stat]) => before.get(name)?.modified !== stat.modified);
}
