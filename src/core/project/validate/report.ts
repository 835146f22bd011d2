import type { Fix, Issue, RelatedLocation, Severity } from '../../model/issue.ts';
import type { Path } from '../../parse/parsed.ts';
import type { Entry } from '../entry.ts';

/** What is wrong, before it has a place. */
export interface Problem {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly related?: readonly RelatedLocation[];
  readonly fixes?: readonly Fix[];
}

/** An issue at the value that `path` leads to. */
export function at(entry: Entry<unknown>, path: Path, problem: Problem): Issue {
  return place(entry, problem, 'locate', path);
}

/** An issue at the key that `path` leads to. */
export function atKey(entry: Entry<unknown>, path: Path, problem: Problem): Issue {
  return place(entry, problem, 'locateKey', path);
}

function place(entry: Entry<unknown>, problem: Problem, locate: 'locate' | 'locateKey', path: Path): Issue {
  const { code, severity, message, related = [], fixes = [] } = problem;
  return {
    code,
    severity,
    message,
    file: entry.file,
    range: entry.parsed[locate](path),
    ...(related.length > 0 ? { related } : {}),
    ...(fixes.length > 0 ? { fixes } : {}),
  };
}

export function related(entry: Entry<unknown>, path: Path, message: string): RelatedLocation {
  return { file: entry.file, range: entry.parsed.locate(path), message };
}

/** A fix that writes `text` in place of the scalar at `path`. */
export function replace(entry: Entry<unknown>, path: Path, text: string, title = `Replace by "${text}"`): Fix {
  return { title, edits: [{ file: entry.file, range: entry.parsed.locate(path), newText: scalarText(text) }] };
}

/** A fix that writes `text` in place of the key at `path`. */
export function replaceKey(entry: Entry<unknown>, path: Path, text: string): Fix {
  const range = entry.parsed.locateKey(path);
  return { title: `Rename the key to "${text}"`, edits: [{ file: entry.file, range, newText: scalarText(text) }] };
}

/** ` Did you mean "a" or "b"?`, or nothing. */
export function didYouMean(names: readonly string[]): string {
  return names.length === 0 ? '' : ` Did you mean ${names.map((name) => `"${name}"`).join(' or ')}?`;
}

/** Plain where YAML reads it back as this text, else quoted: the slug `007` is not the number 7. */
export function scalarText(text: string): string {
  const plain = /^[A-Za-z][A-Za-z0-9_./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text);
  return plain ? text : JSON.stringify(text);
}
