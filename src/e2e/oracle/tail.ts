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

/** Exported sums (top and other) against true ones: per metric, for each tick and over the run. */
export class SumErrors {
  readonly #sums = METRICS.map((metric) => ({
    metric,
    exported: new Sum(),
    exact: new Sum(),
    worst: -1,
    worstTick: 0,
  }));
  #ticks = 0;

  /** A tick that exported nothing counts with 0. */
  add(
    tick: number,
    lived: Processes,
    exported: { readonly top: Processes; readonly other: Figures } | undefined,
  ): void {
    this.#ticks += 1;
    for (const sum of this.#sums) {
      const { metric } = sum;
      const exact = sumOf(lived.map((process) => process[metric]));
      const total = sumOf(exported === undefined ? [] : [...exported.top, exported.other].map((one) => one[metric]));
      sum.exact.add(exact);
      sum.exported.add(total);
      const error = relativeErrorPercent(total, exact);
      if (error > sum.worst) {
        sum.worst = error;
        sum.worstTick = tick;
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
}

type Figures = Readonly<Record<Metric, number>>;
type Processes = readonly Figures[];

/** Compares the ticks of a replay with the ground truth of its corpus. */
export class TailSums {
  readonly #findings: Findings;
  readonly #sums = new SumErrors();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** A missing tick exported nothing. */
  add(truth: GroundTruthTick, exported: ExportedTick | undefined): void {
    if (exported !== undefined) this.#checkCount(truth, exported);
    this.#sums.add(truth.tick, truth.processes, exported);
  }

  /** One per metric; empty where there was no tick. */
  errors(): TailError[] {
    return this.#sums.errors();
  }

  #checkCount(truth: GroundTruthTick, exported: ExportedTick): void {
    const live = truth.processes.length;
    const counted = exported.top.length + exported.other.count;
    if (counted === live) return;
    const message = `Tick ${truth.tick} accounts for ${counted} processes (${exported.top.length} one by one, other.count ${exported.other.count}); ${live} lived.`;
    this.#findings.add('oracle.other-count', exported.place, message, truth.place);
  }
}
