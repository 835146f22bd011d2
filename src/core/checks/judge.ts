import type { MeasuredValue } from '../model/check.ts';
import { holds, type Threshold, type Thresholds } from '../model/threshold.ts';
import type { Verdict } from '../model/verdict.ts';

/**
 * Puts a value beside its limit, where there is one. A value that is not to be trusted, or too noisy to tell, stays so on
 * whichever side of the limit it is; a limit in another unit cannot judge it.
 */
export function judgeValue(value: MeasuredValue, thresholds: Thresholds): MeasuredValue {
  const limit = Object.hasOwn(thresholds, value.name) ? thresholds[value.name] : undefined;
  if (limit === undefined) return value;
  const { min, max } = limit;
  return {
    ...value,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    verdict: verdictAgainst(value, limit),
  };
}

function verdictAgainst(value: MeasuredValue, limit: Threshold): Verdict {
  if (value.verdict !== undefined && value.verdict !== 'pass') return value.verdict;
  const comparable = limit.unit === undefined || value.unit === undefined || limit.unit === value.unit;
  if (!comparable) return 'error';
  return holds(value.value, limit) ? 'pass' : 'fail';
}
