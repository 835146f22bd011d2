import type { MeasuredValue } from '../../core/model/check.ts';
import type { ScenarioPlan } from '../../core/model/scenarioPlan.ts';
import type { FaultRecord, GoalResult, StepRecord } from '../../core/model/scenarioRun.ts';
import { combineVerdicts, type Verdict } from '../../core/model/verdict.ts';
import { valueText } from '../kpi/goals.ts';

export interface Judged {
  readonly values: readonly MeasuredValue[];
  readonly faults: readonly FaultRecord[];
  readonly steps: readonly StepRecord[];
  readonly goals: readonly GoalResult[];
  /** What the agent did wrong beside its figures. */
  readonly problems: readonly string[];
  /** What of the load was not held; undefined when all was. */
  readonly missedLoad: string | undefined;
}

/** The verdict of a run and the sentence that says why. */
export function verdictOf(plan: ScenarioPlan, judged: Judged): { readonly verdict: Verdict; readonly reason: string } {
  const parts = partsOf(plan, judged);
  const verdict = combineVerdicts(parts.map((part) => part.verdict));
  if (parts.length === 0)
    return { verdict, reason: 'The scenario names no limit, fault or step that could be judged.' };
  if (verdict === 'pass') return { verdict, reason: `All ${parts.length} conditions hold.` };
  const worst = parts.filter((part) => part.verdict === verdict);
  const more = worst.length > 1 ? ` (and ${worst.length - 1} more)` : '';
  return { verdict, reason: `${worst[0]?.text ?? ''}${more}` };
}

function partsOf(plan: ScenarioPlan, judged: Judged): { readonly verdict: Verdict; readonly text: string }[] {
  const { missedLoad } = judged;
  return [
    ...(missedLoad === undefined
      ? []
      : [{ verdict: 'inconclusive' as const, text: `The load was not held: ${missedLoad}.` }]),
    ...plan.limits.map(({ kpi }) => {
      const value = judged.values.find(({ name }) => name === kpi);
      const text = value === undefined ? `${kpi} was not measured.` : `${valueText(value)}.`;
      return { verdict: value?.verdict ?? ('not-run' as const), text };
    }),
    ...judged.problems.map((text) => ({ verdict: 'fail' as const, text })),
    ...judged.faults.flatMap((fault) => [
      { verdict: fault.injected, text: `The fault ${fault.id} was not proven: ${fault.note}` },
      {
        verdict: fault.recovered,
        text: `${fault.target ?? 'The target'} did not recover from ${fault.id}: ${fault.note}`,
      },
    ]),
    ...judged.steps.map(({ verdict, scenario, step, action, note }) => ({
      verdict,
      text: `${scenario}, step ${step} (${action}): ${note}`,
    })),
    ...judged.goals.map(({ goal, verdict, text }) => ({ verdict, text: `${goal}: ${text}` })),
  ];
}
