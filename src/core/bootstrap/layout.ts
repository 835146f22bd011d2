import { posix } from 'node:path';
import { type Paths, pathsSchema } from '../model/config.ts';
import { TASK_STATUSES } from '../model/task.ts';
import type { TemplateFile } from '../ports.ts';

const DEFAULTS = pathsSchema.parse({});
const E2E_PARTS = ['scenarios', 'kind', 'workload', 'chaos', 'validators', 'profiling', 'reporting'];

/** Names that mark a folder as a workspace: bootstrap continues there without a question. */
export const MARKERS = ['infrabuilder.yaml', 'blueprint_tasks.yaml'];
export const GITIGNORE = '.gitignore';

/** The folders of plan section 1.2 that hold no template. */
export function foldersOf(paths: Paths): string[] {
  return [
    paths.docs,
    ...TASK_STATUSES.map((status) => join(paths.tasks, status)),
    paths.reports,
    ...E2E_PARTS.map((part) => join(paths.e2e, part)),
  ];
}

export function blueprintPath(paths: Paths): string {
  return join(paths.docs, 'blueprint_vFinal.md');
}

export function adrPath(paths: Paths): string {
  return join(paths.docs, 'ADR-001.md');
}

/** The workspace's files: the sample's win over the plain ones, and both move to where `paths` says. */
export function layTemplates(
  workspace: readonly TemplateFile[],
  sample: readonly TemplateFile[],
  paths: Paths,
): TemplateFile[] {
  const files = new Map<string, TemplateFile>();
  for (const file of [...workspace, ...sample]) {
    const path = relocate(file.path, paths);
    files.set(path, { ...file, path });
  }
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function relocate(path: string, paths: Paths): string {
  const [first = '', ...rest] = path.split('/');
  const key = (Object.keys(DEFAULTS) as (keyof Paths)[]).find((name) => DEFAULTS[name] === first);
  return key === undefined || rest.length === 0 ? path : join(paths[key], ...rest);
}

/** What git should not see, as managed lines of `.gitignore`. `clones` are repositories of their own. */
export function ignoredLines(paths: Paths, clones: readonly string[]): string[] {
  return [
    '.infrabuilder/',
    '_bench.txt',
    '.*.tmp',
    '*.bak-*',
    `${join(paths.e2e, 'results')}/`,
    `${join(paths.testbed, 'results')}/`,
    ...clones.map((folder) => `/${join(folder)}/`),
  ];
}

/** True where `path` is `folder` or lies in it. */
export function isWithin(path: string, folder: string): boolean {
  return path === join(folder) || path.startsWith(`${join(folder)}/`);
}

export function join(...parts: string[]): string {
  return posix.join(...parts).replace(/(.)\/$/, '$1');
}
