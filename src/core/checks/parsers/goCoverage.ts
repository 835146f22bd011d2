import type { MeasuredValue } from '../../model/check.ts';
import { holds, thresholdText } from '../../model/threshold.ts';
import { coverageOf } from '../coverProfile.ts';
import type { GoPackage } from './goTestRun.ts';
import { checkIssue, type ParserResult, type ParserRun } from './parser.ts';

interface CoverageResult {
  readonly percent: number;
  readonly exact: boolean;
  readonly lowest: string;
  readonly values: readonly MeasuredValue[];
}

/**
 * People who ask for 80 % mean the share of all statements, as `go tool cover -func` totals it: that needs the profile.
 * Without one there are only percentages per package, which cannot be weighted. The lowest package is then what is
 * certain: the total cannot be below it (nor, with -coverpkg, below the best binary's share of the whole).
 */
export function measureCoverage(packages: readonly GoPackage[], run: ParserRun): CoverageResult | undefined {
  const profile = coverageOf(run.coverProfile ?? '');
  const reported = packages.flatMap(({ path, coverage }) => (coverage === undefined ? [] : [{ path, ...coverage }]));
  const each =
    profile !== undefined ? [...profile.packages].map(([path, { percent }]) => ({ path, percent })) : reported;
  if (each.length === 0) return undefined;
  const whole = reported.filter((one) => one.whole).map((one) => one.percent);
  const lowest = each.reduce((low, one) => (one.percent < low.percent ? one : low));
  const percent = profile?.total.percent ?? (whole.length > 0 ? Math.max(...whole) : lowest.percent);
  const min = run.check.coverage?.min;
  const limit =
    min === undefined ? {} : { min, verdict: holds(percent, { min }) ? ('pass' as const) : ('fail' as const) };
  return {
    percent,
    exact: profile !== undefined,
    lowest: lowest.path,
    values: [
      { name: 'coverage', value: percent, unit: 'percent', ...(profile && { n: profile.total.statements }), ...limit },
      ...each.map((one) => ({ name: `coverage ${one.path}`, value: one.percent, unit: 'percent' })),
    ],
  };
}

/** Holds a result that passed against the minimum that the check asks for. */
export function coverageVerdict(result: ParserResult, cover: CoverageResult | undefined, run: ParserRun): ParserResult {
  const min = run.check.coverage?.min;
  if (min === undefined) return result;
  if (cover === undefined) {
    const reason = `${result.reason} No coverage was measured: add -cover to the command, and have statements to cover.`;
    return { ...result, verdict: 'not-run', reason };
  }
  // 79.99 must not be shown as 80.0 beside the 80 that it misses.
  const rounded = cover.percent.toFixed(1);
  const percent = `${Number(rounded) >= min && cover.percent < min ? cover.percent : rounded} %`;
  if (holds(cover.percent, { min })) return { ...result, reason: `${result.reason} Coverage ${percent}.` };
  const needed = thresholdText({ min, unit: 'percent' });
  const message = cover.exact
    ? `Coverage is ${percent} of all statements, needed ${needed}. The lowest package is ${cover.lowest}.`
    : `Coverage is certain to be ${percent} only (${cover.lowest}), needed ${needed}. Without a profile the total is unknown: add -coverprofile=FILE.`;
  const issue = checkIssue(run, 'gotest.coverage', 'error', message);
  return { ...result, verdict: 'fail', reason: `${result.reason} ${message}`, issues: [...result.issues, issue] };
}
