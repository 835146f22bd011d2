import type { Issue } from '../../model/issue.ts';
import { locatedLine, messageSeverity } from '../located.ts';
import {
  checkIssue,
  lastLine,
  linesOf,
  makeError,
  type ParserResult,
  type ParserRun,
  plural,
  toolIssue,
} from './parser.ts';

/**
 * Any program: the exit code decides, and lines of the form `file:line:col: message` or `file:line: message` become
 * issues. Exit 0 passes also in silence, because good news is silent in most tools; the reason says that no more is known.
 */
export function parseGeneric(run: ParserRun): ParserResult {
  const passed = run.exitCode === 0;
  const issues = locatedIssues(run, `check.${run.check.parser}`, passed ? 'warning' : 'error');
  if (passed) {
    const silent = run.stdout.trim() === '' && run.stderr.trim() === '';
    const found = issues.length > 0 ? ` and ${plural(issues.length, 'message')} with a place` : '';
    const proof = silent
      ? ' and no output: it found nothing to complain about, which does not show how much it looked at'
      : '';
    return { verdict: 'pass', reason: `Exit code 0${found}${proof}.`, values: [], issues };
  }
  return {
    verdict: 'fail',
    reason: `Exit code ${run.exitCode}: ${lastLine(run) || 'no output'}`,
    values: [],
    issues: issues.some((issue) => issue.severity === 'error') ? issues : [...issues, failureIssue(run)],
  };
}

export function locatedIssues(run: ParserRun, code: string, severity: 'error' | 'warning'): Issue[] {
  return [...linesOf(run.stdout), ...linesOf(run.stderr)].flatMap((line) => {
    const found = locatedLine(line.replace(/^vet: /, ''));
    if (found === undefined || found.message === '') return [];
    return [toolIssue(run, code, messageSeverity(found.message, severity), found.message, found)];
  });
}

/** When nothing printed a place: the Makefile's line, else the check's definition. */
function failureIssue(run: ParserRun): Issue {
  const code = `check.${run.check.parser}`;
  const message = `${run.check.run.join(' ')} failed with exit code ${run.exitCode}: ${lastLine(run) || 'no output'}`;
  const make = makeError(run);
  if (make?.file === undefined) return checkIssue(run, code, 'error', message);
  return toolIssue(run, code, 'error', message, { path: make.file, line: make.line });
}
