import type { MeasuredValue } from '../../core/model/check.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { CPU_WEIGHT, LARGEST_N, RSS_WEIGHT } from './capture.ts';
import { ALPHA, LARGEST_ZERO } from './ddsketch.ts';
import { LARGEST_MERGE, type QuantileError, spanText } from './fidelity.ts';
import { type Findings, ORACLE_KPIS, type OracleKpi } from './findings.ts';
import type { Judgement } from './judge.ts';
import { QUANTILES } from './quantiles.ts';
import { METRICS } from './types.ts';

/** How the figures are defined: shown beside them, so that nobody has to guess. */
export const METHOD: readonly string[] = [
  `topn_capture_ratio: mean over the ticks of the score that the exported processes really hold; score = ${CPU_WEIGHT} * CPU share + ${RSS_WEIGHT} * RSS share, from the ground truth; N at most ${LARGEST_N} and half of the live processes.`,
  `p95p99_error: worst |estimate - exact| / exact over metrics, windows, the merged run, and the quantiles ${QUANTILES.join(' and ')}; exact value by the rank rule floor(q * (n - 1)), counted from 0, without interpolation.`,
  `γ = ${ALPHA} is read as relative accuracy α = ${ALPHA} with γ = (1+α)/(1−α), centred bucket values; values up to ${LARGEST_ZERO} count as 0.`,
  'tail_error: worst over the metrics of |exported sum - exact sum| / exact sum over the run; exported sum = top + other. An error against an exact 0 is 0 for a reported 0, else 100 percent.',
];

/**
 * The figures as measured values, in a fixed order. A KPI without a verdict was measured cleanly: the caller holds it
 * against its threshold. `fail` and `error` stand whatever the threshold. A KPI without data is left out.
 */
export function valuesOf(judgement: Judgement, findings: Findings): MeasuredValue[] {
  return [
    ...captureValues(judgement, findings),
    ...quantileValues(judgement, findings),
    ...tailValues(judgement, findings),
  ];
}

/** What stands against each KPI; `not-run` for one without data against which nothing else was found. */
export function verdictsOf(judgement: Judgement, findings: Findings): Readonly<Record<string, Verdict>> {
  const measured = new Set(valuesOf(judgement, findings).map(({ name }) => name));
  return Object.fromEntries(
    ORACLE_KPIS.flatMap((name) => {
      const verdict = findings.verdictOf(name) ?? (measured.has(name) ? undefined : 'not-run');
      return verdict === undefined ? [] : [[name, verdict]];
    }),
  );
}

/** The definitions, then which comparison was the worst of each KPI. */
export function notesOf({ capture, quantiles, tails, mergeLeftOut }: Judgement): string[] {
  const notes = [...METHOD];
  if (capture !== undefined)
    notes.push(`Lowest capture: ${capture.min.toFixed(2)} percent at tick ${capture.worstTick}.`);
  const worst = worstOf(quantiles);
  if (worst !== undefined) {
    const span = `${spanText(worst)}${worst.merged ? ' (all windows merged)' : ''}`;
    notes.push(
      `Worst quantile: ${worst.metric} p${worst.q * 100} of ${span}: estimate ${worst.estimate}, exact ${worst.exact}, off by ${worst.percent.toPrecision(3)} percent (n = ${worst.n}).`,
    );
  }
  for (const tail of tails) {
    notes.push(
      `Sum of ${tail.metric}: exported ${tail.exported}, exact ${tail.exact}; worst tick ${tail.worstTick}, off by ${tail.worstPercent.toPrecision(3)} percent.`,
    );
  }
  if (mergeLeftOut) notes.push(`The merge of all windows was not judged: more than ${LARGEST_MERGE} observations.`);
  return notes;
}

function captureValues({ capture }: Judgement, findings: Findings): MeasuredValue[] {
  const name = 'topn_capture_ratio';
  if (capture === undefined) return [];
  const n = capture.ticks;
  return [
    ...kpi(name, capture.percent, n, findings),
    { name: `${name}.min`, value: capture.min, unit: 'percent', n },
    { name: `${name}.p5`, value: capture.p5, unit: 'percent', n },
    { name: 'topn_n.mean', value: capture.meanN, unit: 'count', n },
    { name: 'topn_n.max', value: capture.maxN, unit: 'count', n },
  ];
}

function quantileValues({ quantiles, observed }: Judgement, findings: Findings): MeasuredValue[] {
  const name = 'p95p99_error';
  const parts = METRICS.flatMap((metric) =>
    QUANTILES.flatMap((q): MeasuredValue[] => {
      const of = quantiles.filter((each) => each.metric === metric && each.q === q);
      const worst = worstOf(of);
      if (worst === undefined) return [];
      return [{ name: `${name}.${metric}.p${q * 100}`, value: worst.percent, unit: 'percent', n: of.length }];
    }),
  );
  return [...kpi(name, worstOf(quantiles)?.percent, observed, findings), ...parts];
}

function tailValues({ tails, ticks }: Judgement, findings: Findings): MeasuredValue[] {
  const name = 'tail_error';
  const worst = tails.length === 0 ? undefined : Math.max(...tails.map(({ percent }) => percent));
  const parts = tails.flatMap((tail): MeasuredValue[] => [
    { name: `${name}.${tail.metric}`, value: tail.percent, unit: 'percent', n: tail.ticks },
    { name: `${name}.${tail.metric}.worst_tick`, value: tail.worstPercent, unit: 'percent', n: tail.ticks },
  ]);
  return [...kpi(name, worst, ticks, findings), ...parts];
}

function kpi(name: OracleKpi, value: number | undefined, n: number, findings: Findings): MeasuredValue[] {
  const verdict = findings.verdictOf(name);
  return value === undefined ? [] : [{ name, value, unit: 'percent', n, ...(verdict !== undefined && { verdict }) }];
}

function worstOf(quantiles: readonly QuantileError[]): QuantileError | undefined {
  return quantiles.reduce<QuantileError | undefined>(
    (worst, each) => (worst === undefined || each.percent > worst.percent ? each : worst),
    undefined,
  );
}
