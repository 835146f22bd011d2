import { documentDue, writeStep } from './documentStep.ts';
import type { StepRule } from './step.ts';

/** PLAN: a work plan out of blueprint, task and source, with places for what only a mind can say. */
export const plan: StepRule = {
  step: 'plan',
  title: 'PLAN',
  due: (_status, { hasPlan, evidence }) => documentDue('work plan', hasPlan, evidence?.plan),
  take: (run) => writeStep(run, 'plan'),
};
