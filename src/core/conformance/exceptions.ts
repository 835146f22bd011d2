import type { Deviation, RegisteredDeviation } from '../model/deviation.ts';
import { closest } from '../parse/suggest.ts';
import { matchesGlob } from './glob.ts';
import type { Violation } from './report.ts';

/** A deviation, and whether evidence tells who approved it. */
export type Granted = Pick<RegisteredDeviation, 'value' | 'recorded'>;

export interface Exception {
  /** The approved deviation that covers the violation. */
  readonly id: string | undefined;
  /** Why a deviation that names the violation does not cover it. */
  readonly note: string | undefined;
}

/**
 * Looks for a deviation that covers a violation. Its scope lists rule ids and globs of files: where it has both, both
 * must agree. It must be approved, by somebody whom evidence names, and must not have expired by `today` (YYYY-MM-DD).
 */
export function exceptionFor(
  violation: Violation,
  deviations: readonly Granted[],
  rules: ReadonlySet<string>,
  today: string,
): Exception {
  let note: string | undefined;
  for (const { value: deviation, recorded } of deviations) {
    if (!names(deviation, violation, rules)) {
      note ??= nearMiss(deviation, violation, rules);
      continue;
    }
    if (deviation.status !== 'approved') note = `Deviation ${deviation.id} names it, but is ${deviation.status}.`;
    else if (deviation.approved_by === undefined) note = `Deviation ${deviation.id} names it, but nobody approved it.`;
    else if (deviation.expires !== undefined && deviation.expires < today)
      note = `Deviation ${deviation.id} covered it until ${deviation.expires}.`;
    else if (!recorded)
      note = `Deviation ${deviation.id} names it, but no evidence tells that ${deviation.approved_by} approved these words: "infrabuilder deviation approve ${deviation.id}".`;
    else return { id: deviation.id, note: undefined };
  }
  return { id: undefined, note };
}

function names(deviation: Deviation, violation: Violation, rules: ReadonlySet<string>): boolean {
  const { ids, globs } = scopeOf(deviation, rules);
  if (ids.length === 0 && globs.length === 0) return false;
  const rule = ids.length === 0 || ids.includes(violation.rule);
  return rule && (globs.length === 0 || globs.some((glob) => matchesGlob(glob, violation.file)));
}

/** What looks as if it were meant to cover the violation, and why it does not. */
function nearMiss(deviation: Deviation, { rule }: Violation, rules: ReadonlySet<string>): string | undefined {
  const { ids, globs, others } = scopeOf(deviation, rules);
  if (ids.includes(rule)) return `Deviation ${deviation.id} names this rule, but only in ${globs.join(', ')}.`;
  const meant = others.find((one) => closest(one, rules) === rule);
  return meant && `Deviation ${deviation.id} names "${meant}", which is no rule. Was "${rule}" meant?`;
}

function scopeOf({ scope }: Deviation, rules: ReadonlySet<string>) {
  const ids = scope.filter((one) => rules.has(one));
  const rest = scope.filter((one) => !rules.has(one));
  // Goals may stand in a scope too; they never cover a file.
  const globs = rest.filter((one) => /[./*]/.test(one));
  return { ids, globs, others: rest.filter((one) => !globs.includes(one)) };
}
