import type { GoalState } from '../../core/goals/goalState.ts';
import { coveringDeviation } from '../../core/model/covered.ts';

export type GoalStanding = 'pass' | 'fail' | 'stale' | 'unknown' | 'off';

/** What a person must know first. Only a fresh pass is a pass. */
export function standingOf({ goal, verdict, fresh, evidence }: GoalState): GoalStanding {
  if (goal.applies === false) return 'off';
  if (evidence.length === 0) return verdict === 'error' ? 'fail' : 'unknown';
  if (!fresh) return 'stale';
  if (verdict === 'pass') return 'pass';
  return verdict === 'fail' || verdict === 'error' ? 'fail' : 'unknown';
}

/** Deviations without which a goal that passes would not: its evidence counts the violations that they cover. */
export function coveredBy({ verdict, values }: Pick<GoalState, 'verdict' | 'values'>): readonly string[] {
  return verdict === 'pass' ? values.flatMap((value) => coveringDeviation(value) ?? []) : [];
}
