import { compareIssues, type Issue, type RelatedLocation } from '../../core/model/issue.ts';
import { range } from '../../core/model/source.ts';
import { combineVerdicts, type Verdict } from '../../core/model/verdict.ts';
import type { Place, Source } from './types.ts';

export const ORACLE_KPIS = ['topn_capture_ratio', 'p95p99_error', 'tail_error'] as const;
export type OracleKpi = (typeof ORACLE_KPIS)[number];

type Spoiled = Extract<Verdict, 'fail' | 'error' | 'not-run'>;

interface Rule {
  readonly verdict: Spoiled;
  /** The figures that this finding spoils; by default those that come from its source. */
  readonly kpis?: readonly OracleKpi[];
}

/**
 * What each finding does to a figure. `not-run`: there is nothing to read. `error`: a record cannot be read, or the
 * sequence has holes, so nobody can tell. `fail`: the record was read, and it contradicts the ground truth.
 */
const RULES = {
  'oracle.missing-file': { verdict: 'not-run' },
  'oracle.empty-file': { verdict: 'not-run' },
  'oracle.unreadable': { verdict: 'error' },
  'oracle.malformed': { verdict: 'error' },
  'oracle.truncated': { verdict: 'error' },
  'oracle.version': { verdict: 'error' },
  'oracle.missing-tick': { verdict: 'error' },
  'oracle.duplicate-tick': { verdict: 'error' },
  'oracle.tick-order': { verdict: 'error' },
  'oracle.unknown-tick': { verdict: 'error' },
  'oracle.missing-metric': { verdict: 'error' },
  'oracle.window-gap': { verdict: 'error' },
  'oracle.window-overlap': { verdict: 'error' },
  'oracle.window-beyond': { verdict: 'error' },
  'oracle.invalid-number': { verdict: 'fail' },
  'oracle.unknown-identity': { verdict: 'fail' },
  'oracle.duplicate-identity': { verdict: 'fail' },
  'oracle.value-differs': { verdict: 'fail' },
  'oracle.n-differs': { verdict: 'fail', kpis: ['topn_capture_ratio'] },
  'oracle.cap-exceeded': { verdict: 'fail', kpis: ['topn_capture_ratio'] },
  'oracle.other-count': { verdict: 'fail', kpis: ['tail_error'] },
  'oracle.gamma': { verdict: 'fail' },
  'oracle.count-not-conserved': { verdict: 'fail' },
  'oracle.zero-count': { verdict: 'fail' },
  'oracle.sketch-figures': { verdict: 'fail' },
  'oracle.rank-error': { verdict: 'fail' },
} as const satisfies Record<string, Rule>;

export type OracleCode = keyof typeof RULES;

const KPIS_OF: Record<Exclude<Source, 'corpus'>, readonly OracleKpi[]> = {
  topn: ['topn_capture_ratio', 'tail_error'],
  sketches: ['p95p99_error'],
};

/** A lie in every line would bury the rest: this many of one kind are shown in full, the others are counted. */
export const SHOWN_PER_CODE = 10;

interface Kind {
  readonly code: OracleCode;
  last: Place;
  count: number;
}

/** Collects what is wrong with the record, and what that does to each figure. */
export class Findings {
  readonly #issues: Issue[] = [];
  readonly #kinds = new Map<string, Kind>();
  readonly #spoiled = new Map<OracleKpi, Verdict[]>();
  readonly #corpus: Verdict[] = [];

  /** `related` is the record of the ground truth that `place` contradicts. */
  add(code: OracleCode, place: Place, message: string, related?: Place): void {
    const rule: Rule = RULES[code];
    if (place.source === 'corpus') this.#corpus.push(rule.verdict === 'fail' ? 'error' : rule.verdict);
    else {
      for (const kpi of rule.kpis ?? KPIS_OF[place.source]) {
        this.#spoiled.set(kpi, [...new Set([...(this.#spoiled.get(kpi) ?? []), rule.verdict])]);
      }
    }

    const key = `${code} ${place.file}`;
    const kind = this.#kinds.get(key) ?? { code, last: place, count: 0 };
    kind.count += 1;
    kind.last = place;
    this.#kinds.set(key, kind);
    if (kind.count <= SHOWN_PER_CODE) this.#issues.push(issueAt(code, place, message, related));
  }

  /**
   * The worst that was found against a figure; undefined when nothing was. A broken corpus says nothing about the
   * subject: what the subject seems to get wrong against it does not count.
   */
  verdictOf(kpi: OracleKpi): Verdict | undefined {
    if (this.#corpus.length > 0) return combineVerdicts(this.#corpus);
    const verdicts = this.#spoiled.get(kpi);
    return verdicts === undefined ? undefined : combineVerdicts(verdicts);
  }

  /** Sorted by file and line. */
  issues(): Issue[] {
    const rest = [...this.#kinds.values()]
      .filter((kind) => kind.count > SHOWN_PER_CODE)
      .map(({ code, last, count }) =>
        issueAt(code, last, `${count - SHOWN_PER_CODE} more of this kind in this file are not shown.`),
      );
    return [...this.#issues, ...rest].sort(compareIssues);
  }
}

function issueAt(code: OracleCode, place: Place, message: string, related?: Place): Issue {
  const at = lineStart(place.line);
  const truth: RelatedLocation[] =
    related === undefined ? [] : [{ file: related.file, range: lineStart(related.line), message: 'The ground truth.' }];
  return { code, severity: 'error', message, file: place.file, range: at, ...(truth.length > 0 && { related: truth }) };
}

function lineStart(line: number) {
  return range(line, 1, line, 1);
}
