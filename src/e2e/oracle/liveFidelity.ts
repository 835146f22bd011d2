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
/** Beyond so many steps of the clock, what a process used between the two looks counts, not the step. */
const FEW_STEPS = 10;
/** A window of which we saw less is not judged. */
const LEAST_SEEN = 0.9;

/** One sketch of the subject against what we saw over the same ticks. */
export class LiveFidelity {
  readonly errors: QuantileError[] = [];
  readonly faults: string[] = [];
  /** Windows that we saw too little of. */
  unseen = 0;
  observed = 0;
  readonly #stepMs: number;
  readonly #open: { readonly window: SketchWindow; readonly values: Observations; ticks: number; skewMs: number }[];

  constructor(windows: readonly SketchWindow[], stepMs: number) {
    this.#stepMs = stepMs;
    this.#open = windows.map((window) => ({ window, values: new Observations(), ticks: 0, skewMs: 0 }));
  }

  add(tick: number, truth: TrueTick): void {
    for (const open of this.#open) {
      if (tick < open.window.from || tick >= open.window.to) continue;
      open.ticks++;
      open.skewMs = Math.max(open.skewMs, Math.abs(truth.skewMs));
      for (const process of truth.processes) open.values.add(process[open.window.metric]);
    }
  }

  finish(): void {
    for (const { window, values, ticks, skewMs } of this.#open) {
      const length = window.to - window.from;
      if (ticks < LEAST_SEEN * length || values.length === 0) this.unseen++;
      else this.#judge(window, values.sorted(), ticks / length, skewMs);
    }
  }

  #judge(window: SketchWindow, sorted: Float64Array, seen: number, skewMs: number): void {
    const where = `The ${window.metric} sketch of ticks ${window.from} to ${window.to - 1}`;
    if (!nearlyEqual(window.alpha, ALPHA) || !nearlyEqual(window.gamma, gammaOf(ALPHA))) {
      this.faults.push(`${where} has alpha ${window.alpha} and gamma ${window.gamma}; the goal asks for ${ALPHA}.`);
    }
    const sketch = decodeSketchBuckets(window);
    const total = totalCount(sketch);
    const ours = sorted.length / seen;
    if (Math.abs(total - ours) > COUNT_SLACK * ours) {
      this.faults.push(`${where} holds ${total} observations; we saw ${Math.round(ours)}.`);
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
