import { posix } from 'node:path';
import type { Config, Paths } from '../model/config.ts';
import { RUN_PATTERN } from '../model/evidence.ts';
import { TASK_STATUSES, type TaskStatus } from '../model/task.ts';
import type { ReportKind } from './documents.ts';
import { groupBy } from './group.ts';

export const CONFIG_FILES = ['infrabuilder.yaml', 'infrabuilder.yml'] as const;
export const MAPPING_FILES = ['blueprint_tasks.yaml', 'blueprint_tasks.yml'] as const;
/** A folder that holds one of these is a workspace. */
export const WORKSPACE_MARKERS = [
  ...CONFIG_FILES,
  ...MAPPING_FILES,
  'tasks/pending',
  'tasks/in_progress',
  'tasks/done',
];
/** The root folder as a key of listings. */
export const ROOT = '.';

const YAML = /\.ya?ml$/i;
const MARKDOWN = /\.md$/i;
const REPORT = /^(.+)_(plan|arch|result)\.md$/;
const ADR = /^adr[-_ ]?\d+.*\.md$/i;
const BLUEPRINT = /blueprint.*\.md$/i;
const FINAL_BLUEPRINT = /^blueprint_vfinal\.md$/i;

/** What a file is for the workspace, by where it lies and how it is named. */
export type FileRole =
  | { readonly kind: 'config' | 'mapping' | 'scenario' | 'deviation' | 'markdown' | 'adr' | 'stray-task' }
  | { readonly kind: 'task'; readonly status: TaskStatus }
  | { readonly kind: 'evidence' }
  | { readonly kind: 'report'; readonly slug: string; readonly report: ReportKind };

/** A folder that is listed, and the key of `paths` in `infrabuilder.yaml` that names it. */
export interface LayoutFolder {
  readonly path: string;
  readonly key: keyof Paths | undefined;
  role(name: string): FileRole | undefined;
}

/** Where the files of plan section 1.2 lie, given the configured paths. */
export interface Layout {
  /** Equal keys mean equal layouts. */
  readonly key: string;
  readonly folders: ReadonlyMap<string, readonly LayoutFolder[]>;
  readonly taskFolder: string;
  readonly tasks: Readonly<Record<TaskStatus, string>>;
  readonly scenarios: string;
  readonly docs: string;
  readonly adrFolders: readonly string[];
  readonly reports: string;
  readonly evidence: string;
  /** As configured; undefined where it is to be found by name. */
  readonly blueprint: string | undefined;
}

export function createLayout({ paths, blueprint }: Pick<Config, 'paths' | 'blueprint'>): Layout {
  const at = (key: keyof Paths, ...parts: string[]) => joinPath(paths[key], ...parts);
  const tasks = {
    pending: at('tasks', 'pending'),
    in_progress: at('tasks', 'in_progress'),
    done: at('tasks', 'done'),
  };
  const list: LayoutFolder[] = [
    { path: ROOT, key: undefined, role: rootRole },
    { path: at('tasks'), key: 'tasks', role: at('tasks') === ROOT ? () => undefined : strayRole },
    ...TASK_STATUSES.map((status): LayoutFolder => {
      const role: FileRole = { kind: 'task', status };
      return { path: tasks[status], key: 'tasks', role: (name) => (isVisibleYaml(name) ? role : undefined) };
    }),
    {
      path: at('e2e', 'scenarios'),
      key: 'e2e',
      role: (name) => (isVisibleYaml(name) ? { kind: 'scenario' } : undefined),
    },
    { path: at('docs'), key: 'docs', role: docsRole },
    { path: at('docs', 'adr'), key: 'docs', role: (name) => (MARKDOWN.test(name) ? { kind: 'adr' } : undefined) },
    { path: at('docs', 'decisions'), key: 'docs', role: (name) => (MARKDOWN.test(name) ? { kind: 'adr' } : undefined) },
    {
      path: at('docs', 'deviations'),
      key: 'docs',
      role: (name) => (isVisibleYaml(name) ? { kind: 'deviation' } : undefined),
    },
    { path: at('reports'), key: 'reports', role: reportRole },
    {
      path: at('reports', 'evidence'),
      key: 'reports',
      role: (name) => (RUN_PATTERN.test(name.replace(/\.json$/, '')) ? { kind: 'evidence' } : undefined),
    },
  ];
  const named = blueprint === undefined ? undefined : joinPath(blueprint);
  if (named !== undefined) list.push({ path: folderOf(named), key: undefined, role: () => undefined });
  return {
    key: JSON.stringify([paths, blueprint]),
    folders: groupBy(list, (folder) => folder.path),
    taskFolder: at('tasks'),
    tasks,
    scenarios: at('e2e', 'scenarios'),
    docs: at('docs'),
    adrFolders: [at('docs'), at('docs', 'adr'), at('docs', 'decisions')],
    reports: at('reports'),
    evidence: at('reports', 'evidence'),
    blueprint: named,
  };
}

/** The role of a file, or undefined for one that the workspace does not look at. */
export function roleOf(layout: Layout, path: string): FileRole | undefined {
  if (path === layout.blueprint) return { kind: 'markdown' };
  const name = nameOf(path);
  for (const folder of layout.folders.get(folderOf(path)) ?? []) {
    const role = folder.role(name);
    if (role !== undefined) return role;
  }
  return undefined;
}

/** The names in one folder that can be the blueprint, the likeliest first. */
export function blueprintNames(names: Iterable<string>): readonly string[] {
  const found = [...names].filter((name) => BLUEPRINT.test(name)).sort();
  const final = found.filter((name) => FINAL_BLUEPRINT.test(name));
  return final.length > 0 ? final : found;
}

/** `a/b` for `./a//b/`; `.` for the root. Throws nothing: a path that leaves the root stays visible as `../x`. */
export function joinPath(...parts: string[]): string {
  const path = posix.join(...parts);
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** The path of `name` in `folder`, where the folder may be the root. */
export function inFolder(folder: string, name: string): string {
  return folder === ROOT ? name : `${folder}/${name}`;
}

export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? ROOT : path.slice(0, slash);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The file name without its folder and its `.yaml` or `.yml`. */
export function stemOf(path: string): string {
  return nameOf(path).replace(YAML, '');
}

/** Editors leave `.x.yaml.swp` and `.#x.yaml` behind; a name that starts with a dot is no task. */
function isVisibleYaml(name: string): boolean {
  return YAML.test(name) && !name.startsWith('.');
}

function rootRole(name: string): FileRole | undefined {
  if ((CONFIG_FILES as readonly string[]).includes(name)) return { kind: 'config' };
  if ((MAPPING_FILES as readonly string[]).includes(name)) return { kind: 'mapping' };
  return BLUEPRINT.test(name) ? { kind: 'markdown' } : undefined;
}

function strayRole(name: string): FileRole | undefined {
  return isVisibleYaml(name) ? { kind: 'stray-task' } : undefined;
}

function docsRole(name: string): FileRole | undefined {
  if (ADR.test(name)) return { kind: 'adr' };
  return MARKDOWN.test(name) ? { kind: 'markdown' } : undefined;
}

function reportRole(name: string): FileRole | undefined {
  const match = REPORT.exec(name);
  const [, slug, report] = match ?? [];
  if (slug === undefined || report === undefined) return undefined;
  return { kind: 'report', slug, report: report as ReportKind };
}
