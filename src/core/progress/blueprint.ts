import type { EpicProgress, ProgressInput, TaskPlace } from '../documents/progress.ts';
import { burnup } from './burnup.ts';
import { milestoneStates } from './milestones.ts';
import type { ProjectState } from './state.ts';

/** Where the project stands against its blueprint. */
export function progressInput(state: ProjectState, file: string): ProgressInput {
  const { snapshot, tasks, checkpoint } = state;
  const status = new Map(tasks.map((task) => [task.slug, task.status]));
  const place = (slug: string): TaskPlace => ({ slug, status: status.get(slug) ?? 'missing' });
  const epics = (snapshot.mapping?.epics ?? []).map(
    ({ id, title, stories }): EpicProgress => ({
      id,
      title,
      stories: stories.map((story) => ({
        id: story.id,
        title: story.title,
        tasks: story.tasks.map(({ slug }) => place(slug)),
      })),
    }),
  );
  const mapped = snapshot.mapping?.tasksBySlug;
  const count = (wanted: string) => tasks.filter((task) => task.status === wanted).length;
  return {
    file,
    epics,
    unmapped: tasks.filter(({ slug }) => mapped?.has(slug) !== true).map(({ slug }) => place(slug)),
    tasks: { done: count('done'), inProgress: count('in_progress'), pending: count('pending') },
    goals: checkpoint.goals.map(({ goal, verdict, fresh, reason }) => ({
      id: goal.id,
      title: goal.title,
      applies: goal.applies !== false,
      verdict,
      fresh,
      reason,
    })),
    milestones: milestoneStates(state),
    ...burnup(state),
  };
}
