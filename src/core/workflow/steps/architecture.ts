import { documentDue, writeStep } from './documentStep.ts';
import type { StepRule } from './step.ts';

/** ARCHITECTURE REVIEW: interfaces, patterns, side effects, budget and coverage, by what the conformance scan finds. */
export const architecture: StepRule = {
  step: 'arch',
  title: 'ARCHITECTURE REVIEW',
  due: (_status, { hasArch, evidence }) => documentDue('architecture review', hasArch, evidence?.arch),
  take: (run) => writeStep(run, 'arch'),
};
