import type { Goal, GoalKind } from '../../model/goal.ts';
import type { Facts, Step } from '../step.ts';
import { checksValidator } from './checks.ts';
import { commandValidator } from './command.ts';
import { conformanceValidator } from './conformance.ts';
import { docsParityValidator } from './docsParity.ts';
import { eventValidator } from './event.ts';
import { kpiValidator } from './kpi.ts';
import { runbookValidator } from './runbook.ts';
import { schemaValidator } from './schema.ts';
import type { Judgement, StepContext, Validator } from './validator.ts';

/** A new kind of goal is a file beside this one and a line here. */
const VALIDATORS: { readonly [K in GoalKind]: Validator<K> } = {
  schema: schemaValidator,
  kpi: kpiValidator,
  event: eventValidator,
  'docs-parity': docsParityValidator,
  checks: checksValidator,
  conformance: conformanceValidator,
  runbook: runbookValidator,
  command: commandValidator,
};

export function stepsOf(goal: Goal, context: StepContext): readonly Step[] {
  return validatorOf(goal).steps(goal, context);
}

export function judgeGoal(goal: Goal, facts: readonly (Facts | undefined)[]): Judgement {
  return validatorOf(goal).judge(goal, facts);
}

/** The table has the validator of each kind, which the type of an index by a union cannot say. */
function validatorOf(goal: Goal): Validator<GoalKind> {
  return VALIDATORS[goal.kind] as unknown as Validator<GoalKind>;
}
