/** The two things that are measured of every process: CPU milliseconds used in a tick, and resident bytes at the tick. */
export const METRICS = ['cpu_ms', 'rss'] as const;
export type Metric = (typeof METRICS)[number];

/** The part of the record that a line belongs to; it decides which figures a fault in it makes untrusted. */
export type Source = 'corpus' | 'topn' | 'sketches';

/** Where a record stands: a line of a file, or of what a receiver kept. Lines count from 1. */
export interface Place {
  readonly source: Source;
  /** Relative to the workspace root. */
  readonly file: string;
  readonly line: number;
}

/** One process at one tick. (pid, start) is its identity: a pid may come back with another start. */
export interface ProcessReading {
  readonly pid: number;
  readonly start: number;
  readonly name: string;
  /** CPU milliseconds used in this tick. */
  readonly cpu_ms: number;
  /** Resident bytes. */
  readonly rss: number;
}

/** All processes that really lived at a tick: from a corpus, or from the workload's ledger and our readings of `/proc`. */
export interface GroundTruthTick {
  readonly tick: number;
  readonly place: Place;
  readonly processes: readonly ProcessReading[];
}

/** What the subject exported for a tick: some processes one by one, the others as sums. */
export interface ExportedTick {
  readonly tick: number;
  readonly place: Place;
  /** The number of `top` entries, as the subject says it. */
  readonly n: number;
  readonly top: readonly ProcessReading[];
  readonly other: { readonly count: number; readonly cpu_ms: number; readonly rss: number };
}

/**
 * One sketch over the values of all processes at the ticks `from <= tick < to`. Bucket `offset + position` holds values v
 * with gamma^(i-1) < v <= gamma^i; `zeroCount` holds the values up to 1e-9.
 */
export interface SketchWindow {
  readonly metric: Metric;
  readonly place: Place;
  readonly from: number;
  readonly to: number;
  readonly alpha: number;
  readonly gamma: number;
  readonly zeroCount: number;
  readonly offset: number;
  readonly counts: readonly number[];
  /** Observations, as the subject says it. */
  readonly count: number;
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
}

export type Stream<T> = AsyncIterable<T> | Iterable<T>;

export function identityOf(process: { readonly pid: number; readonly start: number }): string {
  return `${process.pid}/${process.start}`;
}
