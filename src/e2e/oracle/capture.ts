import type { Findings } from './findings.ts';
import { exactQuantile } from './quantiles.ts';
import { nearlyEqual, Sum, sumOf } from './sum.ts';
import { type ExportedTick, type GroundTruthTick, identityOf, METRICS, type ProcessReading } from './types.ts';

/** The score of a process is this share of its CPU share plus this share of its memory share. */
export const CPU_WEIGHT = 0.7;
export const RSS_WEIGHT = 0.3;
/** Exporting all processes would capture all and save nothing: never more than this, nor than half of the live ones. */
export const LARGEST_N = 256;

export interface TickCapture {
  readonly tick: number;
  readonly live: number;
  /** Entries exported one by one, right or wrong. */
  readonly n: number;
  /** Percent of the score of all live processes; undefined where all values are 0 and nothing can be captured. */
  readonly percent: number | undefined;
}

export interface CaptureSummary {
  /** `topn_capture_ratio`: mean over the ticks, in percent. */
  readonly percent: number;
  readonly min: number;
  /** 5th percentile over the ticks. */
  readonly p5: number;
  readonly meanN: number;
  readonly maxN: number;
  /** Ticks with a score. */
  readonly ticks: number;
  readonly worstTick: number;
}

export function largestN(live: number): number {
  return Math.min(LARGEST_N, Math.floor(live / 2));
}

/** A function that scores a process of the tick between 0 and 1; the scores of all sum to 1, or to 0 without any load. */
export function scorer(truth: GroundTruthTick): (process: ProcessReading) => number {
  const cpu = sumOf(truth.processes.map((process) => process.cpu_ms));
  const rss = sumOf(truth.processes.map((process) => process.rss));
  const weights = (cpu > 0 ? CPU_WEIGHT : 0) + (rss > 0 ? RSS_WEIGHT : 0);
  if (weights === 0) return () => 0;
  const cpuFactor = cpu > 0 ? CPU_WEIGHT / cpu / weights : 0;
  const rssFactor = rss > 0 ? RSS_WEIGHT / rss / weights : 0;
  return (process) => process.cpu_ms * cpuFactor + process.rss * rssFactor;
}

/**
 * How much of a tick's score the exported processes hold. Each identity counts once and only if it really lives; the
 * score comes from the ground truth, never from the exported values. A missing tick captures nothing.
 */
export function captureOf(truth: GroundTruthTick, exported: ExportedTick | undefined, findings: Findings): TickCapture {
  const live = truth.processes.length;
  const score = scorer(truth);
  const scored = truth.processes.some((process) => score(process) > 0);
  const captured = exported === undefined ? 0 : capturedScore(truth, exported, score, findings);
  if (exported !== undefined) checkN(exported, live, findings);
  return { tick: truth.tick, live, n: exported?.top.length ?? 0, percent: scored ? captured * 100 : undefined };
}

function capturedScore(
  truth: GroundTruthTick,
  exported: ExportedTick,
  score: (process: ProcessReading) => number,
  findings: Findings,
): number {
  const wanted = new Map<string, ProcessReading>();
  for (const process of exported.top) {
    const identity = identityOf(process);
    if (wanted.has(identity)) {
      findings.add(
        'oracle.duplicate-identity',
        exported.place,
        `Process ${identity} is exported twice at tick ${truth.tick}.`,
      );
    } else wanted.set(identity, process);
  }
  const captured = new Sum();
  for (const process of truth.processes) {
    const identity = identityOf(process);
    const entry = wanted.get(identity);
    if (entry === undefined) continue;
    wanted.delete(identity);
    captured.add(score(process));
    for (const metric of METRICS) {
      if (nearlyEqual(entry[metric], process[metric])) continue;
      const message = `Process ${identity} at tick ${truth.tick}: ${metric} is ${entry[metric]}, it really was ${process[metric]}.`;
      findings.add('oracle.value-differs', exported.place, message, truth.place);
    }
  }
  for (const identity of wanted.keys()) {
    const message = `Process ${identity} does not live at tick ${truth.tick}; identity is pid/start.`;
    findings.add('oracle.unknown-identity', exported.place, message, truth.place);
  }
  return captured.value;
}

function checkN(exported: ExportedTick, live: number, findings: Findings): void {
  const { n, top, place, tick } = exported;
  if (n !== top.length) {
    findings.add('oracle.n-differs', place, `"n" says ${n} at tick ${tick}, but ${top.length} processes are listed.`);
  }
  const cap = largestN(live);
  if (top.length > cap) {
    const why = `at most ${LARGEST_N}, and at most half of the ${live} live ones`;
    findings.add(
      'oracle.cap-exceeded',
      place,
      `Tick ${tick} exports ${top.length} processes one by one; ${cap} are allowed (${why}).`,
    );
  }
}

/** Undefined where no tick has a score: there was nothing to capture, so nothing was measured. */
export function summarizeCapture(ticks: readonly TickCapture[]): CaptureSummary | undefined {
  const scored = ticks.flatMap(({ tick, percent }) => (percent === undefined ? [] : [{ tick, percent }]));
  const worst = scored.reduce<(typeof scored)[number] | undefined>(
    (low, each) => (low === undefined || each.percent < low.percent ? each : low),
    undefined,
  );
  if (worst === undefined) return undefined;
  const sorted = Float64Array.from(scored, ({ percent }) => percent).sort();
  return {
    percent: sumOf(sorted) / sorted.length,
    min: worst.percent,
    p5: exactQuantile(sorted, 0.05),
    meanN: sumOf(ticks.map(({ n }) => n)) / ticks.length,
    maxN: ticks.reduce((most, { n }) => Math.max(most, n), 0),
    ticks: scored.length,
    worstTick: worst.tick,
  };
}
