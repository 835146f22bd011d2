import type { MeasuredValue } from '../../core/model/check.ts';
import { holds } from '../../core/model/threshold.ts';
import { combineVerdicts, type Verdict } from '../../core/model/verdict.ts';
import { sumOf } from '../oracle/sum.ts';
import { median } from '../profiling/statistics/summary.ts';

/** More spread than this, and the runs do not tell, unless all of them and their interval lie on one side of the limit. */
const MOST_VARIATION = 0.1;
/** Two-sided 95 % quantiles of Student's t for 1 to 19 degrees of freedom. */
const T95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093,
];

/**
 * One value per name over several runs of the same scenario: the median, beside it the worst and the 95 % interval of the
 * mean. No run is dropped. One run is returned as it is.
 */
export function combineReplicates(runs: readonly (readonly MeasuredValue[])[]): MeasuredValue[] {
  const [first = []] = runs;
  if (runs.length <= 1) return [...first];
  const names = [...new Set(runs.flatMap((run) => run.map(({ name }) => name)))];
  return names.flatMap((name) => {
    const values = runs.flatMap((run) => run.filter((value) => value.name === name));
    const [sample] = values;
    if (sample === undefined) return [];
    const figures = values.map(({ value }) => value);
    const middle: MeasuredValue = { ...sample, value: median(figures), n: values.length };
    if (sample.min === undefined && sample.max === undefined) return [middle];
    const interval = intervalOf(figures);
    const part = (suffix: string, value: number): MeasuredValue => ({
      name: `${name}.${suffix}`,
      value,
      ...(sample.unit !== undefined && { unit: sample.unit }),
      n: values.length,
    });
    const worst = sample.min === undefined ? Math.max(...figures) : Math.min(...figures);
    return [
      { ...middle, verdict: verdictOf(values, runs.length, interval) },
      part('worst', worst),
      part('low95', interval.low),
      part('high95', interval.high),
      part('variation', interval.variation * 100),
    ];
  });
}

interface Interval {
  readonly low: number;
  readonly high: number;
  /** Standard deviation by mean. */
  readonly variation: number;
}

export function intervalOf(figures: readonly number[]): Interval {
  const n = figures.length;
  const mean = sumOf(figures) / n;
  const deviation = Math.sqrt(sumOf(figures.map((figure) => (figure - mean) ** 2)) / Math.max(1, n - 1));
  const half = ((T95[n - 2] ?? 1.96) * deviation) / Math.sqrt(n);
  const variation = deviation === 0 ? 0 : deviation / Math.abs(mean);
  return { low: mean - half, high: mean + half, variation };
}

function verdictOf(values: readonly MeasuredValue[], runs: number, interval: Interval): Verdict {
  const verdicts = values.map(({ verdict }) => verdict ?? 'not-run');
  if (values.length < runs) verdicts.push('not-run');
  const worst = combineVerdicts(verdicts);
  const [sample] = values;
  if (sample === undefined || (worst !== 'pass' && worst !== 'fail') || interval.variation <= MOST_VARIATION) {
    return worst;
  }
  const sides = [interval.low, interval.high, ...values.map(({ value }) => value)].map((figure) =>
    holds(figure, sample),
  );
  return new Set(sides).size === 1 ? worst : 'inconclusive';
}
