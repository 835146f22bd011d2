import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../support/cli.ts';
import { TaskWorkspace } from '../support/taskWorkspace.ts';

/** Two people's words about one line, and a goal that a command decides. */
function workspaceWithCommandGoal(): TaskWorkspace {
  const workspace = TaskWorkspace.create();
  const change = (path: string, from: string, to: string) =>
    workspace.write(path, workspace.read(path).replace(from, to));
  change('tasks/pending/heap.yaml', '  - check heap passes', '  - check heap passes\n  - the output reads well');
  change('tasks/pending/heap.yaml', '  - G-8', '  - G-8\n  - G-20');
  const goal = '  - {id: G-20, title: Ratio, kind: command, run: [node, check.mjs, heap], cwd: agent}\n';
  change('infrabuilder.yaml', 'milestones:', `${goal}milestones:`);
  workspace.commit('a goal that a command decides');
  return workspace;
}

describe('"task run" alone, from OPEN to the end', () => {
  let workspace: TaskWorkspace;
  before(() => {
    workspace = workspaceWithCommandGoal();
  });
  after(() => workspace.dispose());

  const cli = (...args: string[]) => runCli(args, { cwd: workspace.root });

  /** Exit code, where the walk stands, the steps that it took, and why it stopped. */
  async function walk() {
    const { code, stdout, stderr } = await cli('task', 'run', 'heap', '--json');
    assert.notEqual(stdout, '', stderr);
    const { step, taken, stopped } = JSON.parse(stdout) as {
      step: string;
      taken: { step: string }[];
      stopped: string | null;
    };
    return {
      at: `${code} ${step}`,
      steps: taken.map((one) => one.step).join(' '),
      stopped: stopped?.split('\n') ?? [],
    };
  }

  async function missing(...more: string[]): Promise<string[]> {
    const { code, stdout } = await cli('task', 'complete', 'heap', '--json', ...more);
    assert.equal(code, 1);
    return (JSON.parse(stdout) as { missing: { code: string }[] }).missing.map((one) => one.code);
  }

  /** Writes each document over itself and then from nothing; both give the bytes that were there. */
  async function regenerates(documents: readonly (readonly [file: string, ...command: string[]])[]): Promise<void> {
    for (const [file, ...command] of documents) {
      const before = workspace.read(file);
      for (const how of ['over itself', 'from nothing'] as const) {
        if (how === 'from nothing') rmSync(join(workspace.root, file));
        const { stderr } = await cli(...command);
        assert.equal(workspace.read(file), before, `${file} ${how} ${stderr}`);
      }
    }
  }

  it('stops at CODE while there is none, also when it is asked again', async () => {
    const first = await walk();
    assert.deepEqual([first.at, first.steps], ['1 code', 'open plan arch code']);
    assert.deepEqual(first.stopped, [
      'The source has not changed since the task was opened. Implement it in heap/, or run "infrabuilder implement heap".',
    ]);
    const again = await walk();
    assert.deepEqual([again.at, again.steps, again.stopped], ['1 code', 'code', first.stopped]);
    assert.deepEqual(await missing(), [
      'gate.goal-not-run',
      'gate.goal-not-run',
      'gate.acceptance-unmeasured',
      'gate.needs-sign-off',
      'gate.document-missing',
      'gate.runbook',
      'gate.changelog',
    ]);
  });

  it('stops at ITERATE with the root cause, which stands in the result', async () => {
    workspace.write('agent/heap/ratio.txt', '80\n');
    const { at, steps, stopped } = await walk();
    assert.deepEqual([at, steps], ['1 iterate', 'test result iterate']);
    assert.deepEqual(stopped, [
      'These do not hold: check:heap, G-8, "check heap passes". G-8 fails: heap: Exit code 1: heap/ratio.txt:1:1: the ratio is 80, below 95. Root causes: reports/heap_result.md. Mend the code, then run "infrabuilder task run heap" again.',
    ]);
    assert.match(workspace.read('reports/heap_result.md'), /heap\/ratio\.txt:1\]\([^)]*\): the ratio is 80, below 95/);
    assert.deepEqual(await missing(), [
      'gate.goal-fail',
      'gate.goal-not-run',
      'gate.acceptance-fails',
      'gate.needs-sign-off',
      'gate.runbook',
      'gate.changelog',
    ]);
    await regenerates([['reports/heap_result.md', 'task', 'result', 'heap']]);
  });

  it('stops before COMPLETE once all is measured, because a person has to look', async () => {
    workspace.write('agent/heap/ratio.txt', '97\n');
    await cli('runbook', 'draft', 'heap');
    await cli('runbook', 'changelog', 'heap', 'A heap that adapts');
    const { at, steps, stopped } = await walk();
    assert.deepEqual([at, steps], ['1 complete', 'test verify result complete']);
    assert.deepEqual(stopped, [
      '"the output reads well" needs a person: No check or value is named. Next: a person looks, then infrabuilder task complete heap --sign-off "the output reads well" --by NAME',
    ]);
    assert.deepEqual(await missing(), ['gate.needs-sign-off']);
    await regenerates([
      ['reports/heap_plan.md', 'task', 'plan', 'heap'],
      ['reports/heap_arch.md', 'task', 'arch', 'heap'],
      ['reports/heap_result.md', 'task', 'result', 'heap'],
    ]);
  });

  it('takes a word only with a name, and only about a line that nothing measures', async () => {
    const refused = async (...args: string[]) => {
      const { code, stderr } = await cli('task', 'complete', 'heap', ...args);
      return `${code} ${stderr}`;
    };
    assert.match(await refused('--sign-off', 'reads well'), /^2 error: A sign-off or waiver has no name\./);
    assert.match(
      await refused('--sign-off', 'reads wll', '--by', 'Ada'),
      /^2 error: No acceptance line says "reads wll"/,
    );
    assert.match(
      await refused('--sign-off', 'check heap passes', '--by', 'Ada'),
      /^2 error: "check heap passes" is measured, so nobody can sign it off/,
    );
    assert.deepEqual(await missing(), ['gate.needs-sign-off'], 'nothing was recorded');
  });

  it('is done with the word of a person, and all that it leaves regenerates', async () => {
    const { code, stdout } = await cli('task', 'complete', 'heap', '--sign-off', 'reads well', '--by', 'Ada Lovelace');
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^heap is done: tasks\/done\/heap\.yaml\n {2}signed off by Ada Lovelace/);
    const { at, steps, stopped } = await walk();
    assert.deepEqual([at, steps, stopped], ['0 done', '', []]);
    for (const name of ['milestones', 'checklist']) await cli(name, '--write');
    await regenerates([
      ['reports/progress.md', 'progress', '--write'],
      ['reports/coverage.md', 'report', 'coverage', '--write'],
      ['reports/milestones.md', 'milestones', '--write'],
      ['reports/checklist.md', 'checklist', '--write'],
    ]);
  });

  it('goes back with "task reopen", records and reports along, and is complete again on the same evidence', async () => {
    const { code } = await cli('task', 'reopen', 'heap');
    assert.equal(code, 0);
    assert.doesNotMatch(workspace.read('blueprint_tasks.yaml'), /status:|completed:/);
    assert.match(workspace.read('reports/progress.md'), /0 of 2 tasks are done, 1 in progress/);
    await regenerates([['reports/progress.md', 'progress', '--write']]);
    assert.equal((await cli('task', 'reopen', 'heap')).code, 2);
    const { at, steps } = await walk();
    assert.deepEqual([at, steps], ['0 done', 'complete']);
  });
});
