import { readdirSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HumanError } from '../core/base/errors.ts';
import { WORKSPACE_MARKERS } from '../core/project/layout.ts';

/** Where a workspace may come from. Absolute paths. */
export interface Sources {
  /** The one that the command line named. */
  readonly given?: string | undefined;
  /** The one around the folder that the server was started in. */
  readonly here?: string | undefined;
}

/**
 * The workspace to serve. `roots` are the URIs in which the client lets servers work; without any, nothing is bounded. Where
 * none was named, it is the one in a root. Throws HumanError for none, for several, and for one outside of the roots.
 */
export function chooseWorkspace({ given, here }: Sources, roots: readonly string[] | undefined): string {
  if (roots === undefined || roots.length === 0) {
    const found = given ?? here;
    if (found !== undefined) return found;
    throw new HumanError('workspace.not-found', 'No workspace was named, and none is around the server.', NAME_ONE);
  }
  const folders = roots.flatMap((uri) => folderOfRoot(uri) ?? []);
  const isInside = (path: string) => folders.some((folder) => isWithin(path, folder));
  if (given !== undefined) {
    if (isInside(given)) return given;
    throw new HumanError(
      'workspace.outside-roots',
      `The workspace ${given} is outside of the client's roots: ${roots.join(', ')}.`,
      'Open its folder in the client, or start the server with --cwd and a folder inside.',
    );
  }
  const found = [...new Set(folders.flatMap(workspacesIn))];
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const started = here === undefined ? undefined : realPath(here);
  if (started !== undefined && found.includes(started)) return started;
  if (only === undefined) {
    const message = `There is no workspace in the client's roots: ${roots.join(', ')}.`;
    throw new HumanError('workspace.not-found', message, 'Open the folder of a workspace in the client, or make one.');
  }
  const message = `Several workspaces are in the client's roots: ${found.join(', ')}.`;
  throw new HumanError('workspace.ambiguous', message, NAME_ONE);
}

const NAME_ONE = 'Start the server with "infrabuilder mcp --cwd DIR".';

/** The folder of a `file:` URI with its links resolved; undefined for what is not on this machine. */
function folderOfRoot(uri: string): string | undefined {
  try {
    return realPath(fileURLToPath(uri));
  } catch {
    return undefined;
  }
}

/** A root itself, or the folders directly in it: `init` makes `workspace/` in the folder that one stands in. */
function workspacesIn(root: string): string[] {
  if (isWorkspace(root)) return [root];
  try {
    const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return folders.map(({ name }) => join(root, name)).filter(isWorkspace);
  } catch {
    return [];
  }
}

function isWorkspace(folder: string): boolean {
  return WORKSPACE_MARKERS.some((marker) => statSync(join(folder, marker), { throwIfNoEntry: false }) !== undefined);
}

/** By real paths: a link in a root must not lead out of it. */
function isWithin(path: string, folder: string): boolean {
  const real = realPath(path);
  if (real === undefined) return false;
  const way = relative(folder, real);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}
