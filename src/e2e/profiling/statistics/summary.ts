import { exactQuantile } from '../../oracle/quantiles.ts';
import { sumOf } from '../../oracle/sum.ts';

/** A series reduced to its figures; quantiles by the rank rule floor(q * (n - 1)), in the unit of the series. */
export interface Summary {
  readonly n: number;
  readonly mean: number;
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Undefined for an empty series: no data has no mean. */
export function summarize(values: readonly number[]): Summary | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  return {
    n: sorted.length,
    mean: sumOf(sorted) / sorted.length,
    min: exactQuantile(sorted, 0),
    p50: exactQuantile(sorted, 0.5),
    p95: exactQuantile(sorted, 0.95),
    p99: exactQuantile(sorted, 0.99),
    max: exactQuantile(sorted, 1),
  };
}

/** The middle value, or the mean of the two middle ones. NaN for an empty series. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** The extremes of a series of any length: `Math.max(...values)` throws on the hundred thousand values of a day. */
export function highest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
}

export function lowest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
}
