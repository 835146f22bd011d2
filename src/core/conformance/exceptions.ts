import type { Deviation } from '../model/deviation.ts';
import { matchesGlob } from './glob.ts';
import type { Violation } from './report.ts';

export interface Exception {
  /** The approved deviation that covers the violation. */
  readonly id: string | undefined;
  /** Why a deviation that names the violation does not cover it. */
  readonly note: string | undefined;
}

/**
 * Looks for a deviation that covers a violation. Its scope lists rule ids and globs of files: where it has both, both
 * must agree. It must be approved and must not have expired by `today` (YYYY-MM-DD).
 */
export function exceptionFor(
  violation: Violation,
  deviations: readonly Deviation[],
  rules: ReadonlySet<string>,
  today: string,
): Exception {
  let note: string | undefined;
  for (const deviation of deviations) {
    if (!names(deviation, violation, rules)) continue;
    if (deviation.status !== 'approved') note = `Deviation ${deviation.id} names it, but is ${deviation.status}.`;
    else if (deviation.approved_by === undefined) note = `Deviation ${deviation.id} names it, but nobody approved it.`;
    else if (deviation.expires !== undefined && deviation.expires < today)
      note = `Deviation ${deviation.id} covered it until ${deviation.expires}.`;
    else return { id: deviation.id, note: undefined };
  }
  return { id: undefined, note };
}

function names(deviation: Deviation, violation: Violation, rules: ReadonlySet<string>): boolean {
  const ids = deviation.scope.filter((one) => rules.has(one));
  // Goals may stand in a scope too; they never cover a file.
  const globs = deviation.scope.filter((one) => !rules.has(one) && /[./*]/.test(one));
  if (ids.length === 0 && globs.length === 0) return false;
  const rule = ids.length === 0 || ids.includes(violation.rule);
  return rule && (globs.length === 0 || globs.some((glob) => matchesGlob(glob, violation.file)));
}
