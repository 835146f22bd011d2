import type { MeasuredValue } from '../../core/model/check.ts';
import type { PlannedLimit } from '../../core/model/scenarioPlan.ts';
import { analyseProfile, MOST_STEAL, type ProfileAnalysis, resourceValues } from '../profiling/analysis.ts';
import type { Recording } from '../profiling/recording.ts';

export interface Resources {
  readonly values: readonly MeasuredValue[];
  readonly analysis: ProfileAnalysis | undefined;
  readonly notes: readonly string[];
  /** Set where memory grows and reaches its limit soon. */
  readonly leak: string | undefined;
}

/** A leak that reaches the limit within this time counts as beyond it. */
const LEAK_HORIZON_SECONDS = 600;
const MEGABYTE = 1e6;

/** CPU and memory of an agent in the window `fromMs` to `toMs` of its recording. */
export function resourcesOf(
  recording: Recording,
  window: { readonly fromMs: number; readonly toMs: number },
  shortestCpuSeconds: number,
  limits: readonly PlannedLimit[],
): Resources {
  const samples = recording.samples.filter(({ at }) => at <= window.toMs);
  const analysis = analyseProfile({ ...recording, samples }, window.fromMs);
  if (analysis === undefined) return { values: [], analysis, notes: [], leak: undefined };
  const { cpu, memory } = analysis;
  const leak = leakOf(analysis, limits);
  const doubt = cpuDoubt(analysis, shortestCpuSeconds, limits);
  const values = resourceValues(analysis).map((value): MeasuredValue => {
    const { verdict: _, ...plain } = value;
    if (value.name === 'cpu_usage') return doubt === undefined ? plain : { ...plain, verdict: 'inconclusive' };
    if (value.name === 'memory_usage' && leak !== undefined) return { ...plain, verdict: 'fail' };
    return plain;
  });
  const { environment } = recording;
  const notes = [
    `CPU is percent of one core over ${(analysis.durationMs / 1000).toFixed(0)} s by ${cpu.source}, ± ${cpu.uncertainty.toFixed(2)}; ${environment.allottedCores} cores are allotted.`,
    ...(doubt === undefined ? [] : [doubt]),
    `Memory is the highest RSS of the agent's tree; PSS ${memory.pss === undefined ? 'is not known' : `${(memory.pss.max / MEGABYTE).toFixed(1)} MB`}, peak ${memory.peak === undefined ? 'not known' : `${(memory.peak / MEGABYTE).toFixed(1)} MB`}. ${memory.leak.reason}`,
    `Machine: ${environment.os} ${environment.kernel}, ${environment.cores} cores, ${environment.cpuModel}; steal ${analysis.stealPercent?.toFixed(1) ?? '?'} percent, throttled ${analysis.throttledMs?.toFixed(0) ?? 0} ms, load ${analysis.load?.mean.toFixed(1) ?? '?'}.`,
  ];
  return { values, analysis, notes, leak };
}

function cpuDoubt(
  { durationMs, stealPercent = 0, cpu }: ProfileAnalysis,
  shortestCpuSeconds: number,
  limits: readonly PlannedLimit[],
): string | undefined {
  // Samples are at most one apart from the window's edges.
  const SLACK_MS = 1500;
  if (durationMs < shortestCpuSeconds * 1000 - SLACK_MS) {
    return `The window of ${(durationMs / 1000).toFixed(0)} s is shorter than the ${shortestCpuSeconds} s that CPU needs.`;
  }
  if (stealPercent > MOST_STEAL) return `The hypervisor took ${stealPercent.toFixed(1)} percent of the machine.`;
  const limit = limits.find(({ kpi }) => kpi === 'cpu_usage')?.max;
  if (limit === undefined || Math.abs(cpu.percent - limit) > cpu.uncertainty) return undefined;
  return `CPU of ${cpu.percent.toFixed(3)} percent is nearer to its limit than the clock's steps tell apart.`;
}

function leakOf({ memory }: ProfileAnalysis, limits: readonly PlannedLimit[]): string | undefined {
  const { verdict, trend, reason } = memory.leak;
  const max = limits.find(({ kpi }) => kpi === 'memory_usage')?.max;
  if (verdict !== 'growing' || trend === undefined || max === undefined) return undefined;
  const seconds = (max * MEGABYTE - memory.rss.max) / trend.slope;
  return seconds > LEAK_HORIZON_SECONDS
    ? undefined
    : `${reason} At this pace it is beyond its limit in ${Math.max(0, Math.round(seconds))} s.`;
}
