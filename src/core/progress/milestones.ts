import type { MilestoneState } from '../documents/milestones.ts';
import type { StepState } from '../goals/survey.ts';
import type { Milestone } from '../model/milestone.ts';
import { milestoneStep, type ProjectState, startedOf } from './state.ts';

/** Status from the tasks, verification from fresh evidence. A milestone without tasks is complete once it is verified. */
export function milestoneStates(state: ProjectState): readonly MilestoneState[] {
  return state.snapshot.milestones.map((milestone) => milestoneState(milestone, state));
}

function milestoneState(milestone: Milestone, state: ProjectState): MilestoneState {
  const { id, title } = milestone;
  const tasks = milestone.tasks.map((slug) => {
    return { slug, status: state.tasks.find((task) => task.slug === slug)?.status };
  });
  const stepId = milestoneStep(milestone);
  const step = stepId === undefined ? undefined : state.step(stepId);
  const verification = stepId === undefined ? 'none' : verificationOf(step);
  const allDone = tasks.length > 0 && tasks.every(({ status }) => status === 'done');
  const begun = tasks.some(({ status }) => status === 'done' || status === 'in_progress');
  const complete = tasks.length === 0 ? verification === 'verified' : allDone;
  const dates = tasks.map(({ slug }) => state.doneAt(slug) ?? doneByCommit(slug, state));
  const known = dates.filter((date) => date !== undefined).sort();
  const date = tasks.length === 0 ? startedOf(step?.fresh) : known.length === dates.length ? known.at(-1) : undefined;
  return {
    id,
    title,
    status: complete ? 'complete' : begun ? 'in-progress' : 'pending',
    date: complete ? date : undefined,
    verification,
    by: stepId?.replace(':', ' '),
    evidence: step?.fresh?.path,
    command: step?.step.command,
    tasks: tasks.map(({ slug, status }) => ({ slug, done: status === 'done' })),
  };
}

/** A task that was done before InfraBuilder came has the date of the commit that put it into done/. */
function doneByCommit(slug: string, { snapshot, committed }: ProjectState): string | undefined {
  const file = snapshot.tasks.find((task) => task.slug === slug && task.status === 'done')?.file;
  return file === undefined ? undefined : committed.get(file);
}

function verificationOf(step: StepState | undefined): MilestoneState['verification'] {
  const verdict = step?.fresh?.statement.predicate.verdict;
  if (verdict === undefined) return step?.last === undefined ? 'not-run' : 'stale';
  switch (verdict) {
    case 'pass':
      return 'verified';
    case 'inconclusive':
      return 'inconclusive';
    case 'not-run':
      return 'not-run';
    default:
      return 'failed';
  }
}
