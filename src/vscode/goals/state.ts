import type { GoalState } from '../../core/goals/goalState.ts';

export type GoalStanding = 'pass' | 'fail' | 'stale' | 'unknown' | 'off';

/** What a person must know first. Only a fresh pass is a pass. */
export function standingOf({ goal, verdict, fresh, evidence }: GoalState): GoalStanding {
  if (goal.applies === false) return 'off';
  if (evidence.length === 0) return verdict === 'error' ? 'fail' : 'unknown';
  if (!fresh) return 'stale';
  if (verdict === 'pass') return 'pass';
  return verdict === 'fail' || verdict === 'error' ? 'fail' : 'unknown';
}
