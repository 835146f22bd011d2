import { posix } from 'node:path';
import { z } from 'zod';

/** A path below the workspace root, with `/`: what lies outside is not known to evidence, and is not the same elsewhere. */
export const workspacePathSchema = z.string().min(1).refine(isWorkspacePath, {
  message: 'must be a path inside the workspace, relative to its root',
});

function isWorkspacePath(path: string): boolean {
  const isAbsolute = /^(?:[\\/]|[A-Za-z]:)/.test(path);
  return !isAbsolute && !/^\.\.(?:\/|$)/.test(posix.normalize(path.replaceAll('\\', '/')));
}
