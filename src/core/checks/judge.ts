import type { MeasuredValue } from '../model/check.ts';
import { holds, type Thresholds } from '../model/threshold.ts';

/**
 * Puts a value beside its limit, where there is one. A verdict that the value already carries stands when it is worse;
 * a limit in another unit cannot judge it.
 */
export function judgeValue(value: MeasuredValue, thresholds: Thresholds): MeasuredValue {
  const limit = Object.hasOwn(thresholds, value.name) ? thresholds[value.name] : undefined;
  if (limit === undefined) return value;
  const { min, max } = limit;
  const comparable = limit.unit === undefined || value.unit === undefined || limit.unit === value.unit;
  const verdict = !comparable ? 'error' : !holds(value.value, limit) ? 'fail' : (value.verdict ?? 'pass');
  return { ...value, ...(min !== undefined && { min }), ...(max !== undefined && { max }), verdict };
}
