import type { Verdict } from '../model/verdict.ts';
import type { MilestoneState } from './milestones.ts';
import { milestoneView } from './milestones.ts';
import type { View } from './template.ts';
import { cell, verdictMark } from './words.ts';

export interface ProgressInput {
  readonly file: string;
  readonly epics: readonly EpicProgress[];
  /** Tasks that no story holds. */
  readonly unmapped: readonly TaskPlace[];
  readonly tasks: Tally;
  readonly goals: readonly {
    readonly id: string;
    readonly title: string;
    readonly applies: boolean;
    readonly verdict: Verdict;
    readonly fresh: boolean;
    readonly reason: string;
  }[];
  readonly milestones: readonly MilestoneState[];
  readonly burnup: readonly BurnupPoint[];
  /** Tasks that no commit and no evidence dates. */
  readonly undated: number;
}

export interface Tally {
  readonly done: number;
  readonly inProgress: number;
  readonly pending: number;
}

export interface TaskPlace {
  readonly slug: string;
  /** `missing`: the mapping names it, and there is no file. */
  readonly status: 'pending' | 'in_progress' | 'done' | 'missing';
}

export interface EpicProgress {
  readonly id: string;
  readonly title: string | undefined;
  readonly stories: readonly {
    readonly id: string;
    readonly title: string | undefined;
    readonly tasks: readonly TaskPlace[];
  }[];
}

/** One day on which something changed: how many tasks there were, and how many were done. */
export interface BurnupPoint {
  readonly day: string;
  readonly scope: number;
  readonly done: number;
}

const BAR = 20;

/** The fields of `templates/documents/progress.md`. */
export function progressView(input: ProgressInput): View {
  const { done, inProgress, pending } = input.tasks;
  const total = done + inProgress + pending;
  const applying = input.goals.filter(({ applies }) => applies);
  const holding = applying.filter(({ verdict, fresh }) => verdict === 'pass' && fresh).length;
  const most = Math.max(1, ...input.burnup.map(({ scope }) => scope));
  return {
    ...milestoneView(input.file, input.milestones),
    tasksDone: String(done),
    tasksInProgress: String(inProgress),
    tasksPending: String(pending),
    tasksTotal: String(total),
    goalsHolding: String(holding),
    goalsTotal: String(applying.length),
    epics: input.epics.map(({ id, title, stories }) => ({
      id,
      title: title ?? '',
      state: stateOf(stories.flatMap(({ tasks }) => tasks)),
      stories: stories.map((story) => ({
        id: story.id,
        title: story.title ?? '',
        state: stateOf(story.tasks),
        tasks: cell(story.tasks.map(taskText).join(', ')),
      })),
    })),
    unmapped: input.unmapped.map(({ slug, status }) => ({ slug, status })),
    goals: input.goals.map(({ id, title, applies, verdict, fresh, reason }) => ({
      id,
      title,
      verdict: applies ? verdictMark(verdict, fresh) : '➖ Switched off',
      reason: cell(reason),
    })),
    burnup: input.burnup.map(({ day, scope, done: finished }) => ({
      day,
      scope: String(scope),
      done: String(finished),
      bar: bar(finished, scope, most),
    })),
    undated: input.undated === 0 ? '' : String(input.undated),
  };
}

function stateOf(tasks: readonly TaskPlace[]): string {
  if (tasks.length === 0) return '-';
  const done = tasks.filter(({ status }) => status === 'done').length;
  return `${done === tasks.length ? '✅' : '⏳'} ${done} of ${tasks.length}`;
}

function taskText({ slug, status }: TaskPlace): string {
  return `${slug} (${status === 'missing' ? 'no file' : status})`;
}

function bar(done: number, scope: number, most: number): string {
  const width = (count: number) => Math.round((count / most) * BAR);
  return '█'.repeat(width(done)) + '░'.repeat(Math.max(0, width(scope) - width(done)));
}
