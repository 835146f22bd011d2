import type { MeasuredValue } from '../../model/check.ts';
import { holds, type Threshold, thresholdText } from '../../model/threshold.ts';
import { convert } from '../../model/units.ts';
import { combineVerdicts, type Verdict } from '../../model/verdict.ts';
import { scenarioStep, unusable } from './scenario.ts';
import type { Validator } from './validator.ts';

/** G-2 to G-5: figures of a scenario run within the goal's own limits. */
export const kpiValidator: Validator<'kpi'> = {
  steps: (goal, context) => [scenarioStep(goal.scenario, context)],
  judge(goal, [facts]) {
    const values = Object.entries(goal.kpis).map(([name, limit]) => judgeKpi(name, limit, facts?.values ?? []));
    const measured = values.flatMap(({ value }) => value ?? []);
    const useless = unusable(facts);
    if (useless !== undefined) return { ...useless, values: measured, issues: facts?.issues ?? [] };
    const verdict = combineVerdicts(values.map((one) => one.verdict));
    return {
      verdict,
      reason: values.map(({ text }) => text).join(', '),
      values: measured,
      issues: facts?.issues ?? [],
    };
  },
};

interface JudgedKpi {
  readonly verdict: Verdict;
  readonly value: MeasuredValue | undefined;
  readonly text: string;
}

/** A value that the measuring side calls too noisy or too short stays so, wherever it lies. */
function judgeKpi(name: string, limit: Threshold, values: readonly MeasuredValue[]): JudgedKpi {
  const found = values.find((value) => value.name === name);
  if (found === undefined) return { verdict: 'not-run', value: undefined, text: `${name} was not measured` };
  const inUnit =
    found.unit === undefined || limit.unit === undefined ? found.value : convert(found.value, found.unit, limit.unit);
  const own = found.verdict;
  const unsure = own === 'inconclusive' || own === 'not-run' || own === 'error';
  const verdict =
    inUnit === undefined ? 'error' : unsure ? own : found.n === 0 ? 'not-run' : holds(inUnit, limit) ? 'pass' : 'fail';
  const unit = inUnit === undefined ? found.unit : (limit.unit ?? found.unit);
  const { min, max } = limit;
  const value: MeasuredValue = {
    name,
    value: inUnit ?? found.value,
    ...(unit === undefined ? {} : { unit }),
    ...(found.n === undefined ? {} : { n: found.n }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    verdict,
  };
  const note = verdict === 'pass' || verdict === 'fail' ? '' : ` (${verdict})`;
  return { verdict, value, text: `${name} ${figure(value.value)} (${thresholdText(limit)})${note}` };
}

function figure(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}
