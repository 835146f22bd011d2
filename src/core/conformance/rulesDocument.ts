import type { ConformanceFile } from '../model/conformance.ts';
import type { Issue, Severity } from '../model/issue.ts';
import { type Range, range } from '../model/source.ts';
import { parseConformance } from '../parse/conformance.ts';
import type { Parsed, Path } from '../parse/parsed.ts';

/** The rules file with its text: turns paths into it, and positions in its queries, into places to report. */
export class RulesDocument {
  readonly path: string;
  readonly text: string;
  readonly parsed: Parsed<ConformanceFile>;

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
    this.parsed = parseConformance(text, path);
  }

  locate(path: Path): Range {
    return this.parsed.locate(path);
  }

  locateKey(path: Path): Range {
    return this.parsed.locateKey(path);
  }

  issue(code: string, severity: Severity, message: string, at: Range): Issue {
    return { code, severity, message, file: this.path, range: at };
  }

  /**
   * Where line and column (from 1) of the value at `path` stand in this file. Quoting and folding may hide it: then the
   * whole value.
   */
  rangeInText(path: Path, value: string, line: number, column: number): Range {
    const whole = this.locate(path);
    const lines = this.text.split('\n');
    const wanted = value.split('\n')[line - 1]?.trimEnd() ?? '';
    for (let at = whole.start.line + line - 1; at <= Math.min(whole.end.line, whole.start.line + line); at++) {
      const from = at === whole.start.line ? whole.start.column - 1 : 0;
      const found = wanted === '' ? -1 : (lines[at - 1] ?? '').indexOf(wanted, from);
      if (found >= 0) return range(at, found + column, at, Math.max(found + column, found + wanted.length) + 1);
    }
    return whole;
  }
}
