import type { MeasuredValue } from '../../core/model/check.ts';
import type { Goal } from '../../core/model/goal.ts';
import type { ScenarioPlan } from '../../core/model/scenarioPlan.ts';
import type { FaultRecord, GoalResult, StepRecord } from '../../core/model/scenarioRun.ts';
import { combineVerdicts, type Verdict } from '../../core/model/verdict.ts';
import { kpisOf } from '../runner/limits.ts';

export interface Judged {
  readonly values: readonly MeasuredValue[];
  readonly faults: readonly FaultRecord[];
  readonly steps: readonly StepRecord[];
}

/** What a run says about each goal that it judges. No figure, no fault and no step is `not-run`. */
export function goalResults(plan: ScenarioPlan, goals: readonly Goal[], judged: Judged): GoalResult[] {
  return plan.goals.flatMap((id) => {
    const goal = goals.find((each) => each.id === id);
    return goal === undefined ? [] : [resultOf(goal, plan, judged)];
  });
}

function resultOf(goal: Goal, plan: ScenarioPlan, { values, faults, steps }: Judged): GoalResult {
  const verdicts: Verdict[] = [];
  const texts: string[] = [];
  const wanted = kpisOf(goal);
  for (const { kpi, goals } of plan.limits) {
    if (!goals.includes(goal.id) && !wanted.includes(kpi)) continue;
    const value = values.find(({ name }) => name === kpi);
    verdicts.push(value?.verdict ?? 'not-run');
    texts.push(value === undefined ? `${kpi}: not measured` : valueText(value));
  }
  if (goal.kind === 'event') {
    const events = steps.filter(({ action }) => action === 'verify');
    verdicts.push(...events.map(({ verdict }) => verdict));
    for (const fault of faults) {
      const answered = fault.injected === 'pass' ? (fault.events.length > 0 ? 'pass' : 'fail') : fault.injected;
      verdicts.push(answered, fault.recovered);
      texts.push(`${fault.id}: ${fault.events.length} new events`);
    }
    if (events.length > 0) texts.push(stepsText(events));
    if (faults.length === 0 && events.length === 0) verdicts.push('not-run');
  }
  if (goal.kind === 'runbook') {
    verdicts.push(...steps.map(({ verdict }) => verdict));
    texts.push(stepsText(steps));
  }
  return { goal: goal.id, verdict: combineVerdicts(verdicts), text: texts.join('; ') || 'nothing was measured' };
}

export function valueText({ name, value, unit = '', min, max, verdict }: MeasuredValue): string {
  const limit = [...(min === undefined ? [] : [`>= ${min}`]), ...(max === undefined ? [] : [`<= ${max}`])].join(', ');
  const what = `${name} ${figure(value)}${unit === 'percent' ? '%' : ` ${unit}`}`;
  return `${what}${limit === '' ? '' : ` (${limit})`}${verdict === undefined || verdict === 'pass' ? '' : ` ${verdict}`}`;
}

function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}

function stepsText(steps: readonly StepRecord[]): string {
  const passed = steps.filter(({ verdict }) => verdict === 'pass').length;
  const first = steps.find(({ verdict }) => verdict !== 'pass');
  const worst = first === undefined ? '' : `; ${first.scenario} step ${first.step} ${first.action}: ${first.note}`;
  return `${passed} of ${steps.length} steps hold${worst}`;
}
