import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What stands at a path. */
const contentSchema = z.object({
  kind: z.enum(['file', 'link']),
  sha256: z.string(),
  /** Whether the owner may execute it; false for all where the system has no such right. */
  executable: z.boolean(),
});

/** Null where there is nothing; `blocked` where a folder, or a link on the way, takes the place. */
export const fileStateSchema = z.union([contentSchema, z.null(), z.literal('blocked')]);
export type FileState = z.infer<typeof fileStateSchema>;

const OWNER_MAY_RUN = 0o100;

/** The state of a path below a folder. A link anywhere on the way is never followed. */
export function stateOf(root: string, path: string): FileState {
  const parts = path.split('/');
  let folder = root;
  for (const part of parts.slice(0, -1)) {
    folder = join(folder, part);
    const stats = lstatSync(folder, { throwIfNoEntry: false });
    if (stats === undefined) return null;
    // A file where the run has a folder: the run took it away first.
    if (!stats.isDirectory()) return stats.isFile() ? null : 'blocked';
  }
  const absolute = join(folder, parts.at(-1) ?? '');
  const stats = lstatSync(absolute, { throwIfNoEntry: false });
  if (stats === undefined) return null;
  if (stats.isSymbolicLink()) return { kind: 'link', sha256: digest(readlinkSync(absolute)), executable: false };
  if (!stats.isFile()) return stats.isDirectory() ? null : 'blocked';
  const executable = process.platform !== 'win32' && (stats.mode & OWNER_MAY_RUN) !== 0;
  return { kind: 'file', sha256: digest(readFileSync(absolute)), executable };
}

export function isSameState(a: FileState, b: FileState): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function digest(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
