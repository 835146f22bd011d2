import type { Severity } from '../model/issue.ts';

export interface LocatedLine {
  readonly path: string;
  readonly line: number;
  readonly column: number | undefined;
  readonly message: string;
}

const LOCATED = /^((?:[A-Za-z]:(?=[\\/]))?[^\s:][^:]*?):(\d+)(?::(\d+))?:\s*(.*)$/;
const FILE_NAME = /(?:\.[A-Za-z]\w*|[\\/](?:Makefile|Dockerfile)|^(?:Makefile|Dockerfile))$/;

/** `file:line:col: message` or `file:line: message`, also with a drive letter; undefined for any other line. */
export function locatedLine(text: string): LocatedLine | undefined {
  const [, path = '', line = '', column, message = ''] = LOCATED.exec(text) ?? [];
  if (!FILE_NAME.test(path)) return undefined;
  return { path, line: Number(line), column: column === undefined ? undefined : Number(column), message };
}

/** Many tools begin a message with its weight: `warning: unused variable`. */
export function messageSeverity(message: string, otherwise: Severity): Severity {
  const [, word = ''] = /^(fatal error|error|warning|note|info)\b/i.exec(message) ?? [];
  if (word === '') return otherwise;
  const lower = word.toLowerCase();
  return lower === 'warning' ? 'warning' : lower.endsWith('error') ? 'error' : 'info';
}
