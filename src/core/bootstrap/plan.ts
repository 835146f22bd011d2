import type { TemplateFile } from '../ports.ts';
import type { BootstrapAction, BootstrapPlan } from './action.ts';
import { adrPath, blueprintPath, foldersOf, GITIGNORE, ignoredLines, isWithin, join } from './layout.ts';
import { AGENT_FILES, planAgentFile } from './managedAgents.ts';
import type { BootstrapOptions } from './options.ts';
import { planFile, planGitignore } from './planFiles.ts';
import { planClone, planCommit, planContainers } from './planSteps.ts';
import { hasPassword, type Remote, redact } from './remote.ts';
import type { Survey } from './survey.ts';
import { judgeTarget } from './target.ts';

/** What a bootstrap would do to the folder that `survey` describes. Pure. Throws HumanError for an unfit target. */
export function planBootstrap(options: BootstrapOptions, survey: Survey): BootstrapPlan {
  const judged = judgeTarget(survey.target);
  const actions: BootstrapAction[] = [];
  const unchanged: string[] = [];
  const warnings = [...judged.warnings];
  const { paths } = options;

  const settle = (action: BootstrapAction | undefined, path: string) => {
    if (action === undefined) unchanged.push(path);
    else actions.push(action);
  };

  const documents = new Map<string, TemplateFile & { from: string }>();
  for (const [path, found] of [
    [blueprintPath(paths), survey.blueprint],
    [adrPath(paths), survey.adr],
  ] as const) {
    if (found) documents.set(path, { path, content: found.content, executable: false, from: found.path });
  }

  const clones = options.remotes === undefined ? [] : cloneFolders(options);
  const foreign = options.remotes === undefined ? foreignClones(options, survey) : [];
  for (const folder of foreign) actions.push(foreignConflict(folder));

  const templates = survey.templates.filter(
    (file) =>
      file.path !== GITIGNORE && !documents.has(file.path) && !foreign.some((folder) => isWithin(file.path, folder)),
  );
  // First, because it marks the folder as a workspace: a run that is cut short can then be run again.
  templates.sort((a, b) => Number(b.path === 'infrabuilder.yaml') - Number(a.path === 'infrabuilder.yaml'));
  for (const file of templates) settle(planFile(file, options, survey), file.path);
  for (const file of documents.values()) settle(planFile(file, options, survey, file.from), file.path);
  settle(planGitignore(survey, ignoredLines(paths, clones)), GITIGNORE);
  for (const path of options.agents ? AGENT_FILES : []) settle(planAgentFile(path, paths, survey), path);
  for (const path of foldersOf(paths)) {
    if (!survey.folders.has(path)) actions.push({ kind: 'create-folder', path });
  }

  if (options.remotes !== undefined) {
    actions.push(planClone(paths.source, '--source', options.remotes.source, survey.source, survey.git));
    actions.push(planClone(paths.testbed, '--testbed', options.remotes.testbed, survey.testbed, survey.git));
    warnings.push(...passwordWarnings([options.remotes.source, options.remotes.testbed]));
  } else actions.push(planCommit(options, survey, unchanged, actions));
  actions.push(planContainers(options, survey));
  warnings.push(...documentWarnings(options, survey, documents));
  return { root: survey.target.path, actions, unchanged, strangers: judged.strangers, warnings };
}

function cloneFolders({ paths }: BootstrapOptions): string[] {
  return [paths.source, paths.testbed].filter((folder) => join(folder) !== '.');
}

function foreignClones({ paths }: BootstrapOptions, survey: Survey): string[] {
  return [
    ...(survey.source === 'repository' && join(paths.source) !== '.' ? [paths.source] : []),
    ...(survey.testbed === 'repository' && join(paths.testbed) !== '.' ? [paths.testbed] : []),
  ];
}

function foreignConflict(path: string): BootstrapAction {
  return {
    kind: 'conflict',
    path,
    message: `${path} is a repository of its own; the sample is not mixed into it.`,
    hint: 'Use another folder for --sample, or leave out --sample.',
  };
}

function passwordWarnings(remotes: readonly Remote[]): string[] {
  return remotes
    .filter((remote) => hasPassword(remote.url))
    .map(({ url }) => `git keeps the password of ${redact(url)} in .git/config. A credential helper is safer.`);
}

function documentWarnings(
  { paths }: BootstrapOptions,
  survey: Survey,
  documents: ReadonlyMap<string, unknown>,
): string[] {
  const missing = (path: string) =>
    !documents.has(path) && !survey.existing.has(path) && !survey.templates.some((file) => file.path === path);
  const [blueprint, adr] = [blueprintPath(paths), adrPath(paths)];
  return [
    missing(blueprint)
      ? `There is no blueprint yet. Copy yours to ${blueprint}, or run init again with --blueprint FILE. Until then validate reports blueprint.missing.`
      : '',
    missing(adr) ? `There is no ADR yet. Copy yours to ${adr}, or run init again with --adr FILE.` : '',
  ].filter(Boolean);
}
