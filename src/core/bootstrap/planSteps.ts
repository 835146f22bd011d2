import { type BootstrapAction, isWrite } from './action.ts';
import { isComposeFile, NO_COMPOSE_FILE } from './containers.ts';
import { isWithin, join } from './layout.ts';
import type { BootstrapOptions } from './options.ts';
import { type Remote, type RemoteOption, redact } from './remote.ts';
import type { CloneSite, Survey } from './survey.ts';

export function planClone(
  path: string,
  option: RemoteOption,
  remote: Remote,
  site: CloneSite,
  git: boolean,
): BootstrapAction {
  if (join(path) === '.') return { kind: 'skip', what: path, reason: 'the workspace itself is this repository' };
  switch (site) {
    case 'repository':
      return { kind: 'skip', what: path, reason: 'it is there already' };
    case 'folder':
      return { kind: 'keep', path, reason: 'it is there already, but has no git history, which goal G-1 needs' };
    case 'file':
      return {
        kind: 'conflict',
        path,
        message: `${path} is a file; the clone of ${redact(remote.url)} goes there.`,
        hint: `Rename ${path}.`,
      };
    case 'missing':
    case 'empty':
      if (git) return { kind: 'clone', path, remote, option };
      return {
        kind: 'conflict',
        path,
        message: `git is not installed, so ${redact(remote.url)} cannot be cloned.`,
        hint: 'Install git (see "infrabuilder doctor"), or use --sample.',
      };
  }
}

/** The first commits of a sample; never in a repository that is there already. */
export function planCommit(
  options: BootstrapOptions,
  survey: Survey,
  unchanged: readonly string[],
  actions: readonly BootstrapAction[],
): BootstrapAction {
  const skip = (reason: string): BootstrapAction => ({ kind: 'skip', what: 'git repository', reason });
  const { repository, path } = survey.target;
  if (repository !== undefined) {
    return skip(
      repository === path
        ? 'the workspace is one already'
        : `the workspace lies in the repository ${repository}; init commits nothing there`,
    );
  }
  if (!options.git) return skip('not wanted');
  if (!survey.git) return skip('git is not installed; goal G-1 and the freshness of evidence work best with it');
  const files = [...actions.filter(isWrite).map((action) => action.path), ...unchanged].sort();
  const isCode = (file: string) => isWithin(file, options.paths.source) || isWithin(file, options.paths.testbed);
  // Two commits, so that HEAD^ exists and holds the schema that goal G-1 compares with.
  const commits = [
    { message: 'Import the embedded agent and its testbed', files: files.filter(isCode) },
    { message: 'Lay the InfraBuilder workspace', files: files.filter((file) => !isCode(file)) },
  ];
  return { kind: 'commit', commits: commits.filter((commit) => commit.files.length > 0) };
}

export function planContainers(options: BootstrapOptions, survey: Survey): BootstrapAction {
  const { testbed } = options.paths;
  const skip = (reason: string): BootstrapAction => ({ kind: 'skip', what: 'containers', reason });
  const state = survey.containers;
  if (state.kind === 'unwanted') return skip('not wanted');
  if (state.kind === 'running') return skip('they are running already');
  const brings = survey.templates.some((file) => isComposeFile(file.path, testbed));
  const isOnItsWay = brings && state.kind === 'unavailable' && state.reason === NO_COMPOSE_FILE;
  if (state.kind === 'unavailable' && !isOnItsWay) return skip(state.reason);
  const willHaveNone = options.remotes === undefined && !brings;
  return willHaveNone && survey.testbed !== 'folder' && survey.testbed !== 'repository'
    ? skip(NO_COMPOSE_FILE)
    : { kind: 'start-containers', path: testbed };
}
