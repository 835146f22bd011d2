import { findingsIn } from '../../../src/core/audit/findings/index.ts';
import { isLookedAt } from '../../../src/core/audit/kinds.ts';
import type { Repository } from '../../../src/core/audit/repository.ts';
import type { Issue } from '../../../src/core/model/issue.ts';

/** A repository of texts, all of them committed unless said otherwise. */
export function repository(texts: Readonly<Record<string, string>>, part: Partial<Repository> = {}): Repository {
  const paths = Object.keys(texts).filter(isLookedAt).sort();
  return {
    paths,
    tracked: new Set(Object.keys(texts)),
    changed: new Map(),
    firstCommit: undefined,
    now: new Date('2026-11-22T08:00:00Z'),
    has: (path) => Object.hasOwn(texts, path),
    read: (path) => texts[path],
    ...part,
  };
}

/** Issues as `file:line code: message`. */
export function shown(issues: readonly Issue[]): string[] {
  return issues.map(({ file, range, code, message }) => `${file}:${range.start.line} ${code}: ${message}`);
}

/** Issues of one file as `line code`. */
export function codes(file: string, text: string, others: Readonly<Record<string, string>> = {}): string[] {
  const issues = findingsIn(repository({ ...others, [file]: text }), file);
  return issues.map(({ range, code }) => `${range.start.line} ${code.replace('audit.', '')}`);
}

export function lines(...text: readonly string[]): string {
  return `${text.join('\n')}\n`;
}
