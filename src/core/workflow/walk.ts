import { throwIfCancelled } from '../base/errors.ts';
import type { TaskRun } from './run.ts';
import { progressOf, STEPS, type TaskProgress, type TaskStep } from './transition.ts';

export interface TakenStep {
  readonly step: TaskStep;
  readonly title: string;
  readonly why: string;
  readonly did: readonly string[];
}

export interface Walk {
  readonly taken: readonly TakenStep[];
  /** Where the task stands now. */
  readonly progress: TaskProgress;
  /** Why the walk ended before the task was done. */
  readonly stopped: string | undefined;
}

/** Ten steps, and a few that are due again after another one changed something. More is a step that never settles. */
const MOST_STEPS = 20;

/** Takes one step after the other until the task is done or something stops it. */
export async function walkTask(
  run: TaskRun,
  options: { readonly signal?: AbortSignal | undefined; readonly onStep?: (title: string, why: string) => void } = {},
): Promise<Walk> {
  const taken: TakenStep[] = [];
  let stopped: string | undefined;
  let progress = await look(run);
  while (progress.step !== 'done' && stopped === undefined) {
    throwIfCancelled(options.signal);
    const rule = STEPS.find(({ step }) => step === progress.step);
    if (rule === undefined) throw new Error(`No rule for the step ${progress.step}.`);
    if (taken.length >= MOST_STEPS) {
      stopped = `The step ${rule.title} is due again and again: ${progress.why}`;
      break;
    }
    options.onStep?.(rule.title, progress.why);
    const outcome = await rule.take(run);
    taken.push({ step: rule.step, title: rule.title, why: progress.why, did: outcome.did });
    stopped = outcome.stopped;
    progress = await look(run);
  }
  return { taken, progress, stopped };
}

/** The facts come first: reading them also brings the task up to date. */
async function look(run: TaskRun): Promise<TaskProgress> {
  const facts = await run.facts();
  return progressOf(run.task, facts);
}
