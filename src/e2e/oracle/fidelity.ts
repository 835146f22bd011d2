import {
  ALPHA,
  bucketValue,
  decodeSketchBuckets,
  gammaOf,
  LARGEST_ZERO,
  mergeSketches,
  type Sketch,
  totalCount,
  valueAtRank,
} from './ddsketch.ts';
import type { Findings } from './findings.ts';
import { exactQuantile, Observations, QUANTILES, rankOf } from './quantiles.ts';
import { nearlyEqual, relativeErrorPercent, sumOf } from './sum.ts';
import type { GroundTruthTick, Metric, SketchWindow } from './types.ts';
import { checkTiling } from './windows.ts';

/** One comparison: the q-quantile of a metric over a window, exact and as the sketch has it. */
export interface QuantileError {
  readonly metric: Metric;
  readonly q: number;
  /** Half-open range of ticks. */
  readonly from: number;
  readonly to: number;
  /** True for the run as a whole, judged by the merge of all its windows. */
  readonly merged: boolean;
  readonly n: number;
  readonly exact: number;
  readonly estimate: number;
  /** Relative error in percent. */
  readonly percent: number;
}

export interface RankError {
  readonly rank: number;
  readonly exact: number;
  readonly estimate: number;
  readonly percent: number;
}

/** Beyond so many observations of a metric (32 MB) the merge of all windows is not judged; the windows always are. */
export const LARGEST_MERGE = 4_194_304;

/** Sums of a subject need not be compensated as ours are. */
const SUM_TOLERANCE = 1e-6;
/** In percent: float64 noise at a bucket's edge, where the error is alpha exactly. */
const EDGE_NOISE = 1e-6;

/** Judges the sketches of one metric against the values that really occurred, window by window. */
export class Fidelity {
  readonly metric: Metric;
  readonly errors: QuantileError[] = [];
  readonly #findings: Findings;
  readonly #windows: readonly SketchWindow[];
  readonly #judged: Sketch[] = [];
  readonly #all = new Observations();
  #next = 0;
  #values = new Observations();
  #observed = 0;
  #end = 0;

  constructor(metric: Metric, windows: readonly SketchWindow[], findings: Findings) {
    this.metric = metric;
    this.#findings = findings;
    this.#windows = checkTiling(metric, windows, findings);
  }

  /** Observations of the ground truth that some window covers. */
  get observed(): number {
    return this.#observed;
  }

  /** Whether the run was too long for its merge to be judged. */
  get mergeLeftOut(): boolean {
    return this.#observed > LARGEST_MERGE;
  }

  /** Ticks come in rising order. */
  add(truth: GroundTruthTick): void {
    this.#end = truth.tick + 1;
    let window = this.#windows[this.#next];
    while (window !== undefined && truth.tick >= window.to) {
      this.#close(window);
      window = this.#windows[this.#next];
    }
    if (window === undefined || truth.tick < window.from) return;
    for (const process of truth.processes) {
      this.#values.add(process[this.metric]);
      if (this.#observed < LARGEST_MERGE) this.#all.add(process[this.metric]);
      this.#observed += 1;
    }
  }

  finish(): void {
    for (let window = this.#windows[this.#next]; window !== undefined; window = this.#windows[this.#next]) {
      if (window.to > this.#end) {
        const message = `The ${this.metric} window ${spanText(window)} reaches beyond the last tick, ${this.#end - 1}.`;
        this.#findings.add('oracle.window-beyond', window.place, message);
      }
      this.#close(window);
    }
    const last = this.#windows.at(-1);
    if (last !== undefined && last.to < this.#end) {
      const message = `No ${this.metric} window covers the ticks ${last.to} to ${this.#end - 1}.`;
      this.#findings.add('oracle.window-gap', last.place, message);
    }
    const oneGamma = this.#judged.every(({ gamma }) => gamma === this.#judged[0]?.gamma);
    if (this.#judged.length > 1 && oneGamma && !this.mergeLeftOut) {
      this.#compare(this.#all.sorted(), mergeSketches(this.#judged), { from: 0, to: this.#end, merged: true });
    }
  }

  #close(window: SketchWindow): void {
    const sorted = this.#values.sorted();
    const sketch = decodeSketchBuckets(window);
    checkAccuracy(window, this.#findings);
    if (checkCounts(window, sketch, sorted, this.#findings)) checkRanks(window, sketch, sorted, this.#findings);
    checkFigures(window, sorted, this.#findings);
    this.#compare(sorted, sketch, { from: window.from, to: window.to, merged: false });
    this.#judged.push(sketch);
    this.#values = new Observations();
    this.#next += 1;
  }

  #compare(sorted: Float64Array, sketch: Sketch, span: Pick<QuantileError, 'from' | 'to' | 'merged'>): void {
    const n = sorted.length;
    if (n === 0) return;
    for (const q of QUANTILES) {
      const exact = zeroed(exactQuantile(sorted, q));
      const estimate = valueAtRank(sketch, rankOf(q, n)) ?? 0;
      this.errors.push({
        metric: this.metric,
        q,
        ...span,
        n,
        exact,
        estimate,
        percent: relativeErrorPercent(estimate, exact),
      });
    }
  }
}

/**
 * The worst relative error over all ranks, given as many values as the sketch counts. Within a bucket the error is worst
 * at its first or last value. A store that collapses buckets shows here even when p95 and p99 stay right.
 */
export function worstRankError(sorted: Float64Array, sketch: Sketch): RankError | undefined {
  let worst: RankError | undefined;
  let from = sketch.zeroCount;
  for (const { index, count } of sketch.buckets) {
    const estimate = bucketValue(sketch.gamma, index);
    for (const rank of [from, from + count - 1]) {
      const exact = zeroed(sorted[rank] ?? 0);
      const percent = relativeErrorPercent(estimate, exact);
      if (worst === undefined || percent > worst.percent) worst = { rank, exact, estimate, percent };
    }
    from += count;
  }
  return worst;
}

function checkAccuracy({ alpha, gamma, place }: SketchWindow, findings: Findings): void {
  if (!nearlyEqual(alpha, ALPHA))
    findings.add('oracle.gamma', place, `"alpha" is ${alpha}; the goal asks for ${ALPHA}.`);
  else if (!nearlyEqual(gamma, gammaOf(alpha))) {
    findings.add('oracle.gamma', place, `"gamma" is ${gamma}; (1 + alpha) / (1 - alpha) is ${gammaOf(alpha)}.`);
  }
}

function checkCounts(window: SketchWindow, sketch: Sketch, sorted: Float64Array, findings: Findings): boolean {
  const where = `The ${window.metric} sketch of ${spanText(window)}`;
  const total = totalCount(sketch);
  if (total !== sorted.length) {
    const message = `${where} holds ${total} observations; ${sorted.length} really occurred.`;
    findings.add('oracle.count-not-conserved', window.place, message);
    return false;
  }
  if (window.count !== total) {
    findings.add(
      'oracle.count-not-conserved',
      window.place,
      `${where} says "count" ${window.count}, but holds ${total}.`,
    );
  }
  const zeros = countZeros(sorted);
  if (window.zeroCount !== zeros) {
    findings.add(
      'oracle.zero-count',
      window.place,
      `${where} counts ${window.zeroCount} zeros; ${zeros} really occurred.`,
    );
    return false;
  }
  return true;
}

function checkRanks(window: SketchWindow, sketch: Sketch, sorted: Float64Array, findings: Findings): void {
  const alpha = (window.gamma - 1) / (window.gamma + 1);
  const worst = worstRankError(sorted, sketch);
  if (worst === undefined || worst.percent <= alpha * 100 + EDGE_NOISE) return;
  const message =
    `The ${window.metric} sketch of ${spanText(window)} is off by ${worst.percent.toPrecision(4)} percent at rank ${worst.rank}` +
    ` of ${sorted.length}: ${worst.estimate} for ${worst.exact}. A sketch of this accuracy is off by at most` +
    ` ${(alpha * 100).toPrecision(4)} percent at any rank; buckets were merged, clamped or shifted.`;
  findings.add('oracle.rank-error', window.place, message);
}

function checkFigures(window: SketchWindow, sorted: Float64Array, findings: Findings): void {
  if (sorted.length === 0) return;
  const figures = [
    { name: 'sum', says: window.sum, exact: sumOf(sorted), tolerance: SUM_TOLERANCE },
    { name: 'min', says: window.min, exact: sorted[0] ?? 0, tolerance: undefined },
    { name: 'max', says: window.max, exact: sorted.at(-1) ?? 0, tolerance: undefined },
  ];
  for (const { name, says, exact, tolerance } of figures) {
    if (says === undefined || nearlyEqual(says, exact, tolerance)) continue;
    const message = `The ${window.metric} sketch of ${spanText(window)} says "${name}" ${says}; it really was ${exact}.`;
    findings.add('oracle.sketch-figures', window.place, message);
  }
}

function countZeros(sorted: Float64Array): number {
  const first = sorted.findIndex((value) => value > LARGEST_ZERO);
  return first === -1 ? sorted.length : first;
}

function zeroed(value: number): number {
  return value <= LARGEST_ZERO ? 0 : value;
}

/** `ticks 0 to 59`. */
export function spanText({ from, to }: { readonly from: number; readonly to: number }): string {
  return `ticks ${from} to ${to - 1}`;
}
