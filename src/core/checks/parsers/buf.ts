import type { Issue } from '../../model/issue.ts';
import { range } from '../../model/source.ts';
import { locatedLine } from '../located.ts';
import { checkIssue, lastLine, linesOf, type ParserResult, type ParserRun, plural, toolIssue } from './parser.ts';

interface Annotation {
  readonly path?: string;
  readonly start_line?: number;
  readonly start_column?: number;
  readonly end_line?: number;
  readonly end_column?: number;
  readonly type: string;
  readonly message: string;
}

/** `buf lint`, `buf breaking`, `buf build`: `file:line:col:message`, or one JSON object a line with --error-format=json. */
export function parseBuf(run: ParserRun): ParserResult {
  const issues = [...linesOf(run.stdout), ...linesOf(run.stderr)].flatMap((line) => bufIssue(line, run));
  if (issues.length > 0) {
    return { verdict: 'fail', reason: `buf found ${plural(issues.length, 'issue')}.`, values: [], issues };
  }
  if (/no \.proto files/.test(run.stdout + run.stderr)) {
    return { verdict: 'not-run', reason: 'There is no .proto file to look at.', values: [], issues };
  }
  if (run.exitCode === 0) return { verdict: 'pass', reason: 'buf found no issue.', values: [], issues };
  const failure = linesOf(run.stderr).find((line) => line.startsWith('Failure: '));
  const reason = `buf could not run: ${failure?.slice('Failure: '.length) ?? lastLine(run)}`;
  return { verdict: 'error', reason, values: [], issues: [checkIssue(run, 'buf.broken', 'error', reason)] };
}

function bufIssue(line: string, run: ParserRun): Issue[] {
  const annotation = line.startsWith('{') ? readAnnotation(line) : undefined;
  if (annotation !== undefined) return [annotationIssue(annotation, run)];
  const found = locatedLine(line);
  return found?.path.endsWith('.proto') ? [toolIssue(run, 'buf.finding', 'error', found.message, found)] : [];
}

function annotationIssue(found: Annotation, run: ParserRun): Issue {
  const code = `buf.${found.type.toLowerCase().replaceAll('_', '-')}`;
  if (found.path === undefined) return checkIssue(run, code, 'error', found.message);
  const { start_line: line = 1, start_column: column = 1, end_line = line, end_column = column } = found;
  const issue = toolIssue(run, code, 'error', found.message, { path: found.path, line, column });
  return issue.file === run.definition.file ? issue : { ...issue, range: range(line, column, end_line, end_column) };
}

function readAnnotation(line: string): Annotation | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const known = typeof value === 'object' && value !== null && 'type' in value && 'message' in value;
    return known && typeof value.type === 'string' && typeof value.message === 'string'
      ? (value as Annotation)
      : undefined;
  } catch {
    return undefined;
  }
}
