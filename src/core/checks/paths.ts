import { posix } from 'node:path';

/**
 * A path that a tool printed, relative to the workspace root; undefined when it leads outside. Relative paths are taken
 * from `cwd`; absolute ones may use the other system's separators and, with a drive letter, other letter case.
 */
export function workspacePath(path: string, cwd: string, root: string): string | undefined {
  const clean = slashes(path);
  if (!isAbsolutePath(clean)) return inside(posix.join(cwd, clean));
  const base = slashes(root).replace(/\/+$/, '');
  const drive = /^[A-Za-z]:/.test(base);
  const [a, b] = drive ? [clean.toLowerCase(), base.toLowerCase()] : [clean, base];
  return a.startsWith(`${b}/`) ? inside(posix.normalize(clean.slice(base.length + 1))) : undefined;
}

export function isAbsolutePath(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path);
}

function inside(path: string): string | undefined {
  const normal = posix.normalize(path);
  return normal === '..' || normal.startsWith('../') || normal === '.' ? undefined : normal;
}

/** A backslash is a separator only where a path can have drives or has no slash: `a\b.go`, `C:\a\b.go`. */
function slashes(path: string): string {
  return /^[A-Za-z]:/.test(path) || !path.includes('/') ? path.replaceAll('\\', '/') : path;
}
