import { failing, names, open, type StepRule, stop, unsettled, went } from './step.ts';

/** GOAL VERIFICATION: every goal of the project, because each is a hard stop for every task. */
export const verification: StepRule = {
  step: 'verify',
  title: 'GOAL VERIFICATION',
  due(_status, { evidence }) {
    if (evidence === undefined || failing([...evidence.checks, ...evidence.scenarios]).length > 0) return undefined;
    const waiting = open(evidence.goals);
    return waiting.length === 0 ? undefined : `These goals have no fresh verdict: ${names(waiting)}.`;
  },
  async take(run) {
    const waiting = open(await run.measure('goals'));
    return waiting.length > 0 ? stop(unsettled(waiting)) : went('Verified all goals.');
  },
};
