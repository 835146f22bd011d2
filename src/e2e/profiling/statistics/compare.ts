import { twoSided } from './normal.ts';
import { median } from './summary.ts';
import { ranksOf } from './trend.ts';

/** `unclear`: fewer than four runs on a side, which cannot reach p < 0.05 whatever they show. */
export type Comparison = 'higher' | 'lower' | 'same' | 'unclear';

export interface Difference {
  readonly verdict: Comparison;
  /** Median over all pairs of current minus baseline (Hodges-Lehmann), in the unit of the values. */
  readonly shift: number;
  /** `shift` as a share of the baseline's median, in percent; undefined where that is 0. */
  readonly shiftPercent: number | undefined;
  /** Two-sided Mann-Whitney. */
  readonly p: number;
}

const FEWEST_RUNS = 4;
const SIGNIFICANT = 0.05;
/** Up to so many values in all, the exact distribution is counted out: C(20, 10) = 184,756 splits. */
const MOST_EXACT = 20;

/**
 * Compares one figure of several runs with the same figure of a baseline's runs. Each value is one run: samples within a
 * run depend on each other and would make any difference look certain. A shift below `tolerance` (percent of the
 * baseline's median) is `same`.
 */
export function compareRuns(current: readonly number[], baseline: readonly number[], tolerance: number): Difference {
  const shift = median(current.flatMap((a) => baseline.map((b) => a - b)));
  const middle = median(baseline);
  const shiftPercent = middle === 0 ? undefined : (shift / Math.abs(middle)) * 100;
  const p = mannWhitney(current, baseline);
  const enough = current.length >= FEWEST_RUNS && baseline.length >= FEWEST_RUNS;
  const large = shiftPercent === undefined ? shift !== 0 : Math.abs(shiftPercent) > tolerance;
  const verdict = !enough ? 'unclear' : p >= SIGNIFICANT || !large ? 'same' : shift > 0 ? 'higher' : 'lower';
  return { verdict, shift, shiftPercent, p };
}

/** Two-sided p of the rank sum: exact for small samples, else normal with the correction for ties. 1 for an empty side. */
export function mannWhitney(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || b.length === 0) return 1;
  const ranks = ranksOf([...a, ...b]);
  const observed = ranks.slice(0, a.length).reduce((sum, rank) => sum + rank, 0);
  const expected = (a.length * (ranks.length + 1)) / 2;
  if (ranks.length <= MOST_EXACT) return exactShare(ranks, a.length, expected, Math.abs(observed - expected));
  const n = ranks.length;
  const spread = ranks.reduce((sum, rank) => sum + (rank - (n + 1) / 2) ** 2, 0);
  const deviation = Math.sqrt((a.length * b.length * spread) / (n * (n - 1)));
  return deviation === 0 ? 1 : twoSided(Math.max(0, Math.abs(observed - expected) - 0.5) / deviation);
}

/** Share of all ways to choose `size` of the ranks whose sum lies at least `distance` from `expected`. */
function exactShare(ranks: readonly number[], size: number, expected: number, distance: number): number {
  // ways[k] maps twice a rank sum (ties give halves) to the number of ways to reach it with k ranks.
  const ways = Array.from({ length: size + 1 }, () => new Map<number, number>());
  ways[0]?.set(0, 1);
  for (const rank of ranks) {
    for (let k = size; k > 0; k -= 1) {
      for (const [sum, count] of ways[k - 1] ?? []) {
        const next = sum + 2 * rank;
        ways[k]?.set(next, (ways[k]?.get(next) ?? 0) + count);
      }
    }
  }
  let all = 0;
  let extreme = 0;
  for (const [sum, count] of ways[size] ?? []) {
    all += count;
    if (Math.abs(sum / 2 - expected) >= distance - 1e-9) extreme += count;
  }
  return extreme / all;
}
