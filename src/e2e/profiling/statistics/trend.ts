import { twoSided, Z95 } from './normal.ts';
import { median } from './summary.ts';

export interface Point {
  /** Milliseconds. */
  readonly at: number;
  readonly value: number;
}

/** A robust straight line through a series. Slopes are in the unit of the values per second. */
export interface Trend {
  /** Points after thinning. */
  readonly n: number;
  readonly slope: number;
  /** 95 % confidence interval of the slope. */
  readonly low: number;
  readonly high: number;
  /** Value of the line at the first point's time. */
  readonly start: number;
  /** How likely a series without a trend shows as much of one (Mann-Kendall, corrected for autocorrelation), 0 to 1. */
  readonly p: number;
}

/** Pairs grow with the square: a longer series is thinned to so many medians of equal stretches. */
const MOST_POINTS = 200;
export const FEWEST_POINTS = 10;

/** Theil-Sen slope: the median over all pairs, so that up to 29 % outliers do not move it. Undefined below 10 points. */
export function trendOf(series: readonly Point[]): Trend | undefined {
  const points = thin(series);
  if (points.length < FEWEST_POINTS) return undefined;
  const slopes: number[] = [];
  let concordance = 0;
  for (const [index, a] of points.entries()) {
    for (const b of points.slice(index + 1)) {
      slopes.push(((b.value - a.value) / (b.at - a.at)) * 1000);
      concordance += Math.sign(b.value - a.value);
    }
  }
  slopes.sort((a, b) => a - b);
  const slope = median(slopes);
  const origin = points[0]?.at ?? 0;
  const residuals = points.map(({ at, value }) => value - (slope * (at - origin)) / 1000);
  const deviation = Math.sqrt(kendallVariance(points) * autocorrelationFactor(residuals));
  const z = deviation === 0 ? 0 : (concordance - Math.sign(concordance)) / deviation;
  const half = (Z95 * deviation) / 2;
  return {
    n: points.length,
    slope,
    low: slopes[Math.max(0, Math.floor(slopes.length / 2 - half))] ?? slope,
    high: slopes[Math.min(slopes.length - 1, Math.ceil(slopes.length / 2 + half))] ?? slope,
    start: median(residuals),
    p: deviation === 0 ? 1 : twoSided(z),
  };
}

function thin(series: readonly Point[]): Point[] {
  const stretch = Math.ceil(series.length / MOST_POINTS);
  if (stretch <= 1) return [...series];
  return Array.from({ length: Math.ceil(series.length / stretch) }, (_, index) => {
    const part = series.slice(index * stretch, (index + 1) * stretch);
    return { at: median(part.map(({ at }) => at)), value: median(part.map(({ value }) => value)) };
  });
}

/** Variance of Kendall's S without a trend, with its correction for ties. */
function kendallVariance(points: readonly Point[]): number {
  const n = points.length;
  const ties = new Map<number, number>();
  for (const { value } of points) ties.set(value, (ties.get(value) ?? 0) + 1);
  const term = (t: number) => t * (t - 1) * (2 * t + 5);
  const tied = [...ties.values()].reduce((sum, t) => sum + term(t), 0);
  return (term(n) - tied) / 18;
}

/**
 * How much less a series says than as many independent values would (Hamed and Rao 1998): from the significant
 * autocorrelations of the ranks around the line. At least 1.
 */
function autocorrelationFactor(residuals: readonly number[]): number {
  const n = residuals.length;
  const ranks = ranksOf(residuals);
  const mean = (n + 1) / 2;
  const variance = ranks.reduce((sum, rank) => sum + (rank - mean) ** 2, 0);
  if (variance === 0) return 1;
  let sum = 0;
  for (let lag = 1; lag < n - 2; lag += 1) {
    let product = 0;
    for (let index = 0; index + lag < n; index += 1) {
      product += ((ranks[index] ?? mean) - mean) * ((ranks[index + lag] ?? mean) - mean);
    }
    const correlation = product / variance;
    if (Math.abs(correlation) < Z95 / Math.sqrt(n)) break;
    sum += (n - lag) * (n - lag - 1) * (n - lag - 2) * correlation;
  }
  return Math.max(1, 1 + (2 / (n * (n - 1) * (n - 2))) * sum);
}

/** Ranks from 1; equal values share the mean of theirs. */
export function ranksOf(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const ranks: number[] = new Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && order[to]?.value === order[from]?.value) to += 1;
    for (const { index } of order.slice(from, to)) ranks[index] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}
