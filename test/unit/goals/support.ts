import type { Facts } from '../../../src/core/goals/step.ts';
import { judgeGoal } from '../../../src/core/goals/validators/index.ts';
import type { MeasuredValue } from '../../../src/core/model/check.ts';
import type { ScenarioEvidence } from '../../../src/core/model/evidence.ts';
import { type Goal, goalSchema } from '../../../src/core/model/goal.ts';

export function goal(fields: object): Goal {
  return goalSchema.parse({ id: 'G-1', title: 'A goal', ...fields });
}

export function facts(fields: Partial<Facts> = {}): Facts {
  return { verdict: 'pass', reason: 'It ran.', values: [], tests: null, issues: [], scenario: null, ...fields };
}

export function run(
  fields: Partial<ScenarioEvidence> = {},
  values: readonly MeasuredValue[] = [],
  more: Partial<Facts> = {},
) {
  const scenario: ScenarioEvidence = {
    run: 'r1',
    seed: 1,
    load: { asked: 500, achieved: 500, unit: 'processes' },
    faults: [],
    steps: [],
    controlEvents: [],
    report: null,
    ...fields,
  };
  return facts({ scenario, values, ...more });
}

/** `verdict: reason`. */
export function judged(one: Goal, ...all: (Facts | undefined)[]): string {
  const { verdict, reason } = judgeGoal(one, all);
  return `${verdict}: ${reason}`;
}
