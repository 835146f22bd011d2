import type { BenchmarkSeries } from './benchmarks.ts';

/** Fewer samples a side cannot reach p < 0.05 with this test. */
export const LEAST_SAMPLES = 4;
const ALPHA = 0.05;
/** Up to here the exact distribution is counted out; beyond, the normal approximation is as good. */
const MOST_EXACT = 40;

export interface Comparison {
  readonly name: string;
  readonly unit: string;
  readonly before: number;
  readonly after: number;
  readonly samples: readonly [before: number, after: number];
  /** (after - before) / before in percent, of the medians; undefined when before is 0 and after is not. */
  readonly delta: number | undefined;
  /** Undefined when a side has fewer than four samples. */
  readonly p: number | undefined;
  /** `~` is benchstat's sign for: no difference shown. */
  readonly change: 'better' | 'worse' | '~';
}

/** Compares medians of the benchmarks that both sides have, as benchstat does: Mann-Whitney U, two-sided, α = 0.05. */
export function compareBenchmarks(before: readonly BenchmarkSeries[], after: readonly BenchmarkSeries[]): Comparison[] {
  const known = new Map(before.map((series) => [`${series.key} ${series.unit}`, series]));
  return after.flatMap((series) => {
    const old = known.get(`${series.key} ${series.unit}`);
    return old === undefined ? [] : [compare(old, series)];
  });
}

/** Per unit, the geometric mean of after/before as a change in percent, over the rows where both medians are above 0. */
export function geometricMeans(rows: readonly Comparison[]): { unit: string; delta: number; n: number }[] {
  const logs = new Map<string, number[]>();
  for (const { unit, before, after } of rows) {
    if (before > 0 && after > 0) logs.set(unit, [...(logs.get(unit) ?? []), Math.log(after / before)]);
  }
  return [...logs].map(([unit, all]) => {
    const mean = all.reduce((sum, log) => sum + log, 0) / all.length;
    return { unit, delta: (Math.exp(mean) - 1) * 100, n: all.length };
  });
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function compare(old: BenchmarkSeries, series: BenchmarkSeries): Comparison {
  const [before, after] = [median(old.samples), median(series.samples)];
  const enough = Math.min(old.samples.length, series.samples.length) >= LEAST_SAMPLES;
  const p = enough ? mannWhitney(old.samples, series.samples) : undefined;
  const differs = p !== undefined && p < ALPHA && before !== after;
  const better = higherIsBetter(series.unit) ? after > before : after < before;
  return {
    name: series.name,
    unit: series.unit,
    before,
    after,
    samples: [old.samples.length, series.samples.length],
    delta: before === after ? 0 : before === 0 ? undefined : ((after - before) / before) * 100,
    p,
    change: !differs ? '~' : better ? 'better' : 'worse',
  };
}

/** Rates (`MB/s`) are good when high; all else that Go reports (time, bytes, allocations) when low. */
function higherIsBetter(unit: string): boolean {
  return unit.endsWith('/s');
}

/**
 * Two-sided p of the Mann-Whitney U test, ties by mid-ranks. Exact up to 40 values together, by counting how many of all
 * ways to choose the first side's ranks give a rank sum at least as extreme; above, normal with tie and continuity
 * correction.
 */
export function mannWhitney(a: readonly number[], b: readonly number[]): number {
  const ranks = midRanks([...a, ...b]);
  const sum = ranks.slice(0, a.length).reduce((total, rank) => total + rank, 0);
  return ranks.length <= MOST_EXACT ? exactP(ranks, a.length, sum) : normalP(ranks, a.length, sum);
}

/** Ranks from 1; equal values share the mean of their ranks. */
function midRanks(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).sort((x, y) => x.value - y.value);
  const ranks = new Array<number>(values.length).fill(0);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && order[end]?.value === order[start]?.value) end++;
    for (const { index } of order.slice(start, end)) ranks[index] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

function exactP(ranks: readonly number[], chosen: number, sum: number): number {
  // Doubled, because mid-ranks are halves and the table is indexed by rank sum.
  const doubled = ranks.map((rank) => Math.round(rank * 2));
  const most = doubled.reduce((total, rank) => total + rank, 0);
  const ways = Array.from({ length: chosen + 1 }, () => new Float64Array(most + 1));
  const none = ways[0];
  if (none !== undefined) none[0] = 1;
  for (const rank of doubled) {
    for (let size = chosen; size > 0; size--) {
      const [from, to] = [ways[size - 1], ways[size]];
      for (let at = most; at >= rank; at--)
        if (from !== undefined && to !== undefined) to[at] = (to[at] ?? 0) + (from[at - rank] ?? 0);
    }
  }
  let [all, low, high] = [0, 0, 0];
  ways[chosen]?.forEach((count, at) => {
    all += count;
    if (at <= sum * 2) low += count;
    if (at >= sum * 2) high += count;
  });
  return Math.min(1, (2 * Math.min(low, high)) / all);
}

function normalP(ranks: readonly number[], chosen: number, sum: number): number {
  const n = ranks.length;
  const other = n - chosen;
  const sizes = new Map<number, number>();
  for (const rank of ranks) sizes.set(rank, (sizes.get(rank) ?? 0) + 1);
  const ties = [...sizes.values()].reduce((total, size) => total + (size ** 3 - size), 0);
  const variance = ((chosen * other) / 12) * (n + 1 - ties / (n * (n - 1)));
  if (variance === 0) return 1;
  const distance = Math.max(0, Math.abs(sum - (chosen * (n + 1)) / 2) - 0.5);
  return Math.min(1, 2 * upperTail(distance / Math.sqrt(variance)));
}

/** P(Z >= z) for z >= 0; Abramowitz and Stegun 26.2.17, error below 7.5e-8. */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}
