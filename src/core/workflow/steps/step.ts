import type { TaskStatus } from '../../model/task.ts';
import type { TaskRun } from '../run.ts';
import type { MeasurementFact, TaskFacts, TaskStep } from '../transition.ts';

/** How one step of the loop is recognised and taken. */
export interface StepRule {
  readonly step: TaskStep;
  /** As the plan calls it. */
  readonly title: string;
  /** Why the step is due, one sentence; undefined where it lies behind the task. */
  due(status: TaskStatus, facts: TaskFacts): string | undefined;
  /** What keeps the step from succeeding. */
  blockers?(facts: TaskFacts): readonly string[];
  /** Takes the step. `stopped` says why the walk cannot go on; undefined to go on. */
  take(run: TaskRun): Promise<StepOutcome>;
}

export interface StepOutcome {
  /** What was done, one line each. */
  readonly did: readonly string[];
  readonly stopped: string | undefined;
}

export function went(...did: string[]): StepOutcome {
  return { did, stopped: undefined };
}

export function stop(reason: string, ...did: string[]): StepOutcome {
  return { did, stopped: reason };
}

/** Measurements that somebody asks for and that say nothing yet about this work tree. */
export function open(facts: readonly MeasurementFact[]): readonly MeasurementFact[] {
  return facts.filter(({ verdict, optional }) => optional !== true && !isSettled(verdict));
}

export function failing(facts: readonly MeasurementFact[]): readonly MeasurementFact[] {
  return facts.filter(({ verdict }) => verdict === 'fail');
}

function isSettled(verdict: MeasurementFact['verdict']): boolean {
  return verdict === 'pass' || verdict === 'fail';
}

export function names(facts: readonly MeasurementFact[]): string {
  return facts.map(({ id }) => id).join(', ');
}

/** Why a step that measures could not settle what it had to. */
export function unsettled(facts: readonly MeasurementFact[]): string {
  return facts.map(({ id, verdict, reason }) => `${id}: ${verdict ?? 'not run'}. ${reason}`).join(' ');
}

/** What a tool printed, with an end, so that another sentence can follow. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
