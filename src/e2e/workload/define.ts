import { z } from 'zod';
import { HumanError } from '../../core/base/errors.ts';
import type { LoadName, PlannedChurn, PlannedProcess, WorkloadPlan } from './plan.ts';
import { type Draw, seededDraw } from './random.ts';

/** The first picture of every workload stands after this time. */
export const RAMP_MS = 1000;

const MAX_SEED = 0xffff_ffff;

/** Cores as CPU milliseconds per second. */
export function ms(cores: number): number {
  return cores * 1000;
}

/** A workload as the table sees it: raw parameters in, a plan out. */
export interface Planner {
  /** The parameters it knows. */
  readonly params: readonly string[];
  plan(name: string, params: Readonly<Record<string, unknown>>, seed: number, durationMs: number): WorkloadPlan;
}

type NumberSchemas = Record<string, z.ZodType<number>>;

interface Definition<S extends NumberSchemas> {
  readonly params: S;
  readonly figure: LoadName;
  plan(context: { readonly params: { [K in keyof S]: number }; readonly draw: Draw; readonly durationMs: number }): {
    readonly processes: readonly PlannedProcess[];
    readonly churn: PlannedChurn | null;
  };
}

/** Parameters that scenario files carry beside a workload's own; the runner reads them. */
const FOREIGN = ['type', 'duration_minutes', 'duration_seconds', 'seed'];

export function define<S extends NumberSchemas>(definition: Definition<S>): Planner {
  const names = Object.keys(definition.params);
  const schema = z.object(definition.params);
  return {
    params: names,
    plan(name, raw, seed, durationMs) {
      const unknown = Object.keys(raw).find((key) => !names.includes(key) && !FOREIGN.includes(key));
      if (unknown !== undefined) {
        throw new HumanError(
          'workload.unknown-param',
          `The workload ${name} has no parameter "${unknown}".`,
          `It knows: ${names.join(', ')}.`,
        );
      }
      if (!Number.isInteger(seed) || seed < 0 || seed > MAX_SEED) {
        throw new HumanError('workload.bad-seed', `The seed ${seed} is not a whole number from 0 to ${MAX_SEED}.`);
      }
      const parsed = schema.safeParse(raw);
      if (!parsed.success) {
        const issue = parsed.error.issues[0];
        throw new HumanError(
          'workload.bad-param',
          `The workload ${name} cannot use ${issue?.path.join('.')}: ${issue?.message}.`,
        );
      }
      const params = parsed.data as { [K in keyof S]: number };
      const { processes, churn } = definition.plan({ params, draw: seededDraw(seed), durationMs });
      return {
        workload: name,
        seed,
        params: { ...params },
        rampMs: RAMP_MS,
        processes,
        churn,
        figure: definition.figure,
      };
    },
  };
}
