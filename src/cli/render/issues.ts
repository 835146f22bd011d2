import type { Issue, Severity } from '../../core/model/issue.ts';
import { paint, type Stream, type Style } from '../io.ts';

const STYLES: Record<Severity, Style> = { error: 'red', warning: 'yellow', info: 'cyan' };

/** One line an issue, `file:line:column: severity: message [code]`, so that editors and terminals can link it. */
export function renderIssues(stream: Stream, issues: readonly Issue[]): string {
  return issues.map((issue) => renderIssue(stream, issue)).join('');
}

function renderIssue(stream: Stream, issue: Issue): string {
  const { line, column } = issue.range.start;
  const severity = paint(stream, STYLES[issue.severity], issue.severity);
  const code = paint(stream, 'dim', `[${issue.code}]`);
  const first = `${issue.file}:${line}:${column}: ${severity}: ${issue.message} ${code}\n`;
  const related = (issue.related ?? []).map(
    (other) => `    ${other.file}:${other.range.start.line}:${other.range.start.column}: ${other.message}\n`,
  );
  const fixes = (issue.fixes ?? []).map((fix) => `    fix: ${fix.title}\n`);
  return [first, ...related, ...fixes].join('');
}

/** `2 errors, 1 warning`; empty for none. */
export function countIssues(issues: readonly Issue[]): string {
  const names: readonly [Severity, string][] = [
    ['error', 'error'],
    ['warning', 'warning'],
    ['info', 'note'],
  ];
  return names
    .map(([severity, name]) => [issues.filter((issue) => issue.severity === severity).length, name] as const)
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${count} ${name}${count === 1 ? '' : 's'}`)
    .join(', ');
}
