import assert from 'node:assert/strict';
import { mend } from './mend.ts';
import { sound } from './workspace.ts';

const FILE = 'infrabuilder.yaml';

/** The blueprint of the sound workspace has G-1 to G-4; this configuration has them all. */
const CONFIG = `version: 1
checks:
  lint: {run: [make, lint]}
goals:
  - {id: G-1, title: Additive-Only Schema, kind: schema}
  - id: G-2
    title: Host Safety
    kind: kpi
    scenario: standard
    kpis:
      cpu_usage: {max: 2, unit: percent}
  - {id: G-3, title: Statistical Fidelity, kind: event, scenario: high_pid_churn}
  - id: G-4
    title: Top-N Accuracy
    kind: kpi
    scenario: standard
    kpis:
      topn_capture_ratio: {min: 95, unit: percent}
milestones:
  - {id: M2, title: Top-N, tasks: [topn_sampler], verify: {scenario: high_pid_churn}}
  - {id: M3, title: Lint, verify: {check: lint}}
`;

function config(from: string, to: string) {
  assert.ok(CONFIG.includes(from));
  return sound({ [FILE]: CONFIG.replace(from, to) });
}

describe('infrabuilder.yaml', () => {
  it('has no issue where all that it names is there', async () => {
    assert.deepEqual(await sound({ [FILE]: CONFIG }).lines(), []);
  });

  it('is not needed: default goals name scenarios without a file, and nobody complains', async () => {
    const { goals, milestones } = await sound().snapshot();
    assert.deepEqual([goals.length, milestones.length], [10, 5]);
    assert.deepEqual(await sound({ 'e2e/scenarios/standard.yml': undefined }).lines(), []);
  });

  describe('goals', () => {
    it('goal.unknown-scenario', async () => {
      const workspace = config('scenario: standard\n    kpis:\n      cpu', 'scenario: standart\n    kpis:\n      cpu');
      assert.deepEqual(await workspace.lines(), [`${FILE}:9:15 error goal.unknown-scenario`]);
      assert.deepEqual(await mend(workspace, 'goal.unknown-scenario'), [
        `${FILE}:9 -    scenario: standart`,
        `${FILE}:9 +    scenario: standard`,
      ]);
      const far = await config('scenario: high_pid_churn}\n  - id', 'scenario: failover}\n  - id').issue(
        'goal.unknown-scenario',
      );
      assert.match(far.message, /Write it as e2e\/scenarios\/failover\.yml/);
    });

    it('goal.unknown-scenario: not for a goal that is switched off', async () => {
      const off = config(
        'kind: event, scenario: high_pid_churn',
        'kind: event, scenario: gone, applies: false, reason: none',
      );
      assert.deepEqual(await off.lines(), []);
    });

    it('goal.unknown-check', async () => {
      const workspace = config('kind: schema}', 'kind: checks, checks: [lint, limt]}');
      assert.deepEqual(await workspace.lines(), [`${FILE}:5:73 error goal.unknown-check`]);
      assert.deepEqual(await mend(workspace, 'goal.unknown-check'), [
        `${FILE}:5 -  - {id: G-1, title: Additive-Only Schema, kind: checks, checks: [lint, limt]}`,
        `${FILE}:5 +  - {id: G-1, title: Additive-Only Schema, kind: checks, checks: [lint, lint]}`,
      ]);
    });

    it('goal.unknown-kpi: mended by renaming the key', async () => {
      const workspace = config('cpu_usage', 'cpu_usag');
      assert.deepEqual(await workspace.lines(), [`${FILE}:11:7 error goal.unknown-kpi`]);
      assert.deepEqual(await mend(workspace, 'goal.unknown-kpi'), [
        `${FILE}:11 -      cpu_usag: {max: 2, unit: percent}`,
        `${FILE}:11 +      cpu_usage: {max: 2, unit: percent}`,
      ]);
    });

    it('goal.unit-mismatch: but other names of the unit are welcome', async () => {
      const workspace = config('max: 2, unit: percent', 'max: 2, unit: MB');
      assert.deepEqual(await workspace.lines(), [`${FILE}:11:33 error goal.unit-mismatch`]);
      assert.deepEqual(await mend(workspace, 'goal.unit-mismatch'), [
        `${FILE}:11 -      cpu_usage: {max: 2, unit: MB}`,
        `${FILE}:11 +      cpu_usage: {max: 2, unit: percent}`,
      ]);
      assert.deepEqual(await config('max: 2, unit: percent', 'max: 2, unit: "%"').lines(), []);
      assert.deepEqual(await config('max: 2, unit: percent', 'max: 2').lines(), []);
    });

    it('goal.duplicate-id: at the second, pointing at the first', async () => {
      const workspace = config('id: G-3', 'id: G-1');
      assert.deepEqual(await workspace.lines(), [
        'docs/blueprint_vFinal.md:7:1 warning blueprint.goal-not-configured',
        `${FILE}:12:10 error goal.duplicate-id`,
      ]);
      assert.deepEqual((await workspace.issue('goal.duplicate-id')).related?.[0]?.range.start, { line: 5, column: 10 });
    });

    it('goal.not-in-blueprint: only a hint, and only where the blueprint has a table', async () => {
      const added = CONFIG.replace('milestones:', '  - {id: X-1, title: Own, kind: command, run: [true]}\nmilestones:');
      const text = added.replace('[true]', '["true"]');
      assert.deepEqual(await sound({ [FILE]: text }).lines(), [`${FILE}:19:10 info goal.not-in-blueprint`]);
      assert.deepEqual(await sound({ [FILE]: text, 'docs/blueprint_vFinal.md': '# Blueprint\n' }).lines(), []);
    });

    it('blueprint.goal-not-configured: at the row, by default goals too', async () => {
      const workspace = config('  - {id: G-1, title: Additive-Only Schema, kind: schema}\n', '');
      assert.deepEqual(await workspace.lines(), ['docs/blueprint_vFinal.md:5:1 warning blueprint.goal-not-configured']);
      const row = '| # | Goal | Concrete Check | Verification Method |\n|--|--|--|--|\n| G-42 | Own | a | b |\n';
      assert.deepEqual(await sound({ 'docs/blueprint_vFinal.md': row }).lines(), [
        'docs/blueprint_vFinal.md:3:1 warning blueprint.goal-not-configured',
      ]);
    });

    it('goal.threshold-differs-from-blueprint: where the row names the KPI itself', async () => {
      const workspace = config('min: 95', 'min: 90');
      assert.deepEqual(await workspace.lines(), [`${FILE}:18:33 warning goal.threshold-differs-from-blueprint`]);
      assert.deepEqual(await mend(workspace, 'goal.threshold-differs-from-blueprint'), [
        `${FILE}:18 -      topn_capture_ratio: {min: 90, unit: percent}`,
        `${FILE}:18 +      topn_capture_ratio: {min: 95, unit: percent}`,
      ]);
    });
  });

  describe('milestones', () => {
    it('milestone.unknown-task: a slip; a task that is only mapped counts as planned', async () => {
      const workspace = config('tasks: [topn_sampler]', 'tasks: [topn_samplr]');
      assert.deepEqual(await workspace.lines(), [`${FILE}:20:36 error milestone.unknown-task`]);
      assert.deepEqual((await mend(workspace, 'milestone.unknown-task')).length, 2);
      const mapped = await sound({ [FILE]: CONFIG, 'tasks/pending/topn_sampler.yaml': undefined }).lines();
      assert.deepEqual(mapped, ['blueprint_tasks.yaml:9:19 info mapping.unknown-task']);
    });

    it('milestone.unknown-scenario and milestone.unknown-check', async () => {
      const scenario = config('verify: {scenario: high_pid_churn}', 'verify: {scenario: hi_pid_churn}');
      assert.deepEqual(await scenario.lines(), [`${FILE}:20:70 error milestone.unknown-scenario`]);
      assert.equal((await mend(scenario, 'milestone.unknown-scenario')).length, 2);
      const check = config('verify: {check: lint}', 'verify: {check: limt}');
      assert.deepEqual(await check.lines(), [`${FILE}:21:43 error milestone.unknown-check`]);
      assert.equal((await mend(check, 'milestone.unknown-check')).length, 2);
    });

    it('milestone.duplicate-id', async () => {
      assert.deepEqual(await config('id: M3', 'id: M2').lines(), [`${FILE}:21:10 error milestone.duplicate-id`]);
    });
  });

  it('that cannot be understood says so, and blames nothing that it would have explained', async () => {
    const broken = sound({ [FILE]: 'version: 1\ngoals: [\n', 'tasks/pending/topn_sampler.yaml': undefined });
    assert.deepEqual(
      (await broken.lines()).filter((line) => !line.includes('mapping.unknown-task')),
      [`${FILE}:2:8 error yaml.syntax`],
    );
  });
});
