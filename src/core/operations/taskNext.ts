import { z } from 'zod';
import type { Engine } from '../engine.ts';
import type { Task } from '../model/task.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { progressOf, TASK_STEPS, type TaskStep } from '../workflow/transition.ts';
import { defineOperation } from './operation.ts';
import { schemaVersion } from './shapes.ts';
import { taskRows } from './tasks.ts';
import { viewTask } from './taskView.ts';
import { currentSnapshot } from './verify.ts';

const nextShape = z.object({
  schemaVersion,
  /** Null where no task is left. */
  slug: z.string().nullable(),
  step: z.enum(TASK_STEPS),
  why: z.string(),
  blockers: z.array(z.string()).readonly(),
  command: z.string().nullable(),
});
export type NextJson = z.output<typeof nextShape>;

export const taskNext = defineOperation({
  name: 'task_next',
  title: 'Next step of a task',
  description:
    'The next step of a task, or of the task to take next: why it is due, what blocks it, the command for it.',
  readOnly: true,
  input: z.object({ slug: z.string().optional() }),
  output: nextShape,
  async run(engine, { slug }, { onProgress }) {
    const chosen = slug ?? (await pickTask(engine));
    if (chosen === undefined) {
      const why = 'No task is left in pending/ or in_progress/ that could be taken.';
      return { schemaVersion: 1 as const, slug: null, step: 'done' as const, why, blockers: [], command: null };
    }
    const view = await viewTask(engine, chosen, onProgress);
    const { step, why, blockers } = progressOf(view.report.task, await view.facts());
    return { schemaVersion: 1 as const, slug: chosen, step, why, blockers, command: commandFor(step, chosen) };
  },
});

/** What a person types to take a step. */
export function commandFor(step: TaskStep, slug: string): string | null {
  switch (step) {
    case 'done':
      return null;
    case 'code':
    case 'iterate':
      return `infrabuilder implement ${slug}`;
    case 'test':
    case 'integration':
    case 'verify':
      return `infrabuilder verify --task ${slug}`;
    default:
      return `infrabuilder task ${step} ${slug}`;
  }
}

/** Work under way before new work; then by priority, phase and slug. What waits for another task is passed over. */
async function pickTask(engine: Engine): Promise<string | undefined> {
  const snapshot = await currentSnapshot(engine);
  const rows = new Map(taskRows(snapshot).map((row) => [row.slug, row]));
  const ready = snapshot.tasks.filter(
    ({ slug, status }) => status !== 'done' && isFree(snapshot, slug) && rows.has(slug),
  );
  return ready.sort(compareTasks)[0]?.slug;
}

function isFree(snapshot: Snapshot, slug: string): boolean {
  const task = snapshot.task(slug);
  return task?.dependsOn.every((other) => snapshot.task(other)?.status === 'done') === true;
}

const WORDS = ['critical', 'highest', 'urgent', 'high', 'medium', 'normal', 'low', 'lowest'];

export function compareTasks(a: Task, b: Task): number {
  return (
    Number(a.status === 'pending') - Number(b.status === 'pending') ||
    rank(a.priority) - rank(b.priority) ||
    compare(a.phase ?? '~', b.phase ?? '~') ||
    compare(a.slug, b.slug)
  );
}

/** Small is first; `P1`, `1` and words are understood, the rest is in the middle. */
function rank(priority: string | number | undefined): number {
  const middle = WORDS.indexOf('medium');
  if (typeof priority === 'number') return priority;
  const word = WORDS.indexOf(priority?.toLowerCase() ?? '');
  if (word >= 0) return word;
  const number = /\d+/.exec(priority ?? '')?.[0];
  return number === undefined ? middle : Number(number);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
