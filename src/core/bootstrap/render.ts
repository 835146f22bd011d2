import { type BootstrapAction, type BootstrapPlan, isNothingToDo, isWrite } from './action.ts';
import { redact } from './remote.ts';
import type { BootstrapReport } from './run.ts';
import { someNames } from './target.ts';

const VERB_WIDTH = 8;

/** A plan, as `--dry-run` prints it: one line a step. */
export function planText(plan: BootstrapPlan): string[] {
  const lines = [`Workspace ${plan.root}`];
  if (plan.strangers.length > 0) lines.push(line('ask', `the folder is not empty: ${someNames(plan.strangers)}`));
  lines.push(...plan.actions.map(actionText));
  if (plan.unchanged.length > 0) lines.push(line('ok', `${count(plan.unchanged.length, 'file')} already there`));
  lines.push(...plan.warnings.map((warning) => line('note', warning)));
  if (isNothingToDo(plan)) lines.push('Nothing to do.');
  return lines;
}

/** A plan for programs: without the texts of files, and without the passwords of URLs. */
export function planJson(plan: BootstrapPlan): unknown {
  const actions = plan.actions.map((action) => {
    if (action.kind === 'clone') return { ...action, remote: { ...action.remote, url: redact(action.remote.url) } };
    if (!isWrite(action)) return action;
    const { content: _content, before: _before, ...rest } = action;
    return rest;
  });
  return { ...plan, actions, nothingToDo: isNothingToDo(plan) };
}

/** One step in a line: `create  docs/`. */
export function actionText(action: BootstrapAction): string {
  switch (action.kind) {
    case 'create-folder':
      return line('create', `${action.path}/`);
    case 'write-file':
      return line('write', action.path);
    case 'append-lines':
      return line('append', `${action.path}: ${(action.lines ?? []).join(' ')}`);
    case 'copy-file':
      return line('copy', `${action.from} to ${action.path}`);
    case 'replace-file':
      return line('replace', `${action.path}, after a question and with a backup`);
    case 'clone':
      return line('clone', `${redact(action.remote.url)}${at(action.remote.ref)} into ${action.path}`);
    case 'commit':
      return line('commit', `a new git repository with ${count(action.commits.length, 'commit')}`);
    case 'start-containers':
      return line('start', `the containers of ${action.path}, if it has a compose file and Docker answers`);
    case 'keep':
      return line('keep', `${action.path}: ${action.reason}`);
    case 'skip':
      return line('skip', `${action.what}: ${action.reason}`);
    case 'conflict':
      return line('stop', `${action.message} ${action.hint}`);
  }
}

/** What a bootstrap did, for people. */
export function reportText(report: BootstrapReport): string[] {
  const { created, replaced, cloned } = report;
  const lines = report.changed ? [`Workspace ${report.root}`] : [`Workspace ${report.root}: nothing to do.`];
  if (created.length > 0) lines.push(line('written', count(created.length, 'file or folder', 'files and folders')));
  lines.push(...replaced.map(({ path, backup }) => line('replaced', `${path}; the old text is in ${backup}`)));
  lines.push(...cloned.map((path) => line('cloned', path)));
  if (report.committed) lines.push(line('commit', 'the workspace is a git repository now'));
  if (report.started) lines.push(line('started', "the testbed's containers"));
  lines.push(...report.kept.map(({ path, reason }) => line('kept', `${path}: ${reason}`)));
  lines.push(...report.skipped.map(({ what, reason }) => line('skipped', `${what}: ${reason}`)));
  lines.push(...report.warnings.map((warning) => line('note', warning)));
  return lines;
}

function line(verb: string, text: string): string {
  return `  ${verb.padEnd(VERB_WIDTH)} ${text}`;
}

function at(ref: string | undefined): string {
  return ref === undefined ? '' : ` at ${ref}`;
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
