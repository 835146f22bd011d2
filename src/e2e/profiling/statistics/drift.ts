import { SIGNIFICANT, settledTrend } from './leak.ts';
import { FEWEST_POINTS, type Point, type Trend, trendOf } from './trend.ts';

/** `unclear`: too short, or too noisy to rule out a drift that would matter. */
export type DriftVerdict = 'drifting' | 'steady' | 'unclear';

export interface DriftTest {
  readonly verdict: DriftVerdict;
  /** Of the means of equal stretches; undefined where the series is too short. */
  readonly trend: Trend | undefined;
  /** What the line gains in 24 hours, in percent of a core; NaN where the series is too short. */
  readonly perDay: number;
  /** What it would have to gain to matter. */
  readonly most: number;
  /** One sentence for a person. */
  readonly reason: string;
}

/** 24 hours are projected from at least a twenty-fourth of them. */
export const SHORTEST_SOAK_SECONDS = 3600;
/** Samples are at most one apart from the ends of the window. */
const SLACK_SECONDS = 2;
/** A stretch of an hour's soak is 30 s: a clock step of 10 ms is then 0.03 percent of a core. */
const STRETCHES = 120;
/** Drift that takes this share of the budget in a day matters; without a budget, of what the agent used at first. */
const SHARE = 0.1;
/** Percent of a core; less is beneath what the clock tells. */
const SMALLEST = 0.1;
const DAY_SECONDS = 86_400;

/** CPU of an agent over a window. */
export interface CpuSeries {
  /** Percent of a core since the point before, or since `from`. */
  readonly points: readonly Point[];
  /** Milliseconds. */
  readonly from: number;
  /** What the steps of the clock leave open of the mean over the whole window, in percent of a core. */
  readonly uncertainty: number;
  /** Percent of a core that the agent may use; undefined where nothing says. */
  readonly limit: number | undefined;
}

/**
 * Whether the CPU of an agent rises over a soak. The rule: a Theil-Sen line through the means of 120 equal stretches is
 * projected over 24 hours. `drifting` where it is significant (p < 0.01), gains at least a tenth of the budget, and has not
 * settled in the second half; `steady` where the upper end of its 95 % interval, widened by the steps of the clock, stays
 * below that; everything else is `unclear`, and so is a series of less than an hour. A fall is no drift.
 */
export function driftOf({ points: samples, from, uncertainty, limit }: CpuSeries): DriftTest {
  const duration = (samples.at(-1)?.at ?? from) - from;
  const points = stretchesOf(samples, from, duration / STRETCHES);
  const trend = trendOf(points);
  const most = Math.max(SMALLEST, SHARE * (limit ?? trend?.start ?? 0));
  if (trend === undefined || isShortSoak(duration)) {
    const reason = `${samples.length} samples over ${Math.round(duration / 1000)} s are too few to tell drift of CPU; ${SHORTEST_SOAK_SECONDS} s and ${FEWEST_POINTS} samples are needed.`;
    return { verdict: 'unclear', trend: undefined, perDay: Number.NaN, most, reason };
  }
  const rises = trend.p < SIGNIFICANT && trend.low > 0;
  const settled = rises ? settledTrend(points, trend) : undefined;
  const judged = settled ?? trend;
  // Means that differ by less than a step of the clock tie, and an interval of ties is too narrow.
  const step = (2 * uncertainty * STRETCHES * 1000) / (settled === undefined ? duration : duration / 2);
  const highest = (judged.high + step) * DAY_SECONDS;
  const perDay = judged.slope * DAY_SECONDS;
  const verdict = rises && settled === undefined && perDay >= most ? 'drifting' : highest < most ? 'steady' : 'unclear';
  const ends: Record<DriftVerdict, string> = {
    drifting: `${shown(perDay)} in 24 h, where ${shown(most)} matter.`,
    steady: `at most ${shown(highest)} in 24 h, less than the ${shown(most)} that matter.`,
    unclear: `up to ${shown(highest)} in 24 h cannot be ruled out, and ${shown(most)} matter; soak longer.`,
  };
  const when = settled === undefined ? '' : ' and settled in the second half';
  return { verdict, trend, perDay, most, reason: `CPU ${paceOf(trend)}${when}: ${ends[verdict]}` };
}

/** Whether so many milliseconds say nothing about a day. */
export function isShortSoak(duration: number): boolean {
  return duration < (SHORTEST_SOAK_SECONDS - SLACK_SECONDS) * 1000;
}

function paceOf({ slope, low, high, p, n }: Trend): string {
  const [pace, least, highest] = [slope, low, high].map((perSecond) => shown(perSecond * 3600));
  return `changes by ${pace} percent of a core per hour (95 % interval ${least} to ${highest}, p = ${p.toPrecision(2)}, n = ${n} stretches)`;
}

function shown(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Time-weighted means, so that steps of the clock and late samples even out. */
function stretchesOf(series: readonly Point[], from: number, length: number): Point[] {
  const sums = new Map<number, { time: number; weighted: number }>();
  let before = from;
  for (const { at, value } of series) {
    const index = Math.min(STRETCHES - 1, Math.floor((at - from) / length));
    const sum = sums.get(index) ?? { time: 0, weighted: 0 };
    sums.set(index, { time: sum.time + at - before, weighted: sum.weighted + value * (at - before) });
    before = at;
  }
  return [...sums].map(([index, { time, weighted }]) => ({
    at: from + (index + 0.5) * length,
    value: weighted / time,
  }));
}
