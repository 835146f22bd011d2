import { z } from 'zod';
import { EnvironmentError } from '../base/errors.ts';
import type { Engine } from '../engine.ts';
import { LONG_WAIT, MEASURING_LOCK, OTHERS_MEASURE } from '../goals/checkpoint.ts';
import type { ScenarioRun } from '../model/scenarioRun.ts';
import { verdictSchema } from '../model/verdict.ts';
import type { Measuring, ScenarioRequest } from '../ports.ts';
import { defineOperation } from './operation.ts';
import { issueShape, schemaVersion, valueShape } from './shapes.ts';

const runShape = z.object({
  schemaVersion,
  scenario: z.string(),
  run: z.string(),
  verdict: verdictSchema,
  reason: z.string(),
  seed: z.number(),
  load: z.object({ asked: z.number(), achieved: z.number(), unit: z.string() }).nullable(),
  kpis: z.array(valueShape).readonly(),
  faults: z
    .array(
      z.object({
        id: z.string(),
        type: z.string(),
        target: z.string().nullable(),
        atSeconds: z.number(),
        durationSeconds: z.number(),
        injected: verdictSchema,
        recovered: verdictSchema,
        events: z.array(z.string()).readonly(),
        note: z.string(),
      }),
    )
    .readonly(),
  steps: z
    .array(
      z.object({
        scenario: z.string(),
        step: z.number(),
        action: z.string(),
        verdict: verdictSchema,
        note: z.string(),
      }),
    )
    .readonly(),
  goals: z.array(z.object({ goal: z.string(), verdict: verdictSchema, text: z.string() })).readonly(),
  platforms: z.array(z.object({ platform: z.string(), verdict: verdictSchema, reason: z.string() })).readonly(),
  issues: z.array(issueShape).readonly(),
  notes: z.array(z.string()).readonly(),
  artifacts: z.array(z.string()).readonly(),
  report: z.string().nullable(),
  startedAt: z.string(),
  durationMs: z.number(),
});
export type RunJson = z.output<typeof runShape>;

export const e2eRun = defineOperation({
  name: 'e2e_run',
  title: 'Run an end-to-end scenario',
  description:
    'Starts the agent under a real workload, injects the faults of the scenario and judges by own oracles. Takes minutes.',
  readOnly: false,
  input: z.object({
    scenario: z.string(),
    goal: z.string().optional(),
    platform: z.string().optional(),
    durationSeconds: z.number().positive().optional(),
    replicates: z.number().int().positive().optional(),
    seed: z.number().int().nonnegative().optional(),
  }),
  output: runShape,
  async run(engine, input, { signal, onProgress }) {
    return runJson(await runScenario(engine, { ...input, signal, onProgress }));
  },
});

/** Runs a scenario while nobody else on this machine measures. */
export async function runScenario(engine: Engine, request: ScenarioRequest): Promise<ScenarioRun> {
  const run = () => measuringOf(engine).run(request);
  const { locks } = engine.goalPorts;
  if (locks === undefined) return run();
  const { signal, onProgress } = request;
  return locks.hold(MEASURING_LOCK, run, { ...LONG_WAIT, signal, onWait: () => onProgress?.(OTHERS_MEASURE) });
}

export function measuringOf({ measuring }: Engine): Measuring {
  if (measuring !== undefined) return measuring;
  throw new EnvironmentError(
    'e2e.no-runner',
    'Scenarios cannot be run here.',
    'Use the command line: infrabuilder e2e run',
  );
}

/** The run as JSON holds it: what is unknown is null. */
export function runJson(run: ScenarioRun): RunJson {
  const { load = null, report = null, goals = [], platforms = [], notes = [], faults, ...rest } = run;
  const { controlEvents: _, trends: __, ...plain } = rest;
  return {
    schemaVersion: 1,
    ...plain,
    load,
    faults: faults.map(({ target = null, ...fault }) => ({ ...fault, target })),
    goals,
    platforms,
    notes,
    report,
  };
}
