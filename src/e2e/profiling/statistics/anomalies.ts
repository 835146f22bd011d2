import { median } from './summary.ts';
import { type Point, trendOf } from './trend.ts';

export interface Anomaly extends Point {
  /** What the robust line through the series expects at this time. */
  readonly expected: number;
  /** Distance from it in robust standard deviations. */
  readonly score: number;
}

/** Beyond so many robust standard deviations: about one in 500 million normal values. */
const FAR = 6;
/** Makes the median absolute deviation of a normal sample its standard deviation. */
const MAD_TO_DEVIATION = 1.4826;

/**
 * Samples far from the robust line through the series. `noise` is the smallest deviation that means anything, in the unit
 * of the values (one step of a clock, one page): a constant series with one small step has no outlier.
 */
export function anomaliesOf(series: readonly Point[], noise: number): Anomaly[] {
  const trend = trendOf(series);
  const first = series[0];
  if (trend === undefined || first === undefined) return [];
  const expected = (at: number) => trend.start + (trend.slope * (at - first.at)) / 1000;
  const distances = series.map(({ at, value }) => Math.abs(value - expected(at)));
  const deviation = Math.max(noise, MAD_TO_DEVIATION * median(distances));
  return series.flatMap(({ at, value }) => {
    const score = Math.abs(value - expected(at)) / deviation;
    return score > FAR ? [{ at, value, expected: expected(at), score }] : [];
  });
}
