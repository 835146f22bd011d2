import type { MeasuredValue } from '../../core/model/check.ts';
import type { PlannedLimit } from '../../core/model/scenarioPlan.ts';
import { holds } from '../../core/model/threshold.ts';
import type { Verdict } from '../../core/model/verdict.ts';

export interface Doubt {
  readonly loadHeld: boolean;
  /** KPIs whose failure something else than the subject may explain. */
  readonly explained: ReadonlySet<string>;
}

/**
 * Holds the values against their limits, unrounded. What was measured badly (`fail`, `error`, `inconclusive` already) stays
 * so; what holds only under a load that was not reached is inconclusive.
 */
export function applyLimits(
  values: readonly MeasuredValue[],
  limits: readonly PlannedLimit[],
  doubt: Doubt,
): MeasuredValue[] {
  return values.map((value) => {
    const limit = limits.find(({ kpi }) => kpi === value.name);
    if (limit === undefined) return value;
    const bounds = {
      ...(limit.min !== undefined && { min: limit.min }),
      ...(limit.max !== undefined && { max: limit.max }),
    };
    return { ...value, ...bounds, verdict: value.verdict ?? judge(value, limit, doubt) };
  });
}

function judge(value: MeasuredValue, limit: PlannedLimit, { loadHeld, explained }: Doubt): Verdict {
  if (holds(value.value, limit)) return loadHeld ? 'pass' : 'inconclusive';
  return explained.has(value.name) ? 'inconclusive' : 'fail';
}
