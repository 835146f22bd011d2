import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { taskEvents } from '../../../src/core/goals/taskLog.ts';
import { completeTask, reopenTask } from '../../../src/core/operations/complete.ts';
import { sharedReport, stateOfProject, writeReport } from '../../../src/core/operations/projectReports.ts';
import { addChangelogEntry } from '../../../src/core/operations/runbook.ts';
import { taskNext } from '../../../src/core/operations/taskNext.ts';
import { taskRun } from '../../../src/core/operations/taskRun.ts';
import { validate } from '../../../src/core/operations/validate.ts';
import { TaskWorkspace } from '../../support/taskWorkspace.ts';
import { closeEngines, realEngine } from './support.ts';

const DYING = join(import.meta.dirname, 'dying.ts');

/** Everything that the gate asks of a task, but for completing it. */
async function ready(workspace: TaskWorkspace, slug: string): Promise<void> {
  const engine = realEngine(workspace.root);
  await taskRun.run(engine, { slug }, {});
  workspace.write(`agent/${slug}/ratio.txt`, '98\n');
  workspace.append('docs/runbook.md', `\n## ${slug}\n\nHow to run ${slug}.\n`);
  await addChangelogEntry(engine, slug, 'Added', undefined);
}

/** Where a task is, and whether all records of it agree. */
async function places(workspace: TaskWorkspace, slug: string): Promise<string[]> {
  const { root } = workspace;
  const engine = realEngine(root);
  await taskNext.run(engine, { slug }, {});
  const folder = ['pending', 'in_progress', 'done'].filter((name) =>
    existsSync(join(root, `tasks/${name}/${slug}.yaml`)),
  );
  const { issues } = await validate.run(engine, {}, {});
  const ledger = await engine.goalPorts.evidence(await engine.project.snapshot()).load();
  const shared = await stateOfProject(engine);
  const current = await Promise.all(
    (['progress', 'coverage'] as const).map(async (name) => {
      const { file, text } = await sharedReport(engine, shared, name);
      return `${name} ${!existsSync(join(root, file)) ? 'absent' : workspace.read(file) === text ? 'current' : 'old'}`;
    }),
  );
  return [
    ...folder,
    `mapping ${/status: done/.test(workspace.read('blueprint_tasks.yaml')) ? 'done' : 'open'}`,
    ...current,
    `evidence ${taskEvents(ledger, slug)
      .map(({ statement }) => statement.predicate.event)
      .join(', ')}`,
    ...issues.filter(({ severity }) => severity === 'error').map(({ code }) => code),
    ...readdirSync(join(root, '.infrabuilder')).filter(
      (name) => name === 'journal' && readdirSync(join(root, '.infrabuilder/journal')).length > 0,
    ),
  ];
}

const OPEN = ['in_progress', 'mapping open', 'progress absent', 'coverage absent', 'evidence opened'];
const DONE = ['done', 'mapping done', 'progress current', 'coverage current', 'evidence opened, done'];
const REOPENED = [
  'in_progress',
  'mapping open',
  'progress current',
  'coverage current',
  'evidence opened, done, reopened',
];

describe('a kill between two writes', () => {
  let prepared: TaskWorkspace;
  let completed: TaskWorkspace;
  const made: TaskWorkspace[] = [];
  before(async () => {
    prepared = TaskWorkspace.create();
    made.push(prepared);
    await ready(prepared, 'heap');
    const engine = realEngine(prepared.root);
    // Up to the gate, which misses the change log: then only completing is left.
    const entry = prepared.read('docs/CHANGELOG.md');
    prepared.write('docs/CHANGELOG.md', '# Changelog\n');
    await taskRun.run(engine, { slug: 'heap' }, {});
    prepared.write('docs/CHANGELOG.md', entry);
    completed = copyOf(prepared);
    await completeTask(realEngine(completed.root), 'heap');
  });
  after(() => {
    closeEngines();
    for (const workspace of made) workspace.dispose();
  });

  function copyOf({ root }: TaskWorkspace): TaskWorkspace {
    const workspace = new TaskWorkspace(mkdtempSync(join(tmpdir(), 'task kill ')));
    cpSync(root, workspace.root, { recursive: true });
    made.push(workspace);
    return workspace;
  }

  function die(workspace: TaskWorkspace, verb: 'complete' | 'reopen', after: number) {
    return spawnSync(process.execPath, [DYING, workspace.root, verb, 'heap', String(after)], { encoding: 'utf8' });
  }

  async function dieBeforeEach(
    start: TaskWorkspace,
    verb: 'complete' | 'reopen',
    { before, after, least }: { before: readonly string[]; after: readonly string[]; least: number },
  ): Promise<void> {
    const whole = die(copyOf(start), verb, 1000);
    assert.notEqual(whole.stdout, '', whole.stderr);
    const { changes, missing } = JSON.parse(whole.stdout) as { changes: number; missing: string[] };
    assert.deepEqual(missing, []);
    assert.ok(changes >= least, `${changes} changes`);
    for (let at = 0; at < changes; at++) {
      const workspace = copyOf(start);
      const { signal, stdout } = die(workspace, verb, at);
      assert.equal(signal ?? stdout, 'SIGKILL', `before change ${at + 1}`);
      const expected = at === 0 ? before : after;
      assert.deepEqual(await places(workspace, 'heap'), expected, `killed before change ${at + 1} of ${changes}`);
      closeEngines();
    }
  }

  it('leaves COMPLETE finished or not begun, whatever change the process dies before', async () => {
    await dieBeforeEach(prepared, 'complete', { before: OPEN, after: DONE, least: 7 });
  });

  it('leaves "task reopen" finished or not begun just as well', async () => {
    await dieBeforeEach(completed, 'reopen', { before: DONE, after: REOPENED, least: 6 });
  });

  it('undoes "task reopen" where somebody has changed the mapping before the next start', async () => {
    const workspace = copyOf(completed);
    assert.equal(die(workspace, 'reopen', 2).signal, 'SIGKILL');
    assert.ok(existsSync(join(workspace.root, 'tasks/in_progress/heap.yaml')), 'it died behind the move');
    workspace.append('blueprint_tasks.yaml', '# Bob was here\n');
    assert.deepEqual(await places(workspace, 'heap'), DONE);
    assert.match(workspace.read('blueprint_tasks.yaml'), /status: done[\s\S]*# Bob was here\n$/);
    const { status, file } = await reopenTask(realEngine(workspace.root), 'heap');
    assert.deepEqual([status, file], ['in_progress', 'tasks/in_progress/heap.yaml']);
    assert.deepEqual(await places(workspace, 'heap'), REOPENED);
    assert.match(workspace.read('blueprint_tasks.yaml'), /# Bob was here\n$/);
  });
});

describe('two people who complete two tasks on two branches', () => {
  let workspace: TaskWorkspace;
  before(() => {
    workspace = TaskWorkspace.create();
  });
  after(() => {
    closeEngines();
    workspace.dispose();
  });

  async function completeOn(branch: string, slug: string): Promise<void> {
    workspace.git('checkout', '--quiet', '-b', branch, 'start');
    await ready(workspace, slug);
    const run = await taskRun.run(realEngine(workspace.root), { slug }, {});
    assert.equal(run.done, true, run.stopped ?? '');
    workspace.commit(`complete ${slug}`);
  }

  it('merge and rebase without a conflict in what InfraBuilder writes, and the next report is right', async () => {
    workspace.write('agent/heap/ratio.txt', '96\n');
    workspace.commit('a heap that is good enough');
    workspace.git('tag', 'start');
    await completeOn('ada', 'heap');
    await completeOn('bob', 'tail');
    for (const how of ['merge', 'rebase'] as const) {
      workspace.git('checkout', '--quiet', '-B', 'try', 'bob');
      // What people write by hand is theirs to merge: here each takes both entries.
      const conflicts = attempt(workspace, how).filter((file) => !file.startsWith('docs/'));
      assert.deepEqual(conflicts, [], how);
    }
    const engine = realEngine(workspace.root);
    const progress = await sharedReport(engine, await stateOfProject(engine), 'progress');
    assert.match(progress.shown, /2 of 2 tasks are done/);
    assert.equal(await writeReport(engine, progress), true);
    const { issues } = await validate.run(engine, {}, {});
    assert.deepEqual(
      issues.filter(({ severity }) => severity === 'error').map(({ code, file }) => `${file} ${code}`),
      [],
    );
    await assert.rejects(completeTask(engine, 'heap'), { code: 'task.already-done' });
  });
});

/** Files in conflict; both sides of those are then kept, and the merge or rebase is ended. */
function attempt(workspace: TaskWorkspace, how: 'merge' | 'rebase'): string[] {
  try {
    workspace.git(how, ...(how === 'merge' ? ['--no-edit'] : []), 'ada');
    return [];
  } catch {
    const files = workspace
      .git('diff', '--name-only', '--diff-filter=U')
      .split('\n')
      .filter((name) => name !== '');
    for (const file of files) workspace.write(file, workspace.read(file).replace(/^(?:<{7}|={7}|>{7}).*\n/gm, ''));
    workspace.git('add', '-A');
    if (how === 'merge') workspace.git('commit', '--quiet', '--no-edit');
    else workspace.git('-c', 'core.editor=true', 'rebase', '--continue');
    return files;
  }
}
