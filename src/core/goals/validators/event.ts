import type { ScenarioEvidence } from '../../model/evidence.ts';
import { combineVerdicts, type Verdict } from '../../model/verdict.ts';
import { scenarioStep, unusable } from './scenario.ts';
import type { Validator } from './validator.ts';

type Fault = ScenarioEvidence['faults'][number];

/** G-6: each injected fault brings a new event of its own, and a run without faults brings none. */
export const eventValidator: Validator<'event'> = {
  steps: (goal, context) => [scenarioStep(goal.scenario, context)],
  judge(goal, [facts]) {
    const issues = facts?.issues ?? [];
    const scenario = facts?.scenario ?? null;
    const useless = unusable(facts);
    if (useless !== undefined || scenario === null) {
      return {
        ...(useless ?? { verdict: 'error', reason: 'The evidence holds no scenario run.' }),
        values: [],
        issues,
      };
    }
    const matching = (events: readonly string[]) => events.filter((event) => event.includes(goal.event)).length;
    const faults = scenario.faults.map((fault) => judgeFault(fault, matching(fault.events)));
    const values = scenario.faults.map((fault) => ({
      name: `events.${fault.id}`,
      value: matching(fault.events),
      unit: 'count',
      min: 1,
    }));
    if (faults.length === 0) return { verdict: 'not-run', reason: 'The scenario injected no fault.', values, issues };
    const control = judgeControl(scenario.controlEvents === null ? undefined : matching(scenario.controlEvents));
    const verdict = combineVerdicts([...faults.map((one) => one.verdict), control.verdict]);
    const open = [...faults, control].filter((one) => one.verdict !== 'pass').map((one) => one.text);
    const good = `Each of ${faults.length} faults brought ${goal.event}, and the control run none.`;
    return { verdict, reason: open.length === 0 ? good : open.join(' '), values, issues };
  },
};

interface Judged {
  readonly verdict: Verdict;
  readonly text: string;
}

function judgeFault({ id, injected, recovered, note }: Fault, events: number): Judged {
  if (injected !== 'pass') {
    return {
      verdict: injected === 'error' ? 'error' : 'inconclusive',
      text: `Nothing proves that ${id} was injected. ${note}`.trim(),
    };
  }
  if (events === 0) return { verdict: 'fail', text: `${id} brought no event.` };
  if (recovered === 'pass') return { verdict: 'pass', text: '' };
  const verdict = recovered === 'fail' ? 'fail' : 'inconclusive';
  return { verdict, text: `Nothing proves that the subject recovered from ${id}. ${note}`.trim() };
}

function judgeControl(events: number | undefined): Judged {
  if (events === undefined) return { verdict: 'inconclusive', text: 'There was no control run without faults.' };
  if (events === 0) return { verdict: 'pass', text: '' };
  return { verdict: 'fail', text: `The control run without faults brought ${events} events, so events prove nothing.` };
}
