import { median } from './summary.ts';
import { type Point, type Trend, trendOf } from './trend.ts';

/** `unclear`: too short or too few samples to tell. */
export type LeakVerdict = 'growing' | 'steady' | 'unclear';

export interface LeakTest {
  readonly verdict: LeakVerdict;
  readonly trend: Trend | undefined;
  /** What the line gains over the series, in the unit of the values. */
  readonly growth: number;
  /** One sentence for a person. */
  readonly reason: string;
}

/** A shorter series shows the warm-up of a heap as growth. */
export const SHORTEST_LEAK_MS = 60_000;
export const SIGNIFICANT = 0.01;
/** Growth below this share of the median, or below one megabyte, is no leak whatever its significance. */
const SMALLEST_SHARE = 0.02;
const SMALLEST_BYTES = 1e6;
/** A heap that settles grows at first; a leak still grows at least at this share of its pace in the second half. */
const STILL_GROWING = 0.25;

/** Whether a series of bytes grows steadily: a robust slope that is significant, large enough, and does not settle. */
export function leakOf(series: readonly Point[]): LeakTest {
  const first = series[0]?.at ?? 0;
  const duration = (series.at(-1)?.at ?? 0) - first;
  const trend = trendOf(series);
  if (trend === undefined || duration < SHORTEST_LEAK_MS) {
    const reason = `${series.length} samples over ${Math.round(duration / 1000)} s are too few to tell; ${SHORTEST_LEAK_MS / 1000} s are needed.`;
    return { verdict: 'unclear', trend, growth: 0, reason };
  }
  const growth = (trend.slope * duration) / 1000;
  const needed = Math.max(SMALLEST_BYTES, SMALLEST_SHARE * median(series.map(({ value }) => value)));
  const pace = `${((trend.slope * 60) / 1e6).toPrecision(3)} MB a minute (p = ${trend.p.toPrecision(2)})`;
  const steady = (why: string): LeakTest => ({ verdict: 'steady', trend, growth, reason: why });
  if (growth < needed)
    return steady(`Memory changes by ${pace}: less than ${(needed / 1e6).toPrecision(3)} MB in all.`);
  if (trend.p >= SIGNIFICANT || trend.low <= 0) return steady(`Memory changes by ${pace}: no more than chance.`);
  if (settledTrend(series, trend) !== undefined)
    return steady(`Memory grew by ${pace} at first and settled in the second half.`);
  return { verdict: 'growing', trend, growth, reason: `Memory grows by ${pace} and does not settle.` };
}

/** The trend of the second half of a series that has stopped growing there; undefined where it has not. */
export function settledTrend(series: readonly Point[], whole: Trend): Trend | undefined {
  const first = series[0]?.at ?? 0;
  const middle = first + ((series.at(-1)?.at ?? 0) - first) / 2;
  const late = trendOf(series.filter(({ at }) => at >= middle));
  return late !== undefined && late.slope < STILL_GROWING * whole.slope ? late : undefined;
}
