import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../../src/core/engine.ts';
import { type CompleteJson, completeTask, openTask, reopenTask } from '../../../src/core/operations/complete.ts';
import { writeFinal } from '../../../src/core/operations/reportFinal.ts';
import { validate } from '../../../src/core/operations/validate.ts';
import { runVerify } from '../../../src/core/operations/verify.ts';
import { scenarioRun, smallWorkspace, type Workspace } from './support.ts';

const PROSE = 'The heap keeps the smallest set of processes whose score reaches the target, and nothing beside it.\n';
const LINE = 'heap operations O(k log N) verified by profiling';
const ADA = { by: 'Ada', signOffs: [] as string[], waive: [] as string[], reason: '', terminal: false };

describe('the gate', () => {
  let workspace: Workspace;
  let engine: Engine;
  let ratio: number;
  beforeEach(() => {
    workspace = smallWorkspace();
    workspace.commit();
    workspace.commit();
    ratio = 97.3;
    engine = workspace.engine(async ({ scenario }) => {
      const [cpu, capture] = scenarioRun().kpis;
      return scenarioRun({ scenario, kpis: cpu && capture ? [cpu, { ...capture, value: ratio }] : [] });
    });
  });
  afterEach(() => workspace.dispose());

  const codes = ({ missing }: CompleteJson) => [...new Set(missing.map(({ code }) => code))];
  const complete = (person?: Partial<typeof ADA>) => completeTask(engine, 'heap', person && { ...ADA, ...person });
  const done = () => workspace.has('tasks/done/heap.yaml');

  /** Everything that the task needs, but for the sign-off. */
  async function finish(): Promise<void> {
    workspace.write('reports/heap_plan.md', `# Plan\n${PROSE}`);
    workspace.write('reports/heap_arch.md', `# Architecture\n${PROSE}`);
    workspace.edit('docs/runbook.md', 'Limits.', 'Limits, and the adaptive heap.');
    workspace.edit('docs/CHANGELOG.md', '# Changelog\n', '# Changelog\n\n- heap: adaptive.\n');
    await runVerify(engine, {}, {});
    const runs = workspace.evidence().map((name) => `- ${name.replace('.json', '')}`);
    workspace.write('reports/heap_result.md', `# Result\n${PROSE}${runs.at(-1)}\n`);
  }

  it('lists all that is missing at once, each with what mends it, and moves nothing', async () => {
    await openTask(engine, 'heap');
    const result = await complete();
    assert.deepEqual(codes(result), [
      'gate.goal-not-run',
      'gate.acceptance-unmeasured',
      'gate.needs-sign-off',
      'gate.document-missing',
      'gate.runbook',
      'gate.changelog',
    ]);
    assert.equal(result.missing.length, 6 + 1 + 1 + 3 + 2);
    assert.ok(result.missing.every(({ mend }) => mend !== ''));
    assert.equal(result.completed || done(), false);
  });

  it('lets a task through when everything holds, and writes down on what', async () => {
    await openTask(engine, 'heap');
    assert.match(
      workspace.git('.', 'status', '--short'),
      /^R {2}tasks\/pending\/heap\.yaml -> tasks\/in_progress\/heap\.yaml$/m,
    );
    await finish();
    assert.deepEqual(codes(await complete()), ['gate.needs-sign-off']);
    const result = await complete({ signOffs: ['heap operations'] });
    assert.deepEqual([result.missing, result.completed, done()], [[], true, true]);
    assert.deepEqual(result.signOffs, [{ line: LINE, by: 'Ada', terminal: false }]);
    assert.match(
      workspace.read('blueprint_tasks.yaml'),
      /slug: heap # the first one\n +phase: P0\n +status: done\n +completed: "?\d{4}-\d\d-\d\d"?\n/,
    );
    const record = workspace.evidence().find((name) => name.includes('-task-done-heap-')) ?? '';
    const { predicate } = JSON.parse(workspace.read(`reports/evidence/${record}`));
    assert.deepEqual(predicate.goals, {
      'G-1': 'pass',
      'G-2': 'pass',
      'G-4': 'pass',
      'G-7': 'pass',
      'G-8': 'pass',
      'G-11': 'pass',
    });
    assert.deepEqual([predicate.evidence.length, predicate.signOffs.length], [6, 1]);
    assert.deepEqual(
      (await validate.run(engine, {}, {})).issues.filter(({ severity }) => severity === 'error'),
      [],
    );
    await assert.rejects(complete(), { code: 'task.already-done' });

    const final = await writeFinal(engine, { measure: false });
    assert.equal(final.results['G-7']?.passed, false, 'a done task is an input of documentation parity');
    assert.deepEqual(final.sign_offs, [{ task: 'heap', line: LINE, by: 'Ada' }]);
    const written = JSON.parse(workspace.read('final_validation_results.json'));
    assert.deepEqual(Object.keys(written).slice(0, 3), ['timestamp', 'results', 'overall_passed']);
    assert.equal((await writeFinal(engine, {})).overall_passed, true);
    assert.match(
      workspace.read('reports/final_validation.md'),
      /\| G-4 \| Accuracy \| ✅ PASS \| topn_capture_ratio 97\.30 /,
    );

    await reopenTask(engine, 'heap');
    assert.equal(workspace.has('tasks/in_progress/heap.yaml'), true);
    assert.doesNotMatch(workspace.read('blueprint_tasks.yaml'), /status|completed/);
  });

  it('does not open for a failing line, a stale goal or a result that rests on old evidence', async () => {
    await openTask(engine, 'heap');
    ratio = 91;
    await finish();
    assert.deepEqual(codes(await complete()), ['gate.goal-fail', 'gate.acceptance-fails', 'gate.needs-sign-off']);
    ratio = 97;
    workspace.edit('agent/a.js', 'heap = 1', 'heap = 2');
    const result = codes(await complete());
    assert.ok(result.includes('gate.goal-stale') && result.includes('gate.acceptance-unmeasured'), String(result));
    await runVerify(engine, {}, {});
    assert.deepEqual(codes(await complete()), ['gate.needs-sign-off', 'gate.result-stale']);
  });

  it('takes a name for what only a person can say, and for nothing else', async () => {
    await openTask(engine, 'heap');
    await finish();
    await assert.rejects(complete({ signOffs: ['topn_capture_ratio'] }), { code: 'gate.measured-line' });
    await assert.rejects(complete({ signOffs: ['no such line'] }), { code: 'gate.unknown-line' });
    await assert.rejects(complete({ waive: ['gate.goal-fail'], reason: 'x' }), { code: 'gate.nothing-to-waive' });
    await complete({ signOffs: [LINE] });
    assert.equal(done(), true);
  });

  it('forgets a sign-off when the source is another', async () => {
    await openTask(engine, 'heap');
    assert.deepEqual(
      (await complete({ signOffs: [LINE] })).missing.filter(({ code }) => code === 'gate.needs-sign-off'),
      [],
    );
    workspace.edit('agent/a.js', 'heap = 1', 'heap = 2');
    assert.ok(codes(await complete()).includes('gate.needs-sign-off'));
  });

  it('finds tampering since the task was opened; a person may let it pass by name and reason', async () => {
    await openTask(engine, 'heap');
    workspace.write('agent/b.test.js', "it.skip('later', () => {});\n");
    workspace.edit('infrabuilder.yaml', 'min: 95', 'min: 50');
    workspace.commit();
    await finish();
    const result = await complete({ signOffs: [LINE] });
    assert.deepEqual(codes(result), ['tamper.new-skip', 'tamper.rules-changed']);
    const waive = result.missing.flatMap((one) => one.waive ?? []);
    const passed = await complete({ waive, reason: 'agreed in review 7' });
    assert.deepEqual(
      passed.waivers.map(({ by, reason }) => `${by}: ${reason}`),
      ['Ada: agreed in review 7', 'Ada: agreed in review 7'],
    );
    assert.equal(done(), true);
  });

  it('asks for the change log entry of each new key, metric and event', async () => {
    await openTask(engine, 'heap');
    workspace.edit('agent/a.js', "'OverLimit';", "'OverLimit';\nconst EVENT_NEW = 'HeapFull';");
    workspace.edit('docs/runbook.md', '- `OverLimit`', '- `HeapFull`: full.\n- `OverLimit`');
    await finish();
    assert.deepEqual(codes(await complete({ signOffs: [LINE] })), ['gate.changelog-feature']);
    workspace.edit('docs/CHANGELOG.md', 'adaptive.', 'adaptive, with the event `HeapFull`.');
    await runVerify(engine, {}, {});
    workspace.edit('reports/heap_result.md', '- 2', `- ${workspace.evidence().at(-1)?.replace('.json', '')}\n- 2`);
    assert.deepEqual(codes(await complete()), []);
  });

  it('does not open with broken evidence', async () => {
    await openTask(engine, 'heap');
    await finish();
    const [first] = workspace.evidence();
    workspace.edit(`reports/evidence/${first}`, '"event": "opened"', '"event": "done"');
    const result = await complete({ signOffs: [LINE] });
    assert.ok(codes(result).includes('evidence.edited'), String(codes(result)));
    assert.equal(done(), false);
  });

  it('does not take a commit that is gone for one that nothing has changed since', async () => {
    await openTask(engine, 'heap');
    workspace.git('.', 'checkout', '--quiet', '--orphan', 'other');
    workspace.commit();
    workspace.git('.', 'branch', '--quiet', '-D', 'main');
    workspace.git('.', 'reflog', 'expire', '--expire=now', '--all');
    workspace.git('.', 'gc', '--quiet', '--prune=now');
    const found = (await complete()).missing.find(({ code }) => code === 'gate.not-opened');
    assert.match(found?.message ?? '', /^The commit that it was opened on is not in this repository/);
  });

  it('knows a task that was moved by hand, at either end', async () => {
    await runVerify(engine, { goals: ['G-11'] }, {});
    const move = (from: string, to: string) => renameSync(join(workspace.root, from), join(workspace.root, to));
    workspace.write('tasks/in_progress/.gitkeep', '');
    workspace.write('tasks/done/.gitkeep', '');
    move('tasks/pending/heap.yaml', 'tasks/in_progress/heap.yaml');
    assert.ok(codes(await complete()).includes('gate.not-opened'));
    await openTask(engine, 'heap', 'HEAD^');
    assert.ok(!codes(await complete()).includes('gate.not-opened'));
    await assert.rejects(openTask(engine, 'heap'), { code: 'task.already-open' });

    move('tasks/in_progress/heap.yaml', 'tasks/done/heap.yaml');
    const { issues } = await validate.run(engine, {}, {});
    const found = issues.filter(({ code }) => code === 'task.done-without-evidence');
    assert.deepEqual(
      found.map(({ file, severity }) => `${severity} ${file}`),
      ['error tasks/done/heap.yaml'],
    );
    await reopenTask(engine, 'heap');
    assert.equal(workspace.has('tasks/in_progress/heap.yaml'), true);
  });

  it('leaves a repository without evidence alone', async () => {
    workspace.write('tasks/done/old.yaml', 'slug: old\nacceptance: [it works]\n');
    const { issues } = await validate.run(engine, {}, {});
    assert.ok(!issues.some(({ code }) => code === 'task.done-without-evidence'));
  });

  it('keeps the order of dependent tasks', async () => {
    workspace.write('tasks/pending/next.yaml', 'slug: next\ndepends_on: [heap]\nacceptance: [it works]\n');
    await assert.rejects(openTask(engine, 'next'), { code: 'task.blocked' });
    await assert.rejects(openTask(engine, 'heap', 'no-such-commit'), { code: 'task.unknown-base' });
    await assert.rejects(reopenTask(engine, 'heap'), { code: 'task.not-done' });
    workspace.write('tasks/done/base.yaml', 'slug: base\nacceptance: [it works]\n');
    workspace.write('tasks/done/top.yaml', 'slug: top\ndepends_on: [base]\nacceptance: [it works]\n');
    await assert.rejects(reopenTask(engine, 'base'), { code: 'task.has-dependents' });
  });
});
