import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { HumanError } from '../core/base/errors.ts';
import { WORKSPACE_MARKERS } from '../core/project/layout.ts';

/** The workspace that `--cwd` names, else the nearest folder upwards that looks like one. */
export function findWorkspace(start: string, named: string | undefined): string {
  if (named !== undefined) {
    const folder = resolve(start, named);
    if (!isFolder(folder))
      throw new HumanError('workspace.missing', `${folder} is not a folder.`, 'Name an existing folder with --cwd.');
    return folder;
  }
  const found = nearestWorkspace(start);
  if (found !== undefined) return found;
  throw new HumanError(
    'workspace.not-found',
    `No workspace at or above ${resolve(start)}: no infrabuilder.yaml, blueprint_tasks.yaml or tasks folder.`,
    'Create one with "infrabuilder init", or name one with --cwd. For a repository of your own, write an infrabuilder.yaml: "version: 1" and "paths: {source: .}".',
  );
}

/** The nearest folder, from `start` upwards, that looks like a workspace. */
export function nearestWorkspace(start: string): string | undefined {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    if (WORKSPACE_MARKERS.some((marker) => existsSync(join(folder, marker)))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
