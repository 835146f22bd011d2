/** Line and column count from 1; a column counts UTF-16 code units, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** `end` is exclusive. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export interface Located<T> {
  readonly value: T;
  readonly range: Range;
}

/** A range in a file. `file` is relative to the workspace root, with `/` between its parts on every system. */
export interface Location {
  readonly file: string;
  readonly range: Range;
}

export const FILE_START: Range = { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };

export function range(startLine: number, startColumn: number, endLine: number, endColumn: number): Range {
  return { start: { line: startLine, column: startColumn }, end: { line: endLine, column: endColumn } };
}

/** The whole of one line, given its text. */
export function lineRange(line: number, text: string): Range {
  return range(line, 1, line, text.length + 1);
}
