import type { CoverageInput, ScenarioCoverage } from '../documents/coverage.ts';
import { platformVerdicts } from './platforms.ts';
import type { ProjectState } from './state.ts';

/** Which scenario validates which goal for which task, and whether it did on this work tree. */
export function coverageInput(state: ProjectState): CoverageInput {
  const { snapshot, tasks } = state;
  const byGoal = snapshot.goals.flatMap((goal) => ('scenario' in goal ? [{ id: goal.id, name: goal.scenario }] : []));
  const names = new Set([
    ...snapshot.scenarios.map(({ value }) => value.name),
    ...byGoal.map(({ name }) => name),
    ...tasks.flatMap(({ scenarios }) => scenarios),
  ]);
  return {
    goals: snapshot.goals.map(({ id, title, applies }) => ({ id, title, applies: applies !== false })),
    scenarios: [...names].sort().map((name): ScenarioCoverage => {
      const file = snapshot.scenario(name);
      const step = state.step(`scenario:${name}`);
      const entry = step?.fresh ?? step?.last;
      const named = new Set([
        ...(file?.value.blueprint_goals ?? []),
        ...byGoal.filter((one) => one.name === name).map(({ id }) => id),
      ]);
      return {
        name,
        file: file?.file,
        verdict: entry?.statement.predicate.verdict ?? 'not-run',
        fresh: step?.fresh !== undefined,
        goals: snapshot.goals.map(({ id }) => id).filter((id) => named.has(id)),
        tasks: tasks.filter(({ scenarios }) => scenarios.includes(name)).map(({ slug }) => slug),
        platforms:
          file === undefined ? [] : platformVerdicts(file.value, step?.fresh === undefined ? [] : [step.fresh]),
      };
    }),
  };
}
