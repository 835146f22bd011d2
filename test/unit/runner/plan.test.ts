import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { findDefinition } from '../../../src/e2e/runner/definition.ts';
import { planScenario } from '../../../src/e2e/runner/plan.ts';
import { TIMINGS } from '../../../src/e2e/runner/timings.ts';
import { LINUX, planOf, workspaceOf } from './workspace.ts';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/plan/${name}`, import.meta.url), 'utf8');
const STANDARD = fixture('standard.yml');
const FAILING = `name: failing
blueprint_goals: [G-6]
workload: {type: standard, params: {pids: 50}}
failures:
  - {type: service_restart, target: sketch-merger, params: {downtime_seconds: 10}, at_seconds: 70}
  - {type: network_partition, at_seconds: 5, duration_seconds: 20}
  - {type: resource_constraints, params: {cpu_cores: 0.1}, at_seconds: 40}
`;

describe('the plan of a scenario', () => {
  it("reads the plan's own standard scenario", () => {
    const plan = planOf(STANDARD);
    assert.equal(plan.windowSeconds, 600);
    assert.equal(plan.seconds, 610);
    assert.equal(plan.control, false);
    assert.deepEqual(plan.goals, ['G-2', 'G-3', 'G-4', 'G-5']);
    assert.deepEqual(plan.otherGoals, ['G-1', 'G-8', 'G-9']);
    const limits = plan.limits.map(
      ({ kpi, min, max, unit, goals }) => `${kpi} ${min ?? ''}..${max ?? ''} ${unit} ${goals}`,
    );
    assert.deepEqual(limits, [
      'topn_capture_ratio 95.. percent G-4',
      'p95p99_error ..1 percent G-3',
      'cpu_usage ..2 percent G-2',
      'memory_usage ..100 MB G-2',
      'tail_error ..5 percent G-5',
    ]);
  });

  it("reads the plan's own steps", () => {
    const plan = planOf(fixture('runbook_scenarios.yml'));
    assert.deepEqual(
      plan.sequences.map(({ name, seconds }) => `${name} ${seconds}`),
      ['module_overlimit 120', 'sketch_fallback 30'],
    );
    assert.equal(plan.workload, undefined);
    assert.equal(plan.control, true);
    assert.deepEqual(plan.runbookSections, ['ModuleOverLimit', 'SketchFallback']);
    const short = planOf(fixture('runbook_scenarios.yml'), { durationSeconds: 10 });
    assert.deepEqual(
      short.sequences.map(({ seconds }) => seconds),
      [20, 10],
    );
  });

  it('plans the same workload for the same seed, and another for another', () => {
    assert.equal(planOf(STANDARD, { seed: 7 }).workload?.digest, planOf(STANDARD, { seed: 7 }).workload?.digest);
    assert.notEqual(planOf(STANDARD, { seed: 7 }).workload?.digest, planOf(STANDARD, { seed: 8 }).workload?.digest);
  });

  it('orders faults, gives each its target, and keeps the window open until the last has been answered', () => {
    const plan = planOf(FAILING, { durationSeconds: 30 });
    assert.deepEqual(
      plan.faults.map(({ type, target, atSeconds, durationSeconds, params }) => [
        type,
        target,
        atSeconds,
        durationSeconds,
        params,
      ]),
      [
        ['network_partition', 'otelcol', 5, 20, {}],
        ['resource_constraint', 'agent', 40, 10, { cpu_cores: 0.1 }],
        ['service_restart', 'sketch-merger', 70, undefined, { downtime_ms: 10_000 }],
      ],
    );
    assert.equal(plan.windowSeconds, 70 + 10 + TIMINGS.recoverySeconds);
    assert.equal(plan.control, true);
  });

  it('does not run on another system, and says which platforms this is not', () => {
    const windows = planOf('name: w\nplatforms: [windows]\nworkload: {type: standard}\n');
    assert.match(windows.notRun ?? '', /This machine is linux 6\.8\.0-45-generic; the scenario is for windows\./);
    const kernels = planOf(
      "name: k\nplatforms: [{linux: {kernels: [5.10, '6.8', '6.80']}}, macos]\nworkload: {type: standard}\n",
    );
    assert.equal(kernels.notRun, undefined);
    assert.deepEqual(
      kernels.platforms.map(({ name, runs }) => `${name} ${runs}`),
      ['linux 5.10 false', 'linux 6.8 true', 'linux 6.80 false', 'macos false'],
    );
    assert.match(planOf(STANDARD, { platform: 'linux-5.10' }).notRun ?? '', /not linux-5\.10/);
    assert.equal(planOf(STANDARD, { platform: 'linux-6.8' }).notRun, undefined);
    assert.equal(planOf(STANDARD, { platform: 'Linux' }).notRun, undefined);
    assert.match(planOf(STANDARD, {}, { os: 'macos', release: '25.0' }).notRun ?? '', /This machine is macos 25\.0/);
  });

  it('narrows to a goal, and refuses one that no scenario judges', () => {
    assert.deepEqual(
      planOf(STANDARD, { goal: 'G-2' }).limits.map(({ kpi }) => kpi),
      ['cpu_usage', 'memory_usage'],
    );
    assert.throws(() => planOf(STANDARD, { goal: 'G-8' }), { code: 'goal.not-by-scenario' });
    assert.throws(() => planOf(STANDARD, { goal: 'G-99' }), { code: 'goal.unknown' });
  });

  it('takes the stricter of a limit of the scenario and one of a goal, in one unit', () => {
    const text = (limit: string) =>
      `name: s\nblueprint_goals: [G-2]\nworkload: {type: standard}\nvalidation: {kpis: {memory_usage: ${limit}}}\n`;
    const memory = (limit: string) => planOf(text(limit)).limits.find(({ kpi }) => kpi === 'memory_usage')?.max;
    assert.equal(memory('{max: 50, unit: MB}'), 50);
    assert.equal(memory('{max: 500, unit: MB}'), 100);
    assert.equal(memory('{max: 0.02, unit: GB}'), 20);
  });

  it('refuses numbers that make no sense', () => {
    for (const request of [{ replicates: 0 }, { replicates: 99 }, { durationSeconds: 0 }]) {
      assert.throws(() => planOf(STANDARD, request), { code: /^scenario\.bad-/ });
    }
    assert.throws(() => planOf(`${STANDARD}\n`.replace('count: 1', 'count: 99')), { code: 'scenario.bad-agents' });
  });

  it('takes a workload by its name, with the limits of all KPI goals', () => {
    const workspace = workspaceOf(STANDARD);
    const definition = findDefinition(workspace, 'cpu_spikes');
    const plan = planScenario(workspace, definition, { scenario: 'cpu_spikes' }, LINUX, TIMINGS);
    assert.deepEqual(plan.goals, ['G-2', 'G-3', 'G-4', 'G-5']);
    assert.equal(plan.windowSeconds, 60);
    assert.equal(findDefinition(workspace, 'standard').file, 'e2e/scenarios/standard.yml');
    assert.throws(() => findDefinition(workspace, 'cpu_spike'), { hint: /^Did you mean cpu_spikes\? Scenarios: / });
    assert.throws(() => findDefinition(workspace, 'nothing'), { code: 'scenario.unknown' });
  });
});
