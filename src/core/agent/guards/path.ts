import { type Refusal, refusal } from './refusal.ts';

const LONGEST_PATH = 400;
/** Names that Windows keeps for devices, with any ending. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
/** Control and format characters, and every space but the plain one: some file systems drop or merge them. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}\u00a0\u1680\u2000-\u200f\u202f\u205f\u3000]/u;
/** `GIT~1`: a second name that Windows gives to a file. */
const SHORT_NAME = /~\d/;

/**
 * A path of a model as the workspace names it: relative, with `/`, without `.` and `..`. What could mean another file on
 * any system is refused, not repaired.
 */
export function plainPath(path: string): { readonly path: string } | Refusal {
  const why = fault(path);
  if (why !== undefined) {
    const shown = JSON.stringify(path.slice(0, 120));
    return refusal(
      'guard.path',
      `${shown} ${why}. Give a path relative to the workspace root, as list_files shows it.`,
    );
  }
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return { path: parts.join('/') || '.' };
}

function fault(path: string): string | undefined {
  if (path.length > LONGEST_PATH) return `has more than ${LONGEST_PATH} characters`;
  if (INVISIBLE.test(path)) return 'has characters that cannot be seen';
  if (path.includes('\\')) return 'has a backslash';
  if (path.startsWith('/') || path.startsWith('~')) return 'is not relative';
  if (path.includes(':')) return 'has a colon';
  if (path !== path.normalize('NFC')) return 'is not written in composed characters (NFC)';
  for (const part of path.split('/')) {
    if (part === '..') return 'climbs with ".."';
    if (part !== '.' && /[. ]$/.test(part)) return 'has a part that ends in a dot or a space';
    if (part.startsWith(' ')) return 'has a part that begins with a space';
    if (DEVICE.test(part)) return 'names a device';
    if (SHORT_NAME.test(part)) return 'has a short name of Windows';
  }
  return undefined;
}

/** Equal for paths that some file system takes for the same: case and compatible characters do not count. */
export function foldedPath(path: string): string {
  return path.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}

export function isBelow(path: string, folder: string): boolean {
  return folder === '.' || path === folder || path.startsWith(`${folder}/`);
}
