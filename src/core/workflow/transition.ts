import type { Task, TaskStatus } from '../model/task.ts';
import type { Verdict } from '../model/verdict.ts';
import { architecture } from './steps/architecture.ts';
import { code } from './steps/code.ts';
import { complete } from './steps/complete.ts';
import { document } from './steps/document.ts';
import { integration } from './steps/integration.ts';
import { iterate } from './steps/iterate.ts';
import { open } from './steps/open.ts';
import { plan } from './steps/plan.ts';
import type { StepRule } from './steps/step.ts';
import { test } from './steps/test.ts';
import { verification } from './steps/verification.ts';

/** The ten steps of plan section 4.1, by the names that commands use, and the end. */
export const TASK_STEPS = [
  'open',
  'plan',
  'arch',
  'code',
  'test',
  'integration',
  'verify',
  'result',
  'iterate',
  'complete',
  'done',
] as const;
export type TaskStep = (typeof TASK_STEPS)[number];

export interface TaskProgress {
  /** The next step to take; `done` when there is none. */
  readonly step: TaskStep;
  /** Why that is the next step, one sentence. */
  readonly why: string;
  /** Why it cannot be taken, or will not succeed, one sentence each. */
  readonly blockers: readonly string[];
}

/** One of the documents of a task. */
export interface DocumentFact {
  readonly exists: boolean;
  /** What has changed since it was written; empty where it is current. */
  readonly changed: readonly string[];
}

/** A measurement as it stands on the work tree of now. */
export interface MeasurementFact {
  /** `check:test`, `scenario:standard`, `G-4`. */
  readonly id: string;
  /** Undefined where nothing fresh says. */
  readonly verdict: Verdict | undefined;
  readonly reason: string;
  /** Nobody asks for it unless it has run before. */
  readonly optional?: boolean;
}

/** What evidence and documents say; costs a look at the work tree, so lists of tasks go without. */
export interface TaskEvidence {
  readonly plan: DocumentFact;
  readonly arch: DocumentFact;
  readonly result: DocumentFact;
  /** Whether the source differs from what the task was opened on; undefined where nobody knows. */
  readonly changed: boolean | undefined;
  readonly checks: readonly MeasurementFact[];
  readonly scenarios: readonly MeasurementFact[];
  readonly goals: readonly MeasurementFact[];
  /** Acceptance lines that were measured and do not hold. */
  readonly failingLines: readonly string[];
  /** All that the gate asks for, one sentence each. */
  readonly missing: readonly string[];
}

export interface TaskFacts {
  readonly hasPlan: boolean;
  readonly hasArch: boolean;
  /** Where each task that this one depends on is; undefined for a slug that no task has. */
  readonly dependencies: ReadonlyMap<string, TaskStatus | undefined>;
  /** Messages of the errors in the task's file. */
  readonly errors: readonly string[];
  readonly evidence?: TaskEvidence | undefined;
}

/** In the order in which a task takes them. A new step is a file under `steps/` and a line here. */
export const STEPS: readonly StepRule[] = [
  open,
  plan,
  architecture,
  code,
  test,
  integration,
  verification,
  document,
  iterate,
  complete,
];

/** What comes next for a task. Pure: derived from where its file is, which documents exist, and evidence where known. */
export function progressOf({ status }: Pick<Task, 'status'>, facts: TaskFacts): TaskProgress {
  if (status === 'done') return { step: 'done', why: 'Its file is in done/.', blockers: [] };
  for (const rule of STEPS) {
    const why = rule.due(status, facts);
    if (why === undefined) continue;
    return {
      step: rule.step,
      why,
      blockers: [...facts.errors, ...waitingFor(facts), ...(rule.blockers?.(facts) ?? [])],
    };
  }
  throw new Error('The last step is always due.');
}

function waitingFor({ dependencies }: TaskFacts): string[] {
  return [...dependencies]
    .filter(([, status]) => status !== 'done')
    .map(([slug, status]) =>
      status === undefined
        ? `It depends on ${slug}, which no task is called.`
        : `It depends on ${slug}, which is ${status}.`,
    );
}
