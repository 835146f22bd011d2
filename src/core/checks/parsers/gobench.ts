import type { MeasuredValue } from '../../model/check.ts';
import type { Issue } from '../../model/issue.ts';
import { type BenchmarkSeries, benchmarkSeries } from '../benchmarks.ts';
import { type Comparison, compareBenchmarks, geometricMeans, LEAST_SAMPLES, median } from '../benchstat.ts';
import { judgeValue } from '../judge.ts';
import { goTestIssues } from './goTestIssues.ts';
import { GoTestRun } from './goTestRun.ts';
import { checkIssue, lastLine, type ParserResult, type ParserRun, plural } from './parser.ts';

/**
 * `go test -bench`: the median of each benchmark and unit, with the number of samples (-count). Against a kept baseline,
 * changes in benchstat's manner; a slowdown is a warning, because only a threshold can say how much is too much.
 */
export function parseGoBench(run: ParserRun): ParserResult {
  const series = benchmarkSeries(run.stdout);
  const values: MeasuredValue[] = series.map(({ name, unit, samples }) =>
    judgeValue({ name: `${name} ${unit}`, value: median(samples), unit, n: samples.length }, run.thresholds),
  );
  if (run.exitCode !== 0) {
    const go = GoTestRun.of(run.stdout, run.stderr);
    const found = goTestIssues(go, run);
    if (go.packages.size === 0 && found.length === 0) {
      return {
        verdict: 'error',
        reason: `go test did not get to the benchmarks: ${lastLine(run)}`,
        values,
        issues: [],
      };
    }
    const issues = found.length > 0 ? found : [checkIssue(run, 'gobench.failed', 'error', lastLine(run))];
    return { verdict: 'fail', reason: `go test failed: ${issues[0]?.message ?? lastLine(run)}`, values, issues };
  }
  if (series.length === 0) {
    return {
      verdict: 'not-run',
      reason: 'No benchmark ran: none matches -bench, or there is none.',
      values,
      issues: [],
    };
  }
  const count = plural(new Set(series.map(({ key }) => key)).size, 'benchmark');
  const compared = compareWithBaseline(series, run);
  const broken = values.filter((value) => value.verdict === 'fail');
  const issues = [...compared.issues, ...broken.map((value) => thresholdIssue(value, run))];
  return {
    verdict: broken.length > 0 ? 'fail' : 'pass',
    reason: `${count} ran${broken.length > 0 ? `; ${plural(broken.length, 'value')} beyond the threshold` : ''}${compared.summary}.`,
    values: [...values, ...compared.values],
    issues,
  };
}

function compareWithBaseline(
  series: readonly BenchmarkSeries[],
  run: ParserRun,
): { summary: string; values: MeasuredValue[]; issues: Issue[] } {
  const file = run.check.baseline;
  if (file === undefined) return { summary: '', values: [], issues: [] };
  if (run.baseline === undefined) {
    const message = `There is no baseline in ${file} yet: nothing to compare with. Keep one with "infrabuilder check ${run.name} --save-baseline".`;
    return {
      summary: '; no baseline to compare with',
      values: [],
      issues: [checkIssue(run, 'gobench.no-baseline', 'info', message)],
    };
  }
  const rows = compareBenchmarks(benchmarkSeries(run.baseline), series);
  if (rows.length === 0) {
    const message = `${file} has none of these benchmarks: nothing to compare with.`;
    return {
      summary: '; nothing to compare with',
      values: [],
      issues: [checkIssue(run, 'gobench.no-baseline', 'warning', message)],
    };
  }
  const worse = rows.filter((row) => row.change === 'worse');
  const better = rows.filter((row) => row.change === 'better').length;
  const same = rows.length - worse.length - better;
  const thin = rows.some((row) => row.p === undefined) ? `, needs -count ${LEAST_SAMPLES} or more on both sides` : '';
  return {
    summary: `; against ${file}: ${worse.length} worse, ${better} better, ${same} ~${thin}`,
    values: [...rows.flatMap(deltaValue), ...geometricMeans(rows).map(geomeanValue)],
    issues: worse.map((row) => checkIssue(run, 'gobench.slower', 'warning', comparisonText(row))),
  };
}

function deltaValue({ name, unit, delta, samples, change }: Comparison): MeasuredValue[] {
  if (delta === undefined) return [];
  const unclear = change === '~' ? { verdict: 'inconclusive' as const } : {};
  return [{ name: `${name} ${unit} delta`, value: delta, unit: 'percent', n: Math.min(...samples), ...unclear }];
}

function geomeanValue({ unit, delta, n }: { unit: string; delta: number; n: number }): MeasuredValue {
  return { name: `geomean ${unit} delta`, value: delta, unit: 'percent', n };
}

/** `sketch.BenchmarkAdd ns/op: 20 -> 31 (+55.0 %, p=0.008, n=5+5)` */
function comparisonText({ name, unit, before, after, delta, p, samples }: Comparison): string {
  const change = delta === undefined ? 'from zero' : `${delta > 0 ? '+' : ''}${delta.toFixed(1)} %`;
  return `${name} ${unit}: ${before} -> ${after} (${change}, p=${p?.toFixed(3)}, n=${samples.join('+')})`;
}

function thresholdIssue({ name, value, unit, min, max }: MeasuredValue, run: ParserRun): Issue {
  const limit = max !== undefined && value > max ? `above ${max}` : `below ${min}`;
  return checkIssue(run, 'check.threshold', 'error', `${name} is ${value} ${unit}, ${limit}.`);
}
