import { combineVerdicts, type Verdict } from '../../model/verdict.ts';
import { analysed, type Facts, notRun } from '../step.ts';
import { scenarioStep } from './scenario.ts';
import type { Validator } from './validator.ts';

/** G-10: every entry of the runbook has its five parts, and its scenarios ran and did what it says. */
export const runbookValidator: Validator<'runbook'> = {
  steps(goal, context) {
    const { ports, snapshot, inputs } = context;
    const { runbook } = snapshot.documents;
    return [
      {
        id: `goal:${goal.id}`,
        beside: 'all',
        definition: { scenario: snapshot.scenario(goal.scenario)?.value ?? goal.scenario },
        inputs: [inputs.runtime, ...(runbook === undefined ? [] : [inputs.file(runbook)])],
        command: `infrabuilder verify --goal ${goal.id} --force`,
        async measure() {
          const found = await ports.runbook.structure(goal, snapshot);
          if (found === undefined) return notRun('There is no runbook.');
          const entries = found.values.find((value) => value.name === 'entries')?.value ?? 0;
          const errors = found.issues.filter((issue) => issue.severity === 'error').length;
          if (entries === 0) return notRun('The runbook has no entry.', found.issues);
          const reason =
            errors === 0 ? `All ${entries} entries are whole.` : `${errors} gaps in the ${entries} entries.`;
          return analysed({ verdict: errors === 0 ? 'pass' : 'fail', reason, ...found });
        },
      },
      scenarioStep(goal.scenario, context),
    ];
  },
  judge(goal, [structure, run]) {
    const played = judgeSteps(goal.scenario, run);
    const verdict = combineVerdicts([structure?.verdict ?? 'not-run', played.verdict]);
    return {
      verdict,
      reason: `${structure?.reason ?? 'The runbook was not read yet.'} ${played.reason}`,
      values: [...(structure?.values ?? []), ...played.values],
      issues: [...(structure?.issues ?? []), ...(run?.issues ?? [])],
    };
  },
};

function judgeSteps(name: string, facts: Facts | undefined) {
  const steps = facts?.scenario?.steps ?? [];
  const verified = steps.filter(({ action }) => action === 'verify');
  const values = [
    {
      name: 'steps_verified',
      value: verified.filter(({ verdict }) => verdict === 'pass').length,
      unit: 'count',
      n: verified.length,
    },
  ];
  const say = (verdict: Verdict, reason: string) => ({ verdict, reason, values: steps.length === 0 ? [] : values });
  if (facts === undefined) return say('not-run', `Scenario ${name} was not run yet.`);
  if (facts.verdict === 'error' || facts.verdict === 'not-run') return say(facts.verdict, facts.reason);
  if (verified.length === 0) return say('not-run', `Scenario ${name} verified nothing.`);
  const open = steps.filter(({ verdict }) => verdict !== 'pass');
  if (open.length === 0) return say('pass', `All ${verified.length} expectations of ${name} held.`);
  const first = open[0];
  const said = `${first?.scenario}, step ${first?.step} (${first?.action}): ${first?.note}`;
  return say(combineVerdicts(open.map(({ verdict }) => verdict)), `${open.length} steps did not hold. ${said}`);
}
