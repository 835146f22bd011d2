import type { Baseline, BaselineEntry } from '../model/conformance.ts';
import { compareText, type Issue } from '../model/issue.ts';
import { FILE_START } from '../model/source.ts';
import { parseBaseline } from '../parse/conformance.ts';
import type { Parsed } from '../parse/parsed.ts';
import type { AcceptedViolation, ConformanceReport, Violation } from './report.ts';

export interface BaselineUpdate {
  /** The new text of the baseline file. */
  readonly text: string;
  readonly added: readonly BaselineEntry[];
  readonly removed: readonly BaselineEntry[];
}

/** Known violations. Each entry accepts one violation, once; which ones were used decides what is stale. */
export class KnownViolations {
  readonly #file: string;
  readonly #parsed: Parsed<Baseline>;
  readonly #open = new Map<string, number[]>();
  readonly #missing: boolean;

  constructor(file: string, text: string | undefined) {
    this.#file = file;
    this.#missing = text === undefined;
    this.#parsed = parseBaseline(text ?? '{"version": 1, "violations": []}', file);
    for (const [index, entry] of (this.#parsed.value?.violations ?? []).entries()) {
      const key = entryKey(entry);
      this.#open.set(key, [...(this.#open.get(key) ?? []), index]);
    }
  }

  /** True once for each entry. */
  accepts(violation: Violation): boolean {
    return this.#open.get(entryKey(entryOf(violation)))?.shift() !== undefined;
  }

  /** Call after all violations were offered. Entries of rules that were not evaluated are not judged. */
  issues(evaluated: ReadonlySet<string>, known: ReadonlySet<string>): Issue[] {
    if (this.#missing) {
      const message = `The baseline ${this.#file} does not exist. Create it by "infrabuilder conformance baseline --update".`;
      return [{ code: 'baseline.missing', severity: 'error', message, file: this.#file, range: FILE_START }];
    }
    const stale = [...this.#open.values()].flat().sort((a, b) => a - b);
    return [
      ...this.#parsed.issues,
      ...stale.flatMap((index): Issue[] => {
        const entry = this.#parsed.value?.violations[index];
        if (entry === undefined || (known.has(entry.rule) && !evaluated.has(entry.rule))) return [];
        const message = `This baseline entry is stale: rule "${entry.rule}" no longer finds ${entry.target} in ${entry.file}. Remove it.`;
        const range = this.#parsed.locate(['violations', index]);
        return [{ code: 'baseline.stale', severity: 'error', message, file: this.#file, range }];
      }),
    ];
  }
}

/**
 * What the baseline must say to accept every violation of the report that no deviation covers. Entries of rules that were
 * not evaluated stay.
 */
export function updateBaseline(report: ConformanceReport, before: string | undefined): BaselineUpdate {
  const byBaseline = (one: AcceptedViolation) => one.accepted.by === 'baseline';
  const old = before === undefined ? [] : (parseBaseline(before, '').value?.violations ?? []);
  const unjudged = new Set(report.rules.filter(({ verdict }) => verdict === 'not-evaluated').map(({ id }) => id));
  const found = [...report.violations, ...report.accepted.filter(byBaseline)].map(entryOf);
  const entries = [...found, ...old.filter(({ rule }) => unjudged.has(rule))].sort(compareEntries);
  const lines = entries.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n');
  const text = `{\n  "version": 1,\n  "violations": [${lines === '' ? '' : `\n${lines}\n  `}]\n}\n`;
  return { text, added: difference(entries, old), removed: difference(old, entries) };
}

function entryOf({ rule, file, target, digest }: Violation): BaselineEntry {
  return { rule, file, target, digest };
}

function entryKey({ rule, file, target, digest }: BaselineEntry): string {
  return [rule, file, target, digest].join('\n');
}

function compareEntries(a: BaselineEntry, b: BaselineEntry): number {
  return compareText(a.file, b.file) || compareText(entryKey(a), entryKey(b));
}

/** Entries of `a` that `b` lacks, counting how often each is there. */
function difference(a: readonly BaselineEntry[], b: readonly BaselineEntry[]): BaselineEntry[] {
  const left = new Map<string, number>();
  for (const entry of b) left.set(entryKey(entry), (left.get(entryKey(entry)) ?? 0) + 1);
  return a.filter((entry) => {
    const count = left.get(entryKey(entry)) ?? 0;
    left.set(entryKey(entry), count - 1);
    return count <= 0;
  });
}
