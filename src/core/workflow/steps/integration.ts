import { failing, names, open, type StepRule, stop, unsettled, went } from './step.ts';

/** INTEGRATION: the scenarios of the task, and the integration check where there is one. */
export const integration: StepRule = {
  step: 'integration',
  title: 'INTEGRATION',
  due(_status, { evidence }) {
    if (evidence === undefined || failing(evidence.checks).length > 0) return undefined;
    const waiting = open(evidence.scenarios);
    return waiting.length === 0 ? undefined : `These scenarios have no fresh verdict: ${names(waiting)}.`;
  },
  async take(run) {
    const facts = await run.measure('scenarios');
    const waiting = open(facts);
    if (waiting.length > 0) return stop(unsettled(waiting));
    return went(`Ran ${names(facts)}.`);
  },
};
