import { composeEngine } from '../../../src/compose.ts';
import { runCheckpoint } from '../../../src/core/goals/checkpoint.ts';
import { scenarioStep } from '../../../src/core/goals/validators/scenario.ts';
import { type Measurement, resultOf } from '../../../src/core/model/evidence.ts';

/** What a run of G-4's scenario has measured on the embedded workspace, where the naive sampler misses processes. */
export const G4: Partial<Measurement> = {
  verdict: 'fail',
  reason: 'topn_capture_ratio 69.92% (>= 95) fail.',
  scenario: {
    run: '20261122-112845-77fe',
    seed: 42,
    load: { asked: 2000, achieved: 2000.1016949152543, unit: 'processes/s' },
    faults: [],
    steps: [],
    controlEvents: null,
    report: null,
  },
  values: [
    { name: 'cpu_usage', value: 1.2077224881952113, unit: 'percent', n: 120, max: 2, verdict: 'pass' },
    { name: 'topn_capture_ratio', value: 69.92245063400887, unit: 'percent', n: 60, min: 95, verdict: 'fail' },
  ],
  issues: [
    {
      code: 'e2e.finding',
      severity: 'error',
      message: 'The cpu_ms sketch of ticks 60 to 70 holds 7021 observations; we saw 7243.',
      file: 'e2e/scenarios/high_pid_churn.yml',
      range: { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } },
    },
  ],
};

const NOTHING = {
  tests: null,
  values: [],
  issues: [],
  scenario: null,
  argv: [],
  cwd: '.',
  exitCode: null,
  tools: {},
  commits: {},
  durationMs: 77_408,
  verdict: 'pass' as const,
  reason: 'It holds.',
  outputs: [],
};

/** Keeps evidence on a scenario as a run of it would, sealed and on the files as they are: a real run takes 80 seconds. */
export async function keepEvidence(folder: string, scenario: string, part: Partial<Measurement>): Promise<void> {
  const approval = { confirm: async () => false };
  const engine = composeEngine(folder, folder, { env: process.env, approval });
  const snapshot = await engine.project.snapshot();
  const id = `scenario:${scenario}`;
  const scope = {
    goals: [],
    extra: (context: Parameters<typeof scenarioStep>[1]) => [scenarioStep(scenario, context)],
  };
  const { states } = await runCheckpoint(engine.goalPorts, snapshot, scope, { measure: false });
  const state = states.find(({ step }) => step.id === id);
  if (state === undefined) throw new Error(`No step ${id}.`);
  const predicate = {
    ...NOTHING,
    ...part,
    machine: { ...(await engine.goalPorts.machine.facts()) },
    step: id,
    command: state.step.command,
    configuration: [...state.configuration],
  };
  await engine.goalPorts.evidence(snapshot).append<'measurement'>({
    kind: 'measurement',
    label: id.replace(':', '-'),
    startedAt: new Date(),
    subject: [...state.subject],
    predicate: { ...predicate, result: resultOf(predicate.verdict) },
  });
}
