import { z } from 'zod';
import { EnvironmentError } from '../base/errors.ts';
import type { Bench } from '../canaries/bench.ts';
import { CANARY_RESULTS, type CanaryResult } from '../canaries/result.ts';
import { runSelfTest, type SelfTestOptions } from '../canaries/selfTest.ts';
import type { Engine } from '../engine.ts';
import { verdictSchema } from '../model/verdict.ts';
import { defineOperation } from './operation.ts';
import { schemaVersion } from './shapes.ts';
import { currentSnapshot } from './verify.ts';

const canaryShape = z.object({
  goal: z.string(),
  /** Null where there is no defect to plant. */
  defect: z.string().nullable(),
  origin: z.enum(['built-in', 'declared']).nullable(),
  files: z.array(z.string()).readonly(),
  /** The scenario that was run for about so many seconds in place of its own length. */
  scenario: z.object({ name: z.string(), seconds: z.number() }).nullable(),
  before: verdictSchema.nullable(),
  verdict: verdictSchema.nullable(),
  measured: z.string(),
  reason: z.string(),
  seconds: z.number().nullable(),
  result: z.enum(CANARY_RESULTS),
  note: z.string(),
});

const selfTestShape = z.object({
  schemaVersion,
  /** True where every goal that applies turned red by each of its canaries. */
  holds: z.boolean(),
  canaries: z.array(canaryShape).readonly(),
});
export type SelfTestJson = z.output<typeof selfTestShape>;

export const selfTest = defineOperation({
  name: 'self_test',
  title: 'Test the gates',
  description: 'Plants known defects in a copy of the workspace and shows that each goal turns red. Takes minutes.',
  readOnly: false,
  input: z.object({ goals: z.array(z.string()).min(1).optional() }),
  output: selfTestShape,
  run: (engine, { goals }, { signal, onProgress }) => proveGates(engine, { goals, signal, onProgress }),
});

/** Runs the self-test on the workspace as it is now. EnvironmentError where nothing can be copied here. */
export async function proveGates(engine: Engine, options: SelfTestOptions): Promise<SelfTestJson> {
  const { scratch, at, goalPorts } = engine;
  if (scratch === undefined || at === undefined) {
    throw new EnvironmentError('canary.no-copy', 'The workspace cannot be copied here.', 'Use the command line.');
  }
  const snapshot = await currentSnapshot(engine);
  const canaries = await runSelfTest(
    { scratch, clock: goalPorts.clock, workspace: benchOf(engine), open: (root) => benchOf(at(root)) },
    snapshot,
    options,
  );
  const done = canaries.some(({ result }) => result !== 'off');
  const holds = done && canaries.every(({ result }) => result === 'red' || result === 'off');
  return { schemaVersion: 1, holds, canaries: canaries.map(canaryJson) };
}

function canaryJson({
  defect,
  origin,
  scenario,
  before,
  verdict,
  seconds,
  ...rest
}: CanaryResult): SelfTestJson['canaries'][number] {
  return {
    ...rest,
    defect: defect ?? null,
    origin: origin ?? null,
    scenario: scenario ?? null,
    before: before ?? null,
    verdict: verdict ?? null,
    seconds: seconds ?? null,
  };
}

function benchOf(engine: Engine): Bench {
  const { files, project, goals, goalPorts } = engine;
  return {
    files,
    project,
    goals,
    tree: goalPorts.tree,
    features: (snapshot, goal) => engine.runbooks.features(snapshot, goal.features),
    async trespass() {
      const conformance = await engine.openConformance();
      try {
        return await conformance.trespass({ fresh: true });
      } finally {
        conformance.dispose();
      }
    },
    resolve: async () => void (await engine.measuring?.resolveAll()),
  };
}
