import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it. Throws the system's own reason: Node's recursive mkdir calls a folder on a read-only
 * disk missing.
 */
export function makeFolders(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(firstMissing(folder));
    mkdirSync(folder, { recursive: true });
  }
}

function firstMissing(folder: string): string {
  let missing = folder;
  while (dirname(missing) !== missing && statSync(dirname(missing), { throwIfNoEntry: false }) === undefined) {
    missing = dirname(missing);
  }
  return missing;
}
