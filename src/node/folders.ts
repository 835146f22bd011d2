import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

const STATE_FOLDER = '.infrabuilder';

/**
 * Makes a folder and those above it. Throws the system's own reason: Node's recursive mkdir calls a folder on a read-only
 * disk missing.
 */
export function makeFolders(folder: string): void {
  let made: string | undefined;
  try {
    made = mkdirSync(folder, { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(firstMissing(folder));
    made = mkdirSync(folder, { recursive: true }) ?? folder;
  }
  if (made !== undefined) hideState(folder);
}

/** Caches and logs must not show in the person's git, also where they have not told it to ignore `.infrabuilder`. */
function hideState(folder: string): void {
  const steps = folder.split(sep);
  const at = steps.lastIndexOf(STATE_FOLDER);
  if (at < 0) return;
  const file = join(steps.slice(0, at + 1).join(sep), '.gitignore');
  if (!existsSync(file)) writeFileSync(file, '*\n');
}

function firstMissing(folder: string): string {
  let missing = folder;
  while (dirname(missing) !== missing && statSync(dirname(missing), { throwIfNoEntry: false }) === undefined) {
    missing = dirname(missing);
  }
  return missing;
}
