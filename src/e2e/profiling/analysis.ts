import type { MeasuredValue } from '../../core/model/check.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import type { Recording } from './recording.ts';
import { type Anomaly, anomaliesOf } from './statistics/anomalies.ts';
import { type LeakTest, leakOf } from './statistics/leak.ts';
import { type Summary, summarize } from './statistics/summary.ts';
import { type Point, type Trend, trendOf } from './statistics/trend.ts';
import type { ResourceSample } from './types.ts';

/** Start-up work is not what an agent costs. */
export const WARM_UP_MS = 10_000;
/** 2 percent of a core are 120 clock ticks in this time (±0.8 %), but 10 ticks in 5 s (±10 %). */
export const SHORTEST_CPU_MS = 60_000;
/** Percent of all CPU time: with more of it taken by the hypervisor, figures of CPU say nothing about the subject. */
export const MOST_STEAL = 5;

const MEGABYTE = 1e6;
/** Deviations below these are no anomalies, however calm the rest: in bytes, and in percent of a core. */
const SMALLEST_MEMORY_STEP = 64 * 1024;
const SMALLEST_CPU_STEP = 0.1;

export interface ProfileAnalysis {
  /** Milliseconds of the recording, behind the warm-up. */
  readonly fromMs: number;
  readonly durationMs: number;
  readonly samples: number;
  readonly cpu: {
    readonly source: 'cgroup' | 'process tree';
    /** Percent of one core over the whole window: CPU time by time, not a mean of samples. */
    readonly percent: number;
    /** Half of one step of the clock per process over the window, in percent of a core. */
    readonly uncertainty: number;
    /** Of the intervals between samples. */
    readonly intervals: Summary | undefined;
    readonly trend: Trend | undefined;
    readonly anomalies: readonly Anomaly[];
    readonly series: readonly Point[];
  };
  readonly memory: {
    /** Bytes. */
    readonly rss: Summary;
    readonly pss: Summary | undefined;
    readonly peak: number | undefined;
    readonly leak: LeakTest;
    readonly anomalies: readonly Anomaly[];
  };
  readonly processes: Summary;
  /** Percent of all cores' time that the hypervisor took. */
  readonly stealPercent: number | undefined;
  readonly throttledMs: number | undefined;
  readonly load: Summary | undefined;
}

/** Undefined where fewer than two samples lie behind the warm-up: nothing was measured. */
export function analyseProfile(recording: Recording, warmUpMs = WARM_UP_MS): ProfileAnalysis | undefined {
  const samples = recording.samples.filter(({ at }) => at >= warmUpMs);
  const [first] = samples;
  const last = samples.at(-1);
  const rss = summarize(samples.map((sample) => sample.rss));
  const processes = summarize(samples.map((sample) => sample.processes));
  if (first === undefined || last === undefined || last.at <= first.at || !rss || !processes) return undefined;
  const durationMs = last.at - first.at;
  const grouped = samples.every(({ group }) => group !== undefined);
  const cpuMs = (sample: ResourceSample) => (grouped ? (sample.group?.cpuMs ?? 0) : sample.cpuMs);
  const series = cpuSeries(samples, cpuMs);
  const step = grouped ? 0 : recording.environment.cpuStepMs;
  const pss = samples.flatMap((sample) => sample.pss ?? []);
  const peaks = samples.flatMap((sample) => sample.peakRss ?? []);
  const memory = samples.map(({ at, rss: value }) => ({ at, value }));
  const throttled = last.group?.throttledMs;
  return {
    fromMs: first.at,
    durationMs,
    samples: samples.length,
    cpu: {
      source: grouped ? 'cgroup' : 'process tree',
      percent: ((cpuMs(last) - cpuMs(first)) / durationMs) * 100,
      uncertainty: ((step * processes.max) / durationMs) * 50,
      intervals: summarize(series.map(({ value }) => value)),
      trend: trendOf(series),
      anomalies: anomaliesOf(series, Math.max(SMALLEST_CPU_STEP, (step * recording.hz) / 10)),
      series,
    },
    memory: {
      rss,
      pss: summarize(pss),
      peak: peaks.length === 0 ? undefined : peaks.reduce((highest, peak) => Math.max(highest, peak)),
      leak: leakOf(memory),
      anomalies: anomaliesOf(memory, SMALLEST_MEMORY_STEP),
    },
    processes,
    stealPercent: stealOf(first, last, recording.environment.cores),
    throttledMs: throttled === undefined ? undefined : throttled - (first.group?.throttledMs ?? 0),
    load: summarize(samples.flatMap((sample) => sample.load ?? [])),
  };
}

/**
 * The figures of goal G-2 and what stands beside them; none without an analysis, which is not-run. `cpu_usage` is
 * inconclusive where the window is shorter than a minute or the hypervisor took too much; otherwise the caller's threshold
 * decides. `memory_usage` is the highest resident size; shared pages count in each process. `memory_usage.growth` is what
 * a robust line gains over the window: a leak is `fail`.
 */
export function resourceValues(analysis: ProfileAnalysis | undefined): MeasuredValue[] {
  if (analysis === undefined) return [];
  const { cpu, memory, samples: n } = analysis;
  const noisy = analysis.durationMs < SHORTEST_CPU_MS || (analysis.stealPercent ?? 0) > MOST_STEAL;
  const verdict: Verdict | undefined = noisy ? 'inconclusive' : undefined;
  const percent = (name: string, value: number | undefined): MeasuredValue[] =>
    value === undefined ? [] : [{ name, value, unit: 'percent', n }];
  const growth: Record<LeakTest['verdict'], Verdict | undefined> = {
    growing: 'fail',
    steady: undefined,
    unclear: 'inconclusive',
  };
  const leak = growth[memory.leak.verdict];
  const megabytes = (name: string, bytes: number | undefined): MeasuredValue[] =>
    bytes === undefined ? [] : [{ name, value: bytes / MEGABYTE, unit: 'MB', n }];
  return [
    { name: 'cpu_usage', value: cpu.percent, unit: 'percent', n, ...(verdict !== undefined && { verdict }) },
    ...percent('cpu_usage.p50', cpu.intervals?.p50),
    ...percent('cpu_usage.p95', cpu.intervals?.p95),
    ...percent('cpu_usage.p99', cpu.intervals?.p99),
    ...percent('cpu_usage.max', cpu.intervals?.max),
    ...megabytes('memory_usage', memory.rss.max),
    ...megabytes('memory_usage.mean', memory.rss.mean),
    ...megabytes('memory_usage.p95', memory.rss.p95),
    ...megabytes('memory_usage.pss', memory.pss?.max),
    ...megabytes('memory_usage.peak', memory.peak),
    {
      name: 'memory_usage.growth',
      value: memory.leak.growth / MEGABYTE,
      unit: 'MB',
      n,
      ...(leak !== undefined && { verdict: leak }),
    },
  ];
}

/** Percent of one core between each sample and the one before. */
function cpuSeries(samples: readonly ResourceSample[], cpuMs: (sample: ResourceSample) => number): Point[] {
  return samples.slice(1).flatMap((sample, index) => {
    const before = samples[index];
    if (before === undefined || sample.at <= before.at) return [];
    return [{ at: sample.at, value: ((cpuMs(sample) - cpuMs(before)) / (sample.at - before.at)) * 100 }];
  });
}

function stealOf(first: ResourceSample, last: ResourceSample, cores: number): number | undefined {
  if (first.stealMs === undefined || last.stealMs === undefined || cores === 0) return undefined;
  return ((last.stealMs - first.stealMs) / ((last.at - first.at) * cores)) * 100;
}
