import { z } from 'zod';
import type { Engine } from '../engine.ts';
import type { CheckpointOptions } from '../goals/checkpoint.ts';
import { runCheckpoint } from '../goals/checkpoint.ts';
import { taskSteps } from '../goals/goals.ts';
import { checkStep } from '../goals/validators/checks.ts';
import { stepsOf } from '../goals/validators/index.ts';
import type { StepContext } from '../goals/validators/validator.ts';
import { checkAlignment } from '../workflow/alignment.ts';
import { goalFacts, stepFact } from '../workflow/facts.ts';
import type { TaskRun } from '../workflow/run.ts';
import { type MeasurementFact, TASK_STEPS } from '../workflow/transition.ts';
import { walkTask } from '../workflow/walk.ts';
import { completeTask, openTask } from './complete.ts';
import { defineOperation } from './operation.ts';
import { schemaVersion } from './shapes.ts';
import { type TaskView, viewTask } from './taskView.ts';
import { progressText } from './verify.ts';

const runShape = z.object({
  schemaVersion,
  slug: z.string(),
  done: z.boolean(),
  taken: z
    .array(
      z.object({ step: z.enum(TASK_STEPS), title: z.string(), why: z.string(), did: z.array(z.string()).readonly() }),
    )
    .readonly(),
  step: z.enum(TASK_STEPS),
  why: z.string(),
  blockers: z.array(z.string()).readonly(),
  /** Why the walk ended; null where the task is done. */
  stopped: z.string().nullable(),
});
export type RunJson = z.output<typeof runShape>;

export const taskRun = defineOperation({
  name: 'task_run',
  title: 'Walk a task through its steps',
  description: 'Takes the steps of a task one after the other, measures included, and stops with the reason.',
  readOnly: false,
  input: z.object({ slug: z.string() }),
  output: runShape,
  async run(engine, { slug }, { signal, onProgress }) {
    for (const { message } of await engine.settle()) onProgress?.(message);
    const run = await startRun(engine, slug, {
      signal,
      onProgress: (progress) => {
        const text = progressText(progress);
        if (text !== undefined) onProgress?.(text);
      },
    });
    const onStep = (title: string, why: string) => onProgress?.(`${title}: ${why}`);
    const { taken, progress, stopped } = await walkTask(run, { signal, onStep });
    return {
      schemaVersion: 1 as const,
      slug,
      done: progress.step === 'done',
      taken,
      ...progress,
      stopped: stopped ?? null,
    };
  },
});

/** `infrabuilder check integration` of plan section 4.1, where the workspace has it. */
const INTEGRATION = 'integration';

async function startRun(engine: Engine, slug: string, options: CheckpointOptions): Promise<TaskRun> {
  let view: TaskView = await viewTask(engine, slug);
  const again = async () => {
    view = await viewTask(engine, slug);
    return view;
  };
  return {
    get task() {
      return view.report.task;
    },
    facts: async () => (await again()).facts(),
    alignment: async () => checkAlignment(view.snapshot, view.report.task),
    open: async () => (await openTask(engine, slug)).file,
    async write(kind) {
      const written = await (await again()).documents.write(kind);
      engine.project.update([written.file]);
      return written;
    },
    measure: (what) => measure(engine, view, what, options),
    complete: () => completeTask(engine, slug),
  };
}

async function measure(
  engine: Engine,
  { snapshot, report }: TaskView,
  what: 'checks' | 'scenarios' | 'goals',
  options: CheckpointOptions,
): Promise<readonly MeasurementFact[]> {
  const ports = engine.goalPorts;
  if (what === 'goals') {
    const { goals } = await runCheckpoint(ports, snapshot, { goals: snapshot.goals }, options);
    return goalFacts(goals);
  }
  const extra = (context: StepContext) => {
    const all = [
      ...taskSteps(report.task, context),
      ...snapshot.goals.flatMap((goal) => (goal.applies === false ? [] : stepsOf(goal, context))),
    ];
    const prefix = what === 'checks' ? 'check:' : 'scenario:';
    const chosen = all.filter(({ id }) => id.startsWith(prefix));
    const hasIntegration = what === 'scenarios' && Object.hasOwn(snapshot.config.checks, INTEGRATION);
    return hasIntegration ? [...chosen, checkStep(INTEGRATION, context)] : chosen;
  };
  const { states } = await runCheckpoint(ports, snapshot, { goals: [], extra }, options);
  return states.map((state) => ({ ...stepFact(state), optional: state.step.id === `check:${INTEGRATION}` }));
}
