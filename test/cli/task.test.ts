import assert from 'node:assert/strict';
import type { Issue } from '../../src/core/model/issue.ts';
import { runCli } from '../support/cli.ts';
import { TaskWorkspace } from '../support/taskWorkspace.ts';

describe('the ten-step loop from the command line', () => {
  let workspace: TaskWorkspace;
  before(() => {
    workspace = TaskWorkspace.create();
  });
  after(() => workspace.dispose());

  const cli = (...args: string[]) => runCli(args, { cwd: workspace.root });
  async function walk(slug = 'heap') {
    const { code, stdout, stderr } = await cli('task', 'run', slug, '--json');
    assert.notEqual(stdout, '', stderr);
    const json = JSON.parse(stdout) as {
      taken: { step: string; did: string[] }[];
      step: string;
      stopped: string | null;
      done: boolean;
      schemaVersion: number;
    };
    return { code, steps: json.taken.map(({ step }) => step), json };
  }

  it('starts with the step that is due', async () => {
    const { stdout } = await cli('task', 'next');
    assert.equal(stdout, 'heap: open. Its file is in pending/.\n  next     infrabuilder task open heap\n');
  });

  it('opens, plans and reviews, then waits for code', async () => {
    const { code, steps, json } = await walk();
    assert.equal(code, 1);
    assert.deepEqual(steps, ['open', 'plan', 'arch', 'code']);
    assert.match(json.stopped ?? '', /has not changed since the task was opened. Implement it in heap\//);
    assert.match(workspace.read('reports/heap_plan.md'), /`Heap` \(\[agent\/heap\/heap\.go#L4\]/);
    assert.match(workspace.read('tasks/in_progress/heap.yaml'), /^# a comment that stays\n/);
  });

  it('finds documents that are older than what they describe, at their first line', async () => {
    const stale = async () => {
      const { stdout } = await cli('validate', '--json');
      const { issues } = JSON.parse(stdout) as { issues: Issue[] };
      return issues.filter(({ code }) => code === 'document.stale');
    };
    assert.deepEqual(await stale(), []);
    const task = workspace.read('tasks/in_progress/heap.yaml');
    workspace.append('tasks/in_progress/heap.yaml', 'owner: Ada\n');
    const found = await stale();
    assert.deepEqual(
      found.map(({ severity, file, range }) => [severity, file, range.start]),
      [
        ['warning', 'reports/heap_arch.md', { line: 1, column: 1 }],
        ['warning', 'reports/heap_plan.md', { line: 1, column: 1 }],
      ],
    );
    assert.match(found[1]?.message ?? '', /task changed\. Renew it with "infrabuilder task plan heap"/);
    workspace.write('tasks/in_progress/heap.yaml', task);
    assert.deepEqual(await stale(), []);
  });

  it('tells what it does as JSON lines, the result last', async () => {
    const args = ['task', 'run', 'heap', '--events'];
    const { code, stdout } = await runCli(args, { cwd: workspace.root, holdsInput: true });
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; message?: string; result?: { step: string } });
    assert.equal(code, 1);
    assert.deepEqual([...new Set(events.slice(0, -1).map(({ type }) => type))], ['progress']);
    assert.ok(events.some(({ message }) => /has not changed since the task was opened|Implement/.test(message ?? '')));
    assert.equal(events.at(-1)?.type, 'result');
    assert.equal(events.at(-1)?.result?.step, 'code');
    const gone = await runCli(args, { cwd: workspace.root });
    assert.deepEqual([gone.code, gone.stdout.includes('"result"')], [130, false]);
  });

  it('tests what was written, and stops at ITERATE with the root cause', async () => {
    workspace.write('agent/heap/ratio.txt', '80\n');
    const { code, steps, json } = await walk();
    assert.equal(code, 1);
    assert.deepEqual(steps, ['test', 'result', 'iterate']);
    assert.match(json.stopped ?? '', /These do not hold: check:heap, G-8, "check heap passes"\./);
    assert.match(
      workspace.read('reports/heap_result.md'),
      /- check:heap: Exit code 1: [^\n]*\n {2}- \[agent\/heap\/ratio\.txt:1\]\([^)]*\): the ratio is 80, below 95/,
    );
  });

  it('is refused at COMPLETE for the true reasons, all at once', async () => {
    workspace.write('agent/heap/ratio.txt', '97\n');
    const { code, steps, json } = await walk();
    assert.equal(code, 1);
    assert.deepEqual(steps, ['test', 'result', 'complete']);
    assert.match(
      json.stopped ?? '',
      /docs\/runbook\.md does not name heap[\s\S]*docs\/CHANGELOG\.md does not name heap/,
    );
    assert.equal(json.step, 'complete');
  });

  it('drafts the runbook section and the entry of the change log', async () => {
    assert.equal((await cli('runbook', 'draft', 'heap')).code, 0);
    assert.equal((await cli('runbook', 'changelog', 'heap', 'A heap that adapts')).code, 0);
    assert.match(
      workspace.read('docs/runbook.md'),
      /## Heap\n\n### Feature Overview\n[\s\S]*### Blueprint Goal Coverage\n\n- G-8 Local Test Green\./,
    );
    assert.match(workspace.read('docs/CHANGELOG.md'), /### Added\n\n- A heap that adapts \(`heap`, A1-S3\)\.\n/);
    assert.equal((await cli('runbook', 'draft', 'heap')).code, 2);
  });

  it('completes once all holds, and takes mapping, progress and coverage along', async () => {
    const { code, json } = await walk();
    assert.equal(code, 0, json.stopped ?? '');
    assert.equal(json.done, true);
    assert.match(workspace.read('tasks/done/heap.yaml'), /slug: heap/);
    assert.match(
      workspace.read('blueprint_tasks.yaml'),
      /slug: heap\n {12}phase: P0\n {12}module: heap\/\n {12}status: done\n {12}completed: \d{4}-\d{2}-\d{2}\n {10}- slug: tail/,
    );
    assert.match(workspace.read('reports/progress.md'), /1 of 2 tasks are done/);
    assert.match(workspace.read('reports/coverage.md'), /# E2E Test Coverage/);
    const { code: valid, stdout } = await cli('validate');
    assert.equal(valid, 0, stdout);
  });

  it('writes the same bytes when nothing has changed', async () => {
    const before = workspace.read('reports/progress.md');
    assert.equal((await cli('progress', '--write')).code, 0);
    assert.equal(workspace.read('reports/progress.md'), before);
  });

  it('leaves a document with broken markers alone, with the line', async () => {
    await cli('task', 'open', 'tail');
    await cli('task', 'plan', 'tail');
    const broken = workspace.read('reports/tail_plan.md').replace('<!-- infrabuilder:end files -->\n', '');
    workspace.write('reports/tail_plan.md', broken);
    const { code, stdout } = await cli('task', 'plan', 'tail');
    assert.equal(code, 2);
    const problem =
      /reports\/tail_plan\.md:\d+:1: error: The part "files" begins here and has not ended where "structures" begins/;
    assert.match(stdout, problem);
    assert.equal(stdout.match(/error:/g)?.length, 1, stdout);
    const { code: valid, stdout: all } = await cli('validate');
    assert.equal(valid, 1);
    assert.match(all, problem);
    assert.equal(workspace.read('reports/tail_plan.md'), broken);
  });

  it('says which field a template of the workspace gets wrong', async () => {
    workspace.write('templates/documents/arch.md', '# {{titel}}\n');
    const { code, stdout } = await cli('task', 'arch', 'tail');
    assert.equal(code, 2);
    assert.match(
      stdout,
      /templates\/documents\/arch\.md:1:3: error: There is no field "titel"\. Did you mean "title"\?/,
    );
  });

  it('says what the file of a task is called by now, when only its slug was changed', async () => {
    const before = workspace.read('tasks/in_progress/tail.yaml');
    workspace.write('tasks/in_progress/tail.yaml', before.replace('slug: tail', 'slug: tails'));
    const { code, stderr } = await cli('task', 'run', 'tail');
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^error: No task is called tail: tasks\/in_progress\/tail\.yaml is tails\.\nSay tails, or make/,
    );
    assert.match((await cli('validate')).stdout, /The slug is "tails" but the file is named tail\./);
    workspace.write('tasks/in_progress/tail.yaml', before);
  });

  it('names the document that a renamed task has left behind', async () => {
    workspace.write(
      'tasks/in_progress/tails.yaml',
      workspace.read('tasks/in_progress/tail.yaml').replace('slug: tail', 'slug: tails'),
    );
    workspace.git('rm', '--quiet', '--cached', '--ignore-unmatch', 'tasks/in_progress/tail.yaml');
    (await import('node:fs')).rmSync(`${workspace.root}/tasks/in_progress/tail.yaml`);
    const { stdout } = await cli('validate');
    assert.match(
      stdout,
      /reports\/tail_plan\.md:1:1: info: [^\n]*unknown[^\n]*\[document\.orphan\]\n {4}fix: Rename the file to tails_plan\.md/,
    );
  });
});
