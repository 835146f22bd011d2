import { documentDue, writeStep } from './documentStep.ts';
import type { StepRule } from './step.ts';

/** DOCUMENT: what was measured, line by line and goal by goal, with the evidence for each figure. */
export const document: StepRule = {
  step: 'result',
  title: 'DOCUMENT',
  due: (_status, { evidence }) => documentDue('result', evidence?.result.exists ?? true, evidence?.result),
  take: (run) => writeStep(run, 'result'),
};
