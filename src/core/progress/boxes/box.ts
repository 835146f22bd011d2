import type { ChecklistBox } from '../../documents/checklist.ts';
import { type GoalState, holdsNow } from '../../goals/goalState.ts';
import type { GoalKind } from '../../model/goal.ts';
import { combineVerdicts, type Verdict } from '../../model/verdict.ts';
import type { ProjectState } from '../state.ts';

/** What else boxes look at: texts and names of files, read beforehand. */
export interface BoxFacts {
  readonly state: ProjectState;
  /** Text of a document; undefined where there is none. */
  readonly runbook: string | undefined;
  readonly changelog: string | undefined;
  readonly blueprint: string | undefined;
  /** Names below `dist/` of the source folder. */
  readonly binaries: readonly string[];
  /** `final_validation_results.json`; undefined where there is none. */
  readonly finalResults: string | undefined;
}

export type BoxRule = (facts: BoxFacts) => ChecklistBox;

export const SYSTEMS = ['linux', 'windows', 'macos'] as const;

export function box(title: string, verdict: Verdict, finding: string, next?: string): ChecklistBox {
  return { title, verdict, finding, next: verdict === 'pass' ? undefined : next };
}

/** `pass` where nothing is open; `not-run` for an empty list, because no data is never a pass. */
export function allOf(
  title: string,
  all: readonly string[],
  open: readonly string[],
  what: string,
  next: string,
  verdict: Verdict = 'fail',
): ChecklistBox {
  if (all.length === 0) return box(title, 'not-run', `There are no ${what}.`, next);
  if (open.length === 0) return box(title, 'pass', `All ${all.length} ${what}.`);
  return box(title, verdict, `${open.length} of ${all.length} ${what} are open: ${open.join(', ')}.`, next);
}

/** As `allOf`, for what was measured: open for want of a measurement is not failed. */
export function measuredAll(
  title: string,
  all: readonly { readonly name: string; readonly verdict: Verdict | undefined }[],
  what: string,
  next: string,
): ChecklistBox {
  const open = all.filter(({ verdict }) => verdict !== 'pass');
  const worst = combineVerdicts(open.map(({ verdict }) => verdict ?? 'not-run'));
  const shown = open.map(({ name, verdict }) => `${name} (${verdict ?? 'not-run'})`);
  return allOf(
    title,
    all.map(({ name }) => name),
    shown,
    what,
    next,
    worst,
  );
}

/** A goal for `measuredAll`: what is stale was not measured on this work tree. */
export function measuredGoal({ goal, verdict, fresh }: GoalState): { name: string; verdict: Verdict | undefined } {
  return { name: goal.id, verdict: fresh ? verdict : undefined };
}

/** Whether all goals of some kinds hold on this work tree. */
export function goalsOfKind(title: string, { state }: BoxFacts, kinds: readonly GoalKind[]): ChecklistBox {
  const goals = state.checkpoint.goals.filter(({ goal }) => kinds.includes(goal.kind) && goal.applies !== false);
  const open = goals.filter((one) => !holdsNow(one));
  const [first] = open;
  if (goals.length === 0)
    return box(title, 'not-run', 'No goal of this kind applies.', 'name one in infrabuilder.yaml');
  if (first === undefined) return box(title, 'pass', `${goals.map(({ goal }) => goal.id).join(', ')} hold.`);
  const verdict = first.fresh && first.verdict !== 'pass' ? first.verdict : 'not-run';
  const said = open.map(({ goal, reason }) => `${goal.id}: ${reason}`).join(' ');
  return box(title, verdict, said, `infrabuilder verify --goal ${first.goal.id}`);
}
