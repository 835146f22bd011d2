import { sumOf } from './sum.ts';

/** Relative accuracy that goal G-3 writes as "γ = 0.0075". */
export const ALPHA = 0.0075;
/** Values up to this one count as zero. */
export const LARGEST_ZERO = 1e-9;

/** The bucket base that belongs to a relative accuracy: (1 + alpha) / (1 - alpha). */
export function gammaOf(alpha: number): number {
  return (1 + alpha) / (1 - alpha);
}

export interface Bucket {
  readonly index: number;
  readonly count: number;
}

/** What is needed to ask a sketch: buckets in ascending order, each with a count above 0. */
export interface Sketch {
  readonly gamma: number;
  readonly zeroCount: number;
  readonly buckets: readonly Bucket[];
}

export interface DenseSketch {
  readonly gamma: number;
  readonly zeroCount: number;
  readonly offset: number;
  readonly counts: readonly number[];
}

/** Takes the empty buckets out of a sketch as it is exported. */
export function decodeSketchBuckets({ gamma, zeroCount, offset, counts }: DenseSketch): Sketch {
  const buckets: Bucket[] = [];
  counts.forEach((count, position) => {
    if (count > 0) buckets.push({ index: offset + position, count });
  });
  return { gamma, zeroCount, buckets };
}

/** The sketch of all observations of sketches with one gamma: counts add up bucket by bucket, nothing is lost. */
export function mergeSketches(sketches: readonly Sketch[]): Sketch {
  const counts = new Map<number, number>();
  for (const { buckets } of sketches) {
    for (const { index, count } of buckets) counts.set(index, (counts.get(index) ?? 0) + count);
  }
  const buckets = [...counts].map(([index, count]) => ({ index, count })).sort((a, b) => a.index - b.index);
  return { gamma: sketches[0]?.gamma ?? gammaOf(ALPHA), zeroCount: sumOf(sketches.map((s) => s.zeroCount)), buckets };
}

export function totalCount({ zeroCount, buckets }: Sketch): number {
  return zeroCount + sumOf(buckets.map(({ count }) => count));
}

/** The centred value of a bucket: off by at most alpha, at both edges alike. (The upper edge would be off by 2 alpha.) */
export function bucketValue(gamma: number, index: number): number {
  return (2 * gamma ** index) / (gamma + 1);
}

/** What the sketch says the value at a rank (from 0) is; beyond the end, its largest. Undefined for an empty sketch. */
export function valueAtRank(sketch: Sketch, rank: number): number | undefined {
  let below = sketch.zeroCount;
  if (rank < below) return 0;
  for (const { index, count } of sketch.buckets) {
    below += count;
    if (rank < below) return bucketValue(sketch.gamma, index);
  }
  const last = sketch.buckets.at(-1);
  if (last !== undefined) return bucketValue(sketch.gamma, last.index);
  return sketch.zeroCount > 0 ? 0 : undefined;
}
