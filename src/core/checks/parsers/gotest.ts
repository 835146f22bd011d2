import type { Issue } from '../../model/issue.ts';
import { coverageVerdict, measureCoverage } from './goCoverage.ts';
import { ancestors, goTestIssues, hasFailedTest } from './goTestIssues.ts';
import { type GoPackage, GoTestRun } from './goTestRun.ts';
import { checkIssue, lastLine, type ParserResult, type ParserRun, plural } from './parser.ts';

/**
 * `go test`, best with -json or -v. Subtests count as tests. It passes only when a test is known to have run and passed:
 * `go test` exits with 0 also when none matched, all were skipped, there are no test files or TestMain left early.
 */
export function parseGoTest(run: ParserRun): ParserResult {
  const go = GoTestRun.of(run.stdout, run.stderr);
  const packages = [...go.packages.values()];
  const tests = go.namesTests ? go.counts : undefined;
  const issues = goTestIssues(go, run);
  const cover = measureCoverage(packages, run);
  const base = { tests, coverage: cover?.percent, values: cover?.values ?? [], issues };

  const failed = packages.filter((each) => each.outcome === 'fail' || hasFailedTest(each));
  if (failed.length > 0 || go.builds.size > 0 || (run.exitCode !== 0 && packages.length > 0)) {
    const reason = failureReason(go, failed);
    const silent =
      issues.length === 0 ? [checkIssue(run, 'gotest.failed', 'error', `${reason} ${lastLine(run)}`)] : issues;
    return { ...base, verdict: 'fail', reason, issues: silent };
  }
  if (packages.length === 0) {
    const nothing = /no packages to test|matched no packages/.test(run.stdout + run.stderr);
    if (nothing) return { ...base, verdict: 'not-run', reason: 'No package matched: nothing was tested.' };
    if (run.exitCode === 0)
      return { ...base, verdict: 'not-run', reason: 'The output names no Go package: nothing shows that a test ran.' };
    return { ...base, verdict: 'error', reason: `go test did not get to the tests: ${lastLine(run)}` };
  }
  if (!packages.some(hasProof)) {
    const untested = packages.filter((each) => each.noTestFiles).map((each) => each.path);
    return { ...base, verdict: 'not-run', reason: `No test ran: ${whyNone(packages, go.namesTests)}.`, untested };
  }
  const said = `${go.counts.passed} passed, ${go.counts.skipped} skipped in ${plural(packages.length, 'package')}.`;
  const left = packages.filter((each) => leftEarly(each, go.namesTests));
  const warned = [...issues, ...left.map((each) => leftEarlyIssue(each, run))];
  return coverageVerdict({ ...base, issues: warned, verdict: 'pass', reason: said }, cover, run);
}

/** A test without subtests that passed: a parent also passes when all of its subtests are skipped. */
function hasProof(goPackage: GoPackage): boolean {
  const parents = new Set([...goPackage.tests.keys()].flatMap(ancestors));
  return [...goPackage.tests].some(([name, test]) => test.outcome === 'pass' && !parents.has(name));
}

function leftEarly(goPackage: GoPackage, namesTests: boolean): boolean {
  return namesTests && goPackage.tests.size === 0 && !goPackage.noMatch && !goPackage.noTestFiles;
}

function leftEarlyIssue(goPackage: GoPackage, run: ParserRun): Issue {
  const message = `${goPackage.path} ended with exit code 0 before a test ran, as a TestMain does that exits.`;
  return checkIssue(run, 'gotest.no-tests', 'warning', message);
}

function whyNone(packages: readonly GoPackage[], namesTests: boolean): string {
  const reasons: string[] = [];
  const name = (of: readonly GoPackage[], why: string): void => {
    if (of.length > 0) reasons.push(`${why} (${listed(of.map((each) => each.path))})`);
  };
  const silent = packages.filter((each) => each.tests.size === 0 && !each.noMatch && !each.noTestFiles);
  name(
    packages.filter((each) => each.tests.size > 0),
    'all tests were skipped',
  );
  name(
    packages.filter((each) => each.noMatch),
    'no test matches',
  );
  name(
    packages.filter((each) => each.noTestFiles),
    'no test files',
  );
  // Plain `ok` without -v is printed for skipped tests and for a TestMain that exits, too: it proves nothing.
  if (namesTests) name(silent, 'the test binary exited with 0 before a test ran, as a TestMain does');
  else name(silent, 'the output has no test names, so none is known to have run; use go test -json or -v');
  return reasons.join('; ');
}

function failureReason(go: GoTestRun, failed: readonly GoPackage[]): string {
  const broken = failed.filter((each) => each.broken).length;
  const parts = [
    go.counts.failed > 0
      ? `${plural(go.counts.failed, 'test')} failed${go.namesTests ? `, ${go.counts.passed} passed` : ''}`
      : '',
    broken > 0 ? `${plural(broken, 'package')} could not be built` : '',
  ].filter((part) => part !== '');
  if (parts.length === 0)
    parts.push(failed.length > 0 ? `${listed(failed.map((each) => each.path))} failed` : 'go test failed');
  return `${parts.join('; ')}.`;
}

function listed(names: readonly string[]): string {
  const MOST = 3;
  const shown = names.slice(0, MOST).join(', ');
  return names.length > MOST ? `${shown} and ${names.length - MOST} more` : shown;
}
