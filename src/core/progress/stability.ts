import { changedResources } from '../evidence/inputs.ts';
import type { MeasuredEntry } from '../evidence/store.ts';
import type { StepState } from '../goals/survey.ts';
import type { Verdict } from '../model/verdict.ts';
import type { ProjectState } from './state.ts';

const CONFIDENCE = 0.95;

export interface Stability {
  /** Consecutive green runs up to the last one, all on the inputs of now. */
  readonly green: number;
  /** Runs on the inputs of now. */
  readonly runs: number;
}

/** How often in a row a step was green lately, counting only runs on this very work tree. */
export function stabilityOf(state: ProjectState, step: StepState | undefined): Stability {
  if (step === undefined) return { green: 0, runs: 0 };
  const same = runsOf(state, step);
  const verdicts: Verdict[] = same.map(({ statement }) => statement.predicate.verdict);
  const lastRed = verdicts.findLastIndex((verdict) => verdict !== 'pass');
  return { green: verdicts.length - 1 - lastRed, runs: verdicts.length };
}

/** All evidence of a step on the inputs of now, oldest first. */
export function runsOf({ checkpoint }: ProjectState, step: StepState): readonly MeasuredEntry[] {
  return checkpoint.survey.ledger.history(step.step.id).filter((entry) => isSame(entry, step));
}

function isSame({ statement }: MeasuredEntry, { subject, configuration }: StepState): boolean {
  const changed = [
    ...changedResources(statement.subject, subject),
    ...changedResources(statement.predicate.configuration, configuration),
  ];
  return changed.length === 0;
}

/** The least pass rate, in percent, that n green runs of n prove at 95 % confidence: the exact bound 0.05^(1/n). */
export function provenRate(green: number): number {
  return green <= 0 ? 0 : 100 * (1 - CONFIDENCE) ** (1 / green);
}

/** `10 of 10 green runs prove a pass rate of at least 74 % at 95 % confidence, and no more.` */
export function provenText(green: number): string {
  if (green <= 0) return 'No green run proves anything about the next one.';
  return `${green} of ${green} green runs prove a pass rate of at least ${Math.floor(provenRate(green))} % at 95 % confidence, and no more.`;
}
