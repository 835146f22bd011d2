import type { Task, TaskStatus } from '../model/task.ts';

/** The steps of the task loop that folder and documents alone can tell; plan section 4.1. */
export type TaskStep = 'open' | 'plan' | 'arch' | 'code' | 'done';

export interface TaskProgress {
  /** The next step to take; `done` when there is none. */
  readonly step: TaskStep;
  /** Why that step cannot be taken yet, one sentence each. */
  readonly blockers: readonly string[];
}

export interface TaskFacts {
  readonly hasPlan: boolean;
  readonly hasArch: boolean;
  /** Where each task that this one depends on is; undefined for a slug that no task has. */
  readonly dependencies: ReadonlyMap<string, TaskStatus | undefined>;
  /** Messages of the errors in the task's file. */
  readonly errors: readonly string[];
}

/** What comes next for a task. Pure: derived from where its file is and which documents exist. */
export function progressOf(task: Pick<Task, 'status'>, facts: TaskFacts): TaskProgress {
  const step = stepOf(task.status, facts);
  if (step === 'done') return { step, blockers: [] };
  const waiting = [...facts.dependencies]
    .filter(([, status]) => status !== 'done')
    .map(([slug, status]) => waitsFor(slug, status));
  return { step, blockers: [...facts.errors, ...waiting] };
}

function stepOf(status: TaskStatus, facts: TaskFacts): TaskStep {
  if (status === 'pending') return 'open';
  if (status === 'done') return 'done';
  if (!facts.hasPlan) return 'plan';
  return facts.hasArch ? 'code' : 'arch';
}

function waitsFor(slug: string, status: TaskStatus | undefined): string {
  return status === undefined
    ? `It depends on ${slug}, which no task is called.`
    : `It depends on ${slug}, which is ${status}.`;
}
