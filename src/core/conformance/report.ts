import type { RuleKind } from '../model/conformance.ts';
import type { Issue, RelatedLocation, Severity } from '../model/issue.ts';
import type { Range } from '../model/source.ts';
import type { Verdict } from '../model/verdict.ts';

export type RuleVerdict = 'pass' | 'fail' | 'not-evaluated';

/** One broken rule at one place. `file` is relative to the workspace root. */
export interface Violation {
  readonly rule: string;
  readonly kind: RuleKind;
  readonly severity: Severity;
  readonly file: string;
  readonly range: Range;
  readonly message: string;
  /** The other end: an import path, a module, a type and method, or the text that was found. */
  readonly target: string;
  /** SHA-256 of the violating text: what a baseline entry remembers instead of a line number. */
  readonly digest: string;
  readonly why: string | undefined;
  readonly related: readonly RelatedLocation[];
}

/** A violation that stands in the baseline, or that a deviation covers. */
export interface AcceptedViolation extends Violation {
  readonly accepted: { readonly by: 'baseline' } | { readonly by: 'deviation'; readonly id: string };
}

export interface RuleResult {
  readonly id: string;
  readonly kind: RuleKind;
  readonly title: string;
  readonly severity: Severity;
  readonly why: string | undefined;
  readonly verdict: RuleVerdict;
  /** How many files, imports or types the rule looked at; none means that it was not evaluated. */
  readonly looked: number;
  readonly open: number;
  readonly accepted: number;
  /** structure: whether each module is there; interface: types that have each method. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface ConformanceReport {
  /** `fail` for an open violation or a wrong rules file; `not-run` where an error rule could not be evaluated. */
  readonly verdict: Verdict;
  /** One sentence that says why. */
  readonly reason: string;
  /** Path of the rules file. */
  readonly rulesFile: string;
  /** Path of the baseline that the rules file names. */
  readonly baselineFile: string | undefined;
  /** Source files that were looked at. */
  readonly files: number;
  /** Source files that were parsed in this scan; the others came from the cache. */
  readonly read: number;
  readonly rules: readonly RuleResult[];
  readonly violations: readonly Violation[];
  readonly accepted: readonly AcceptedViolation[];
  /** Problems with rules, baseline and files. */
  readonly issues: readonly Issue[];
  readonly milliseconds: number;
}
