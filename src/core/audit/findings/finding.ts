import type { Issue, RelatedLocation, Severity } from '../../model/issue.ts';
import { FILE_START, lineRange } from '../../model/source.ts';

/** A finding at a whole line; `text` is the line where it is known, so that an editor can underline it. */
export function finding(
  code: string,
  severity: Severity,
  message: string,
  place: { readonly file: string; readonly line: number; readonly text?: string },
  related: readonly RelatedLocation[] = [],
): Issue {
  const { file, line, text } = place;
  const range = line <= 1 && text === undefined ? FILE_START : lineRange(line, text ?? '');
  return { code: `audit.${code}`, severity, message, file, range, ...(related.length > 0 ? { related } : {}) };
}

export function quoted(text: string): string {
  const short = text.trim().replace(/\s+/g, ' ');
  return `"${short.length <= 100 ? short : `${short.slice(0, 100)} …`}"`;
}

export function lineText(text: string | undefined, line: number): string {
  return (text ?? '').split(/\r?\n/)[line - 1] ?? '';
}
