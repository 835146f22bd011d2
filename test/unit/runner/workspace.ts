import { withDefaults } from '../../../src/core/model/defaults.ts';
import type { ScenarioPlan } from '../../../src/core/model/scenarioPlan.ts';
import type { ScenarioRun } from '../../../src/core/model/scenarioRun.ts';
import { parseScenario } from '../../../src/core/parse/scenario.ts';
import type { ScenarioRequest } from '../../../src/core/ports.ts';
import { planScenario } from '../../../src/e2e/runner/plan.ts';
import { TIMINGS } from '../../../src/e2e/runner/timings.ts';
import type { Workspace } from '../../../src/e2e/runner/workspace.ts';

export const LINUX = { os: 'linux', release: '6.8.0-45-generic' };

/** A workspace with the default goals and these scenario files. */
export function workspaceOf(...texts: string[]): Workspace {
  const scenarios = texts.map((text) => {
    const { value, issues } = parseScenario(text, 'e2e/scenarios/x.yml');
    if (value === undefined) throw new Error(issues[0]?.message);
    return { file: `e2e/scenarios/${value.name}.yml`, scenario: value };
  });
  return { root: '/w', config: withDefaults(undefined), scenarios, broken: new Map() };
}

export function planOf(text: string, request: Partial<ScenarioRequest> = {}, machine = LINUX): ScenarioPlan {
  const workspace = workspaceOf(text);
  const [first] = workspace.scenarios;
  if (first === undefined) throw new Error('no scenario');
  return planScenario(workspace, first, { scenario: first.scenario.name, ...request }, machine, TIMINGS);
}

export const EMPTY_RUN: ScenarioRun = {
  scenario: 'standard',
  run: '20260102-030405-abcd',
  verdict: 'pass',
  reason: 'All hold.',
  seed: 42,
  load: { asked: 500, achieved: 500, unit: 'processes' },
  kpis: [],
  faults: [],
  steps: [],
  controlEvents: undefined,
  issues: [],
  report: undefined,
  artifacts: [],
  startedAt: '2026-01-02T03:04:05.000Z',
  durationMs: 75_000,
};
