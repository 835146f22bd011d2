import { names, open, type StepRule, stop, unsettled, went } from './step.ts';

/** TEST: every check of the goals and of the task. */
export const test: StepRule = {
  step: 'test',
  title: 'TEST',
  due(_status, { evidence }) {
    const waiting = open(evidence?.checks ?? []);
    return waiting.length === 0 ? undefined : `These checks have no fresh verdict: ${names(waiting)}.`;
  },
  async take(run) {
    const facts = await run.measure('checks');
    const waiting = open(facts);
    if (waiting.length > 0) return stop(unsettled(waiting));
    return went(`Ran ${names(facts)}.`);
  },
};
