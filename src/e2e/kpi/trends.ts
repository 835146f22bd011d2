import type { PlannedLimit } from '../../core/model/scenarioPlan.ts';
import type { TrendResult } from '../../core/model/scenarioRun.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { MOST_STEAL, type ProfileAnalysis } from '../profiling/analysis.ts';
import { type DriftVerdict, driftOf, isShortSoak, SHORTEST_SOAK_SECONDS } from '../profiling/statistics/drift.ts';
import type { LeakVerdict } from '../profiling/statistics/leak.ts';

const MEGABYTE = 1e6;
const LEAK: Record<LeakVerdict, Verdict> = { growing: 'fail', steady: 'pass', unclear: 'inconclusive' };
const DRIFT: Record<DriftVerdict, Verdict> = { drifting: 'fail', steady: 'pass', unclear: 'inconclusive' };

/**
 * How memory and CPU of one agent went over the whole window; none without an analysis. Both take an hour: a heap that
 * fills up in the first minutes grows like one that leaks.
 */
export function trendsOf(
  agent: string,
  analysis: ProfileAnalysis | undefined,
  limits: readonly PlannedLimit[],
): TrendResult[] {
  if (analysis === undefined) return [];
  const { memory, cpu, fromMs, durationMs, samples, stealPercent = 0 } = analysis;
  const { series: points, uncertainty } = cpu;
  const limit = limits.find(({ kpi }) => kpi === 'cpu_usage')?.max;
  const drift = driftOf({ points, from: fromMs, uncertainty, limit });
  const isShort = isShortSoak(durationMs);
  const short = `${Math.round(durationMs / 1000)} s are too short to tell a leak from a heap that fills; ${SHORTEST_SOAK_SECONDS} s are needed.`;
  const isStolen = stealPercent > MOST_STEAL;
  const doubt = isStolen ? ` The hypervisor took ${stealPercent.toFixed(1)} percent of the machine.` : '';
  const slope = drift.trend && {
    name: 'cpu_usage.slope',
    value: drift.trend.slope * 3600,
    unit: 'percent per hour',
    n: drift.trend.n,
  };
  const common = { agent, seconds: durationMs / 1000 };
  return [
    {
      ...common,
      figure: {
        name: 'memory_usage.growth',
        value: memory.leak.growth / MEGABYTE,
        unit: 'MB',
        n: samples,
        verdict: isShort ? 'inconclusive' : LEAK[memory.leak.verdict],
      },
      beside: [],
      reason: isShort ? `${memory.leak.reason} ${short}` : memory.leak.reason,
    },
    {
      ...common,
      figure: {
        name: 'cpu_usage.drift',
        value: drift.perDay,
        unit: 'percent per day',
        n: samples,
        max: drift.most,
        verdict: isStolen ? 'inconclusive' : DRIFT[drift.verdict],
      },
      beside: slope === undefined ? [] : [slope],
      reason: `${drift.reason}${doubt}`,
    },
  ];
}
