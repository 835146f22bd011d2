import type { MeasuredValue } from '../model/check.ts';
import type { Goal } from '../model/goal.ts';
import { compareIssues, type Issue } from '../model/issue.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Facts } from './step.ts';
import { factsOf, type StepState } from './survey.ts';
import { judgeGoal } from './validators/index.ts';

/** A goal as it stands. It holds only where `verdict` is pass and `fresh` is true. */
export interface GoalState {
  readonly goal: Goal;
  readonly verdict: Verdict;
  /** True where every step behind the verdict was measured on the work tree as it is. */
  readonly fresh: boolean;
  readonly reason: string;
  readonly values: readonly MeasuredValue[];
  readonly issues: readonly Issue[];
  /** Evidence files, relative to the workspace root. */
  readonly evidence: readonly string[];
  /** When the oldest of them was started; undefined where there is none. */
  readonly measuredAt: string | undefined;
  readonly steps: readonly string[];
  /** Commands that measure it again. */
  readonly commands: readonly string[];
}

/** `live`: what was measured a moment ago and left no evidence, by step. */
export function goalState(goal: Goal, states: readonly StepState[], live: ReadonlyMap<string, Facts>): GoalState {
  const steps = states.map(({ step }) => step.id);
  const commands = [...new Set(states.map(({ step }) => step.command))];
  const common = { goal, steps, commands };
  if (goal.applies === false) {
    const reason = `Switched off for this project: ${goal.reason}`;
    return {
      ...common,
      verdict: 'not-run',
      fresh: false,
      reason,
      values: [],
      issues: [],
      evidence: [],
      measuredAt: undefined,
    };
  }
  const chosen = states.map((state) => ({
    state,
    entry: state.fresh ?? (live.has(state.step.id) ? undefined : state.last),
  }));
  const facts = chosen.map(({ state, entry }) => factsOf(entry) ?? live.get(state.step.id));
  const fresh = states.length > 0 && chosen.every(({ state }) => state.fresh !== undefined);
  const judged = judgeGoal(goal, facts);
  const entries = chosen.flatMap(({ entry }) => entry ?? []);
  const why = states
    .filter(({ changed }) => changed.length > 0)
    .map(({ step, changed }) => `${step.id}: ${changed.join(', ')}`);
  return {
    ...common,
    verdict: judged.verdict,
    fresh,
    reason:
      why.length > 0 && !fresh ? `${judged.reason} Stale, because these changed: ${why.join('; ')}.` : judged.reason,
    values: judged.values,
    issues: [...judged.issues, ...states.flatMap(({ issues }) => issues)].sort(compareIssues),
    evidence: entries.map(({ path }) => path),
    measuredAt: entries.map(({ statement }) => statement.predicate.started).sort()[0],
  };
}

export function holdsNow({ goal, verdict, fresh }: Pick<GoalState, 'goal' | 'verdict' | 'fresh'>): boolean {
  return goal.applies !== false && fresh && verdict === 'pass';
}
