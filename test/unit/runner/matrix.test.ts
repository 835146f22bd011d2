import assert from 'node:assert/strict';
import { coverageText, matrixScenarios } from '../../../src/core/operations/e2eMatrix.ts';
import { planScenario } from '../../../src/e2e/runner/plan.ts';
import { TIMINGS } from '../../../src/e2e/runner/timings.ts';
import { LINUX, workspaceOf } from './workspace.ts';

const workspace = workspaceOf(
  'name: a\nblueprint_goals: [G-2]\nworkload: {type: standard}\n',
  'name: b\nblueprint_goals: [G-6]\nworkload: {type: standard}\n',
);
const snapshot = {
  config: workspace.config,
  scenarios: workspace.scenarios.map(({ file, scenario }) => ({ file, value: scenario })),
};
const names = (filter: Parameters<typeof matrixScenarios>[1]) =>
  matrixScenarios(snapshot, filter).map(({ name }) => name);

describe('the matrix', () => {
  it('is every scenario of the workspace, or those of a filter', () => {
    assert.deepEqual(names({}), ['a', 'b']);
    assert.deepEqual(names({ goal: 'G-6' }), ['b']);
    assert.deepEqual(names({ scenarios: ['a'] }), ['a']);
    assert.throws(() => names({ scenarios: ['c'] }), { code: 'scenario.unknown' });
  });

  it('is workloads x configurations x failure modes where one of them is named', () => {
    assert.deepEqual(names({ workloads: ['cpu_spikes'], failures: ['none', 'network_latency'] }), [
      'matrix_cpu_spikes_standard_none',
      'matrix_cpu_spikes_standard_network_latency',
    ]);
    assert.equal(names({ workloads: ['all'], configurations: ['all'], failures: ['all'] }).length, 5 * 4 * 7);
    assert.throws(() => names({ failures: ['earthquake'] }), { code: 'matrix.unknown' });
  });

  it('generates scenarios that can be planned, each of them', () => {
    for (const scenario of matrixScenarios(snapshot, { workloads: ['all'], failures: ['all'] })) {
      const plan = planScenario(workspace, { file: undefined, scenario }, { scenario: scenario.name }, LINUX, TIMINGS);
      assert.equal(plan.notRun, undefined);
      assert.equal(plan.goals.includes('G-6'), plan.faults.length > 0);
    }
  });

  it('says per goal what ran, what could not and why', () => {
    const cell = { scenario: 'a', report: null };
    const text = coverageText([
      {
        ...cell,
        platform: 'linux 6.8',
        verdict: 'fail',
        reason: 'cpu\nhigh',
        goals: [
          { goal: 'G-10', verdict: 'pass' },
          { goal: 'G-2', verdict: 'fail' },
        ],
      },
      {
        ...cell,
        platform: 'windows',
        verdict: 'not-run',
        reason: 'this machine is linux',
        goals: [{ goal: 'G-2', verdict: 'not-run' }],
      },
    ]);
    assert.deepEqual(text.split('\n').slice(2, 6), [
      '| Scenario | Platform | Verdict | G-2 | G-10 | Why |',
      '| --- | --- | --- | --- | --- | --- |',
      '| a | linux 6.8 | fail | fail | pass | cpu / high |',
      '| a | windows | not-run | not-run | - | this machine is linux |',
    ]);
  });
});
