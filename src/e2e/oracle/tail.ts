import type { Findings } from './findings.ts';
import { relativeErrorPercent, Sum, sumOf } from './sum.ts';
import { type ExportedTick, type GroundTruthTick, METRICS, type Metric } from './types.ts';

export interface TailError {
  readonly metric: Metric;
  /** Relative error of the sum over the whole run, in percent. */
  readonly percent: number;
  /** Sums over the run: what was exported (top and other), and the ground truth. */
  readonly exported: number;
  readonly exact: number;
  /** The worst relative error of a single tick, in percent. */
  readonly worstPercent: number;
  readonly worstTick: number;
  readonly ticks: number;
}

/** Compares the exported sums (top + other) with the ground truth, per tick and over the run. */
export class TailSums {
  readonly #findings: Findings;
  readonly #sums = METRICS.map((metric) => ({
    metric,
    exported: new Sum(),
    exact: new Sum(),
    worst: -1,
    worstTick: 0,
  }));
  #ticks = 0;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** A missing tick exported nothing. */
  add(truth: GroundTruthTick, exported: ExportedTick | undefined): void {
    this.#ticks += 1;
    if (exported !== undefined) this.#checkCount(truth, exported);
    for (const sum of this.#sums) {
      const exact = sumOf(truth.processes.map((process) => process[sum.metric]));
      const total = exported === undefined ? 0 : totalOf(exported, sum.metric);
      sum.exact.add(exact);
      sum.exported.add(total);
      const error = relativeErrorPercent(total, exact);
      if (error > sum.worst) {
        sum.worst = error;
        sum.worstTick = truth.tick;
      }
    }
  }

  /** One per metric; empty where there was no tick. */
  errors(): TailError[] {
    if (this.#ticks === 0) return [];
    return this.#sums.map(({ metric, exported, exact, worst, worstTick }) => ({
      metric,
      percent: relativeErrorPercent(exported.value, exact.value),
      exported: exported.value,
      exact: exact.value,
      worstPercent: worst,
      worstTick,
      ticks: this.#ticks,
    }));
  }

  #checkCount(truth: GroundTruthTick, exported: ExportedTick): void {
    const live = truth.processes.length;
    const counted = exported.top.length + exported.other.count;
    if (counted === live) return;
    const message = `Tick ${truth.tick} accounts for ${counted} processes (${exported.top.length} one by one, other.count ${exported.other.count}); ${live} lived.`;
    this.#findings.add('oracle.other-count', exported.place, message, truth.place);
  }
}

function totalOf(exported: ExportedTick, metric: Metric): number {
  return sumOf([...exported.top.map((process) => process[metric]), exported.other[metric]]);
}
