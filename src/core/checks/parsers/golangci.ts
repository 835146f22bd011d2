import type { Issue, Severity } from '../../model/issue.ts';
import { locatedLine, messageSeverity } from '../located.ts';
import {
  checkIssue,
  lastLine,
  linesOf,
  type ParserResult,
  type ParserRun,
  plural,
  toolExitCode,
  toolIssue,
} from './parser.ts';

/** pkg/exitcodes of golangci-lint, the same in versions 1 and 2. 2 is also what make answers for any failure. */
const EXIT = { issues: 1, failure: 3, timeout: 4, noGoFiles: 5 } as const;

interface LintIssue {
  readonly FromLinter: string;
  readonly Text: string;
  readonly Severity?: string;
  readonly Pos: { readonly Filename: string; readonly Line: number; readonly Column?: number };
}

/**
 * golangci-lint 1 and 2: JSON (`--out-format json`, `--output.json.path stdout`; text may follow it) or plain lines
 * `file:line:col: message (linter)`. Each finding fails the check, also with --issues-exit-code 0.
 */
export function parseGolangci(run: ParserRun): ParserResult {
  const issues = jsonIssues(run) ?? textIssues(run);
  const exitCode = toolExitCode(run);
  const none = { values: [], issues };
  if (/no go files to analyze/.test(run.stderr + run.stdout) || exitCode === EXIT.noGoFiles) {
    return { ...none, verdict: 'not-run', reason: 'There are no Go files to lint.' };
  }
  if (issues.length > 0) {
    const typecheck = issues.filter((issue) => issue.code === 'golangci.typecheck').length;
    const blind = typecheck > 0 ? ' The code does not compile, so other linters saw little of it.' : '';
    return { ...none, verdict: 'fail', reason: `golangci-lint found ${plural(issues.length, 'issue')}.${blind}` };
  }
  if (exitCode === 0) return { ...none, verdict: 'pass', reason: 'golangci-lint found no issue.' };
  const [reason, hint] =
    exitCode === EXIT.timeout
      ? ['golangci-lint ran out of time', 'Raise run.timeout in its configuration.']
      : exitCode === EXIT.issues
        ? ['golangci-lint reports issues in a format that is not known', 'Use its text or JSON output.']
        : ['golangci-lint could not run', 'Mend its configuration or arguments.'];
  const message = `${reason}: ${complaint(run)}`;
  return {
    ...none,
    verdict: 'error',
    reason: message,
    issues: [checkIssue(run, 'golangci.broken', 'error', `${message}\n${hint}`)],
  };
}

function jsonIssues(run: ParserRun): Issue[] | undefined {
  for (const line of linesOf(run.stdout)) {
    const report = line.startsWith('{') ? readReport(line) : undefined;
    if (report !== undefined) return report.flatMap((found) => jsonIssue(found, run));
  }
  return undefined;
}

function readReport(line: string): readonly LintIssue[] | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('Issues' in value)) return undefined;
    return (Array.isArray(value.Issues) ? value.Issues : []) as readonly LintIssue[];
  } catch {
    return undefined;
  }
}

function jsonIssue({ FromLinter, Text, Severity: weight, Pos }: LintIssue, run: ParserRun): Issue[] {
  // A compile error arrives as the compiler's own lines, under the package's first file.
  const inner = FromLinter === 'typecheck' ? linesOf(Text).flatMap((line) => locatedLine(line) ?? []) : [];
  if (inner.length > 0) return inner.map((found) => lintIssue(run, 'typecheck', found.message, 'error', found));
  const place = { path: Pos.Filename, line: Pos.Line, column: Pos.Column };
  return [lintIssue(run, FromLinter, Text, messageSeverity(weight ?? '', 'error'), place)];
}

function textIssues(run: ParserRun): Issue[] {
  return linesOf(run.stdout).flatMap((line) => {
    const found = locatedLine(line);
    if (found === undefined || found.message.startsWith(': # ')) return [];
    // A message of several lines has its linter's name on the last one.
    const [, message = found.message, linter = 'lint'] = /^(.*) \(([\w-]+)\)$/.exec(found.message) ?? [];
    return [lintIssue(run, linter, message, 'error', found)];
  });
}

function lintIssue(
  run: ParserRun,
  linter: string,
  message: string,
  severity: Severity,
  place: { path: string; line: number; column?: number | undefined },
): Issue {
  return toolIssue(run, `golangci.${linter}`, severity, `${message} (${linter})`, place);
}

function complaint(run: ParserRun): string {
  const error = linesOf(run.stderr).find((line) => /^Error: |level=error/.test(line));
  return error?.replace(/^Error: |^level=error msg=/, '') ?? lastLine(run);
}
