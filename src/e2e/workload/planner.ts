import { HumanError } from '../../core/base/errors.ts';
import { WORKLOADS } from '../../core/model/scenario.ts';
import { cpuSpikes } from './cpu_spikes.ts';
import type { Planner } from './define.ts';
import { highCardinality } from './high_cardinality.ts';
import { highPidChurn } from './high_pid_churn.ts';
import { memoryPressure } from './memory_pressure.ts';
import type { WorkloadPlan } from './plan.ts';
import { mix } from './random.ts';
import { standard } from './standard.ts';

/** A new workload is one file and one line here. */
const PLANNERS: Record<(typeof WORKLOADS)[number], Planner> = {
  standard,
  high_pid_churn: highPidChurn,
  memory_pressure: memoryPressure,
  cpu_spikes: cpuSpikes,
  high_cardinality: highCardinality,
};

export const DEFAULT_SEED = 42;

export interface WorkloadRequest {
  readonly type: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly seed?: number;
  /** How long the workload will run at most: changes over time are planned up to here. */
  readonly durationMs: number;
}

/** The plan of a workload. Pure: equal requests give equal plans. Throws HumanError for an unknown type or parameter. */
export function planWorkload(request: WorkloadRequest): WorkloadPlan {
  const planner = Object.hasOwn(PLANNERS, request.type) ? PLANNERS[request.type as keyof typeof PLANNERS] : undefined;
  if (planner === undefined) {
    throw new HumanError(
      'workload.unknown',
      `There is no workload "${request.type}".`,
      `Known workloads: ${WORKLOADS.join(', ')}.`,
    );
  }
  return planner.plan(request.type, request.params ?? {}, request.seed ?? DEFAULT_SEED, request.durationMs);
}

/** The short-lived process with this number: when it is due (ms after the start), its name and how long it lives. */
export function churnedProcess(plan: WorkloadPlan, index: number): { at: number; name: string; lifetimeMs: number } {
  const churn = plan.churn;
  if (churn === null) throw new RangeError('The plan has no churn.');
  const hash = mix(plan.seed, index);
  const span = churn.lifetimeMaxMs - churn.lifetimeMinMs + 1;
  return {
    at: churn.from + ((index + 1) * 1000) / churn.perSecond,
    name: (churn.prefix + (hash % churn.names)).slice(0, 15),
    lifetimeMs: churn.lifetimeMinMs + (mix(hash, 1) % span),
  };
}
