import { HumanError } from '../base/errors.ts';
import { TASK_STATUSES } from '../model/task.ts';
import type { Files, Git, GivenFile, Processes, Target, TargetState, TemplateFile, Templates } from '../ports.ts';
import { type ContainerState, containerState } from './containers.ts';
import { adrPath, blueprintPath, foldersOf, GITIGNORE, join, layTemplates } from './layout.ts';
import { AGENT_FILES, SKILL } from './managedAgents.ts';
import type { BootstrapOptions } from './options.ts';

export interface SurveyPorts {
  readonly files: Files;
  readonly target: Target;
  readonly templates: Templates;
  readonly git: Git;
  readonly processes: Processes;
}

/** Text of a file that is there, or why it cannot be read as text. */
export type Existing = { readonly text: string } | { readonly obstacle: string };

/** What stands where a clone would go. */
export type CloneSite = 'missing' | 'empty' | 'folder' | 'repository' | 'file';

/** All that the plan depends on; taken once, so that planning is pure. */
export interface Survey {
  readonly target: TargetState;
  /** The files to lay, at their final paths. */
  readonly templates: readonly TemplateFile[];
  /** What a bootstrap without the sample would have written, by path. */
  readonly plain: ReadonlyMap<string, string>;
  /** The skill for agents, front matter included; empty where no agent is to be taught. */
  readonly skill: string;
  readonly existing: ReadonlyMap<string, Existing>;
  readonly folders: ReadonlySet<string>;
  /** File name of a task -> the path where it is now. */
  readonly tasks: ReadonlyMap<string, string>;
  readonly blueprint: GivenFile | undefined;
  readonly adr: GivenFile | undefined;
  readonly source: CloneSite;
  readonly testbed: CloneSite;
  readonly git: boolean;
  readonly containers: ContainerState;
}

/** Throws HumanError where a named blueprint or ADR is missing. Changes nothing. */
export async function survey(options: BootstrapOptions, ports: SurveyPorts, signal?: AbortSignal): Promise<Survey> {
  const { files, target, templates, git, processes } = ports;
  const { paths, remotes } = options;
  const sample = remotes === undefined ? await templates.load('sample') : [];
  const workspace = await templates.load('workspace');
  const laid = layTemplates(workspace, sample, paths);
  const state = await target.look();
  const isFolder = state.kind === 'folder';
  const existing = new Map<string, Existing>();
  const folders = new Set<string>();
  if (isFolder) {
    const own = [GITIGNORE, blueprintPath(paths), adrPath(paths), ...(options.agents ? AGENT_FILES : [])];
    for (const path of new Set([...laid.map((file) => file.path), ...own])) {
      const found = await readExisting(files, path);
      if (found !== undefined) existing.set(path, found);
    }
    for (const path of foldersOf(paths)) {
      if ((await files.stat(path))?.kind === 'folder') folders.add(path);
    }
  }
  return {
    target: state,
    templates: laid,
    plain: new Map(layTemplates(workspace, [], paths).map(({ path, content }) => [path, content])),
    skill: options.agents ? await skillText(templates) : '',
    existing,
    folders,
    tasks: isFolder ? await findTasks(files, paths.tasks) : new Map(),
    blueprint: await document(target, options.blueprint, '--blueprint', remotes ? BLUEPRINT_NAMES : []),
    adr: await document(target, options.adr, '--adr', remotes ? ['ADR-001.md'] : []),
    source: isFolder ? await cloneSite(files, paths.source) : 'missing',
    testbed: isFolder ? await cloneSite(files, paths.testbed) : 'missing',
    git: await git.available(),
    containers: options.containers
      ? await containerState({ files, processes }, isFolder ? paths.testbed : undefined, signal)
      : { kind: 'unwanted' },
  };
}

const BLUEPRINT_NAMES = ['Blueprint_vFinal.md', 'blueprint_vFinal.md'];

async function skillText(templates: Templates): Promise<string> {
  const skill = (await templates.load('skills')).find(({ path }) => path === SKILL);
  if (skill === undefined)
    throw new HumanError('template.missing', `The skill ${SKILL} is missing.`, 'Install InfraBuilder again.');
  return skill.content.replaceAll('\r\n', '\n');
}

async function readExisting(files: Files, path: string): Promise<Existing | undefined> {
  try {
    const text = await files.read(path);
    return text === undefined ? undefined : { text };
  } catch (error) {
    if (error instanceof HumanError && error.code !== 'file.outside') return { obstacle: error.message };
    throw error;
  }
}

async function findTasks(files: Files, folder: string): Promise<Map<string, string>> {
  const tasks = new Map<string, string>();
  for (const status of TASK_STATUSES) {
    for (const entry of await files.list(join(folder, status))) {
      if (entry.kind === 'file' && /\.ya?ml$/.test(entry.name)) tasks.set(entry.name, join(folder, status, entry.name));
    }
  }
  return tasks;
}

async function document(
  target: Target,
  given: string | undefined,
  option: string,
  names: readonly string[],
): Promise<GivenFile | undefined> {
  if (given !== undefined) {
    const content = await target.readGiven(given);
    if (content !== undefined) return { path: given, content };
    throw new HumanError(
      'init.document-missing',
      `There is no file ${given}.`,
      `Name an existing file with ${option}.`,
    );
  }
  for (const name of names) {
    const found = await target.readBeside(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function cloneSite(files: Files, folder: string): Promise<CloneSite> {
  const stat = await files.stat(folder);
  if (stat === undefined) return 'missing';
  if (stat.kind !== 'folder') return 'file';
  const entries = await files.list(folder);
  if (entries.length === 0) return 'empty';
  return entries.some((entry) => entry.name === '.git') ? 'repository' : 'folder';
}
