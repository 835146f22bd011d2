import { combineVerdicts, type Verdict } from '../../model/verdict.ts';
import { milestoneStates } from '../milestones.ts';
import { platformVerdicts } from '../platforms.ts';
import { allOf, type BoxFacts, type BoxRule, box, measuredAll, measuredGoal, SYSTEMS } from './box.ts';

/** Plan section 9.1. */
export const FEATURE_BOXES: readonly BoxRule[] = [tasksDone, milestonesDone, goalsHold, platformsHold, scenariosPass];

function tasksDone({ state }: BoxFacts) {
  const all = state.tasks.map(({ slug }) => slug);
  const open = state.tasks.filter(({ status }) => status !== 'done').map(({ slug }) => slug);
  return allOf('All task files processed and moved to done', all, open, 'tasks', 'infrabuilder task next');
}

function milestonesDone({ state }: BoxFacts) {
  const all = milestoneStates(state);
  const open = all.filter(({ status, verification }) => {
    return status !== 'complete' || !(verification === 'verified' || verification === 'none');
  });
  const title = 'All blueprint milestones complete and verified';
  return allOf(title, ids(all), ids(open), 'milestones', 'infrabuilder milestones --verify');
}

function goalsHold({ state }: BoxFacts) {
  const applying = state.checkpoint.goals.filter(({ goal }) => goal.applies !== false);
  return measuredAll('All non-negotiable goals verified', applying.map(measuredGoal), 'goals', 'infrabuilder verify');
}

function platformsHold(facts: BoxFacts) {
  const verdicts = systemVerdicts(facts);
  const open = SYSTEMS.filter((os) => verdicts.get(os) !== 'pass');
  const title = 'Multi-platform compatibility verified across Linux, Windows and macOS';
  if (open.length === 0) return box(title, 'pass', 'A scenario passed on each.');
  const failed = open.some((os) => verdicts.get(os) === 'fail');
  const said = open.map((os) => `${os}: ${verdicts.get(os) ?? 'no scenario names it'}`).join(', ');
  return box(
    title,
    failed ? 'fail' : 'not-run',
    `${said}.`,
    'run "infrabuilder e2e matrix" on such a machine and commit its evidence',
  );
}

/** Verdict of each system over the scenarios that name it, from evidence that was measured there. */
export function systemVerdicts({ state }: BoxFacts): ReadonlyMap<string, ReturnType<typeof combineVerdicts>> {
  const all = state.snapshot.scenarios.flatMap(({ value }) => {
    const entry = state.step(`scenario:${value.name}`)?.fresh;
    return platformVerdicts(value, entry === undefined ? [] : [entry]);
  });
  const systems = new Set(all.map(({ os }) => os));
  return new Map(
    [...systems].map((os) => [os, combineVerdicts(all.filter((one) => one.os === os).map(({ verdict }) => verdict))]),
  );
}

function scenariosPass({ state }: BoxFacts) {
  const all = state.snapshot.scenarios.map(({ value: { name } }) => ({ name, verdict: freshVerdict(state, name) }));
  return measuredAll('All E2E test scenarios passing', all, 'scenarios', 'infrabuilder e2e matrix');
}

function freshVerdict(state: BoxFacts['state'], scenario: string): Verdict | undefined {
  return state.step(`scenario:${scenario}`)?.fresh?.statement.predicate.verdict;
}

function ids(list: readonly { readonly id: string }[]): string[] {
  return list.map(({ id }) => id);
}
