import { ALPHA, decodeSketchBuckets, gammaOf, totalCount, valueAtRank } from './ddsketch.ts';
import type { QuantileError } from './fidelity.ts';
import type { TrueTick } from './liveTruth.ts';
import { Observations, QUANTILES, rankOf } from './quantiles.ts';
import { nearlyEqual, relativeErrorPercent } from './sum.ts';
import type { SketchWindow } from './types.ts';

/**
 * Two looks at one system are not the same instant: a process more or less moves every rank behind it. The estimate is
 * compared with the exact values within this share of the ranks, and the nearest counts.
 */
export const RANK_SLACK = 0.0025;
/** Observations that a sketch may have more or less than we saw. */
export const COUNT_SLACK = 0.03;
/** Where strangers come and go, our look and the subject's differ by more: up to this it is no fault of the subject. */
const STRANGERS_SLACK = 0.1;
/** Beyond so many steps of the clock, what a process used between the two looks counts, not the step. */
const FEW_STEPS = 10;
/** A window of which we saw less is not judged. */
const LEAST_SEEN = 0.9;

interface Open {
  readonly window: SketchWindow;
  readonly values: Observations;
  ticks: number;
  skewMs: number;
  /** Processes at a tick. */
  fewest: number;
  most: number;
}

/** One sketch of the subject against what we saw over the same ticks. */
export class LiveFidelity {
  readonly errors: QuantileError[] = [];
  readonly faults: string[] = [];
  /** Counts that differ by so little that strangers may be the reason. */
  readonly doubts: string[] = [];
  /** Windows that we saw too little of. */
  unseen = 0;
  observed = 0;
  readonly #stepMs: number;
  readonly #open: Open[];

  constructor(windows: readonly SketchWindow[], stepMs: number) {
    this.#stepMs = stepMs;
    this.#open = windows.map((window) => ({
      window,
      values: new Observations(),
      ticks: 0,
      skewMs: 0,
      fewest: Number.POSITIVE_INFINITY,
      most: 0,
    }));
  }

  add(tick: number, truth: TrueTick): void {
    for (const open of this.#open) {
      if (tick < open.window.from || tick >= open.window.to) continue;
      open.ticks++;
      open.skewMs = Math.max(open.skewMs, Math.abs(truth.skewMs));
      open.fewest = Math.min(open.fewest, truth.processes.length);
      open.most = Math.max(open.most, truth.processes.length);
      for (const process of truth.processes) open.values.add(process[open.window.metric]);
    }
  }

  finish(): void {
    for (const open of this.#open) {
      const length = open.window.to - open.window.from;
      if (open.ticks < LEAST_SEEN * length || open.values.length === 0) this.unseen++;
      else this.#judge(open, length - open.ticks);
    }
  }

  /** A tick that we did not see had no fewer processes than the emptiest that we saw, and no more than the fullest. */
  #judge({ window, values, skewMs, fewest, most }: Open, unseen: number): void {
    const sorted = values.sorted();
    const where = `The ${window.metric} sketch of ticks ${window.from} to ${window.to - 1}`;
    if (!nearlyEqual(window.alpha, ALPHA) || !nearlyEqual(window.gamma, gammaOf(ALPHA))) {
      this.faults.push(`${where} has alpha ${window.alpha} and gamma ${window.gamma}; the goal asks for ${ALPHA}.`);
    }
    const sketch = decodeSketchBuckets(window);
    const total = totalCount(sketch);
    const least = sorted.length + unseen * fewest;
    const largest = sorted.length + unseen * most;
    const isWithin = (slack: number) => total >= least * (1 - slack) && total <= largest * (1 + slack);
    if (!isWithin(COUNT_SLACK)) {
      const seen = least === largest ? `${least}` : `${least} to ${largest}`;
      const text = `${where} holds ${total} observations; we saw ${seen}.`;
      (isWithin(STRANGERS_SLACK) ? this.doubts : this.faults).push(text);
    }
    if (total !== window.count) this.faults.push(`${where} says "count" ${window.count}, but holds ${total}.`);
    this.observed += sorted.length;
    for (const q of QUANTILES) {
      const estimate = valueAtRank(sketch, rankOf(q, total)) ?? 0;
      // One process uses at most one core between our look and the subject's.
      const blur = window.metric === 'cpu_ms' && estimate > FEW_STEPS * this.#stepMs ? skewMs : 0;
      const nearest = nearestTo(sorted, q, estimate, blur);
      this.errors.push({
        metric: window.metric,
        q,
        from: window.from,
        to: window.to,
        merged: false,
        n: sorted.length,
        exact: nearest.exact,
        estimate,
        percent: nearest.percent,
      });
    }
  }
}

/** `blur`: how far an exact value may be off itself. */
function nearestTo(
  sorted: Float64Array,
  q: number,
  estimate: number,
  blur: number,
): { exact: number; percent: number } {
  const rank = rankOf(q, sorted.length);
  const slack = Math.ceil(RANK_SLACK * sorted.length);
  let best = { exact: 0, percent: Number.POSITIVE_INFINITY };
  for (let at = Math.max(0, rank - slack); at <= Math.min(sorted.length - 1, rank + slack); at++) {
    const exact = sorted[at] ?? 0;
    const apart = Math.max(0, Math.abs(estimate - exact) - blur);
    const percent = relativeErrorPercent(exact + apart, exact);
    if (percent < best.percent) best = { exact, percent };
  }
  return best;
}
