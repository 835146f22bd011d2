import { z } from 'zod';

/**
 * `pass` and `fail` were measured. `inconclusive` was measured, but is too noisy or too short to tell. `not-run` has no
 * data: no subject, no tests, a tool missing. `error` broke on the way. Only `pass` opens a gate.
 */
export const VERDICTS = ['pass', 'fail', 'inconclusive', 'not-run', 'error'] as const;
export const verdictSchema = z.enum(VERDICTS);
export type Verdict = z.infer<typeof verdictSchema>;

const SEVERITY: Record<Verdict, number> = { pass: 0, 'not-run': 1, inconclusive: 2, error: 3, fail: 4 };

/** The worst of several verdicts; `not-run` for none, because no data is never a pass. */
export function combineVerdicts(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0) return 'not-run';
  return verdicts.reduce((worst, verdict) => (SEVERITY[verdict] > SEVERITY[worst] ? verdict : worst));
}
