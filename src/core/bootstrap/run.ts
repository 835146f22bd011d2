import { EnvironmentError, HumanError, throwIfCancelled } from '../base/errors.ts';
import type { Approval, Clock, Files, Git, Processes } from '../ports.ts';
import { type BootstrapAction, type BootstrapPlan, isNothingToDo, isWrite, type WriteAction } from './action.ts';
import { containerState } from './containers.ts';
import type { RunOptions } from './progress.ts';
import { runClone } from './runClone.ts';
import { someNames } from './target.ts';

/** The first download of large images takes minutes. */
const CONTAINERS_MS = 20 * 60_000;

export interface BootstrapPorts {
  readonly files: Files;
  readonly git: Git;
  readonly processes: Processes;
  readonly approval: Approval;
  readonly clock: Clock;
}

/** Paths are relative to the workspace root. */
export interface BootstrapReport {
  readonly root: string;
  /** False where there was nothing to do. */
  readonly changed: boolean;
  /** Files and folders that were not there before, and files that lines were added to. */
  readonly created: readonly string[];
  readonly replaced: readonly { readonly path: string; readonly backup: string }[];
  readonly kept: readonly { readonly path: string; readonly reason: string }[];
  readonly cloned: readonly string[];
  readonly committed: boolean;
  readonly started: boolean;
  readonly skipped: readonly { readonly what: string; readonly reason: string }[];
  readonly warnings: readonly string[];
}

type Draft = {
  -readonly [K in keyof BootstrapReport]: BootstrapReport[K] extends readonly (infer T)[] ? T[] : BootstrapReport[K];
};

/**
 * Carries out a plan. Asks before it adds to a folder with other things in it, and before it replaces files; a "no" to
 * the second keeps them. A clone that fails does not stop the other steps: its error is thrown at the end. Throws
 * HumanError for conflicts before anything is written, EnvironmentError for what the machine lacks, CancelledError.
 */
export async function runBootstrap(
  plan: BootstrapPlan,
  ports: BootstrapPorts,
  options: RunOptions = {},
): Promise<BootstrapReport> {
  throwIfCancelled(options.signal);
  refuseConflicts(plan);
  const draft: Draft = {
    root: plan.root,
    changed: false,
    created: [],
    replaced: [],
    kept: [],
    cloned: [],
    committed: false,
    started: false,
    skipped: [],
    warnings: [...plan.warnings],
  };
  if (!isNothingToDo(plan)) await agreeToStrangers(plan, ports.approval);
  const replace = await agreeToReplace(plan, ports.approval);
  const failures: HumanError[] = [];
  for (const [index, action] of plan.actions.entries()) {
    throwIfCancelled(options.signal);
    options.onProgress?.({ kind: 'step', step: index + 1, steps: plan.actions.length, action });
    if (action.kind === 'replace-file' && !replace) draft.kept.push({ path: action.path, reason: 'you said no' });
    else await perform(action, ports, options, draft, failures);
  }
  if (failures.length > 0) throw combine(failures);
  const { created, replaced, cloned, committed, started } = draft;
  return { ...draft, changed: created.length + replaced.length + cloned.length > 0 || committed || started };
}

function refuseConflicts(plan: BootstrapPlan): void {
  const conflicts = plan.actions.filter((action) => action.kind === 'conflict');
  if (conflicts.length === 0) return;
  const unique = (texts: string[]) => [...new Set(texts)].join(' ');
  throw new HumanError(
    'init.conflict',
    unique(conflicts.map((conflict) => conflict.message)),
    unique(conflicts.map((conflict) => conflict.hint)),
  );
}

async function agreeToStrangers(plan: BootstrapPlan, approval: Approval): Promise<void> {
  if (plan.strangers.length === 0) return;
  const names = someNames(plan.strangers);
  if (await approval.confirm(`${plan.root} is not empty. Add a workspace to it?`, `It holds ${names}.`)) return;
  throw new HumanError(
    'init.folder-not-empty',
    `${plan.root} is not empty: ${names}.`,
    'Name an empty folder, or agree with --yes. No file of yours is overwritten.',
  );
}

async function agreeToReplace(plan: BootstrapPlan, approval: Approval): Promise<boolean> {
  const files = plan.actions
    .filter(isWrite)
    .filter((action) => action.kind === 'replace-file')
    .map((action) => action.path);
  if (files.length === 0) return false;
  const what = files.length === 1 ? 'this file' : `these ${files.length} files`;
  return await approval.confirm(`Replace ${what}? A backup of each is kept beside it.`, files.join('\n'));
}

async function perform(
  action: BootstrapAction,
  ports: BootstrapPorts,
  options: RunOptions,
  draft: Draft,
  failures: HumanError[],
): Promise<void> {
  const { files, git, clock } = ports;
  if (isWrite(action)) return await performWrite(action, files, clock, draft);
  switch (action.kind) {
    case 'create-folder':
      await files.makeFolder(action.path);
      draft.created.push(`${action.path}/`);
      return;
    case 'clone': {
      const failure = await runClone(action, git, options);
      if (failure === undefined) draft.cloned.push(action.path);
      else failures.push(failure);
      return;
    }
    case 'commit':
      await git.createRepository(action.commits, options.signal);
      draft.committed = true;
      return;
    case 'start-containers':
      return await startContainers(action.path, ports, options, draft);
    case 'keep':
      draft.kept.push({ path: action.path, reason: action.reason });
      return;
    case 'skip':
      draft.skipped.push({ what: action.what, reason: action.reason });
  }
}

async function performWrite(action: WriteAction, files: Files, clock: Clock, draft: Draft): Promise<void> {
  const { path, content, executable, before } = action;
  if (action.kind === 'replace-file' && before !== null) {
    const backup = `${path}.bak-${clock.now().toISOString().replace(/[-:.]/g, '')}`;
    const mode = (await files.stat(path))?.executable ?? false;
    await files.write(backup, before, { expected: null, executable: mode });
    await files.write(path, content, { expected: before, executable });
    draft.replaced.push({ path, backup });
    return;
  }
  try {
    await files.write(path, content, { expected: before, executable });
    draft.created.push(path);
  } catch (error) {
    if (!(error instanceof HumanError && error.code === 'file.changed')) throw error;
    // Two runs at once lay the same files.
    if ((await files.read(path)) === content) return;
    draft.kept.push({ path, reason: 'it was written by someone else meanwhile' });
  }
}

async function startContainers(path: string, ports: BootstrapPorts, options: RunOptions, draft: Draft): Promise<void> {
  const { signal, onProgress } = options;
  const state = await containerState(ports, path, signal);
  if (state.kind !== 'ready') {
    const reason = state.kind === 'unavailable' ? state.reason : 'they are running already';
    draft.skipped.push({ what: 'containers', reason });
    return;
  }
  const result = await ports.processes.run({
    argv: ['docker', 'compose', 'up', '--detach'],
    cwd: path,
    timeoutMs: CONTAINERS_MS,
    onLine: (text) => onProgress?.({ kind: 'output', text }),
    ...(signal && { signal }),
  });
  throwIfCancelled(signal);
  if (result.outcome === 'exited' && result.exitCode === 0) draft.started = true;
  else {
    const said = result.stderr.trim().split('\n').at(-1) ?? '';
    draft.warnings.push(
      `The testbed's containers did not start: ${said || result.outcome}. Run "docker compose up" in ${path} to see why; the embedded services work without them.`,
    );
  }
}

function combine(failures: readonly HumanError[]): HumanError {
  const [first] = failures;
  const kind = failures.every((failure) => failure instanceof EnvironmentError) ? EnvironmentError : HumanError;
  return new kind(
    first?.code ?? 'init.clone-failed',
    `${failures.map((failure) => failure.message).join('\n')}\nThe rest of the workspace is in place.`,
    [...new Set(failures.map((failure) => failure.hint ?? ''))].join('\n'),
  );
}
