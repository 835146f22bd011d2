import type { Location, Range } from './source.ts';

export type Severity = 'error' | 'warning' | 'info';

/** Replaces the text in `range` of `file`; an empty range inserts. `range` refers to the text that the issue was found in. */
export interface TextEdit {
  readonly file: string;
  readonly range: Range;
  readonly newText: string;
}

export interface FileMove {
  readonly from: string;
  readonly to: string;
}

/** One way to mend an issue. `title` is an order: "Add the task to blueprint_tasks.yaml". */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  readonly moves?: readonly FileMove[];
}

export interface RelatedLocation extends Location {
  readonly message: string;
}

/**
 * The one currency for problems. `code` is stable and dotted (`task.unknown-goal`); `message` says what happened and,
 * where it helps, what to do next; `file` is relative to the workspace root.
 */
export interface Issue {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly file: string;
  readonly range: Range;
  readonly related?: readonly RelatedLocation[];
  readonly fixes?: readonly Fix[];
}

/** By file, then position, then code: the order in which every surface shows issues. */
export function compareIssues(a: Issue, b: Issue): number {
  return (
    compareText(a.file, b.file) ||
    a.range.start.line - b.range.start.line ||
    a.range.start.column - b.range.start.column ||
    compareText(a.code, b.code) ||
    compareText(a.message, b.message)
  );
}

/** By code unit, so that the order is the same on every machine and in every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function hasErrors(issues: readonly Issue[]): boolean {
  return issues.some((issue) => issue.severity === 'error');
}
