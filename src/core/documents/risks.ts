import type { PlanInput } from './plan.ts';
import { code, listText } from './words.ts';

export interface Risk {
  readonly risk: string;
  readonly mitigation: string;
}

/** Risks that blueprint, rules and source show by themselves; each follows from a fact that can be looked up. */
export function risksOf({ snapshot, task, module, reach, acceptance }: PlanInput): Risk[] {
  const risks: Risk[] = [];
  const add = (risk: string, mitigation: string) => risks.push({ risk, mitigation });
  if (reach !== undefined && reach.importedBy.length > 0) {
    const names = listText(reach.importedBy.map(code));
    add(
      `A change of an exported name of ${code(reach.component)} reaches ${names}.`,
      `Keep exported names, or change and test ${names} in the same step.`,
    );
  }
  if (reach !== undefined && reach.mustNotImport.length > 0) {
    const rules = [...new Set(reach.mustNotImport.map(({ rule }) => rule))];
    add(
      `The rules ${listText(rules)} forbid ${code(reach.component)} to import ${listText([...new Set(reach.mustNotImport.map(({ target }) => code(target)))])}.`,
      'Run "infrabuilder conformance" after each edit.',
    );
  }
  if (reach === undefined) {
    add(
      'No conformance rule knows this module, so side effects on others are not seen.',
      'Name the module under "components" in conformance.yaml.',
    );
  }
  const unbound = acceptance.filter(({ byPerson }) => byPerson);
  if (unbound.length > 0) {
    add(
      `${unbound.length} of ${acceptance.length} acceptance lines have no measurement and wait for a person.`,
      `Measure them by a test or a benchmark, or plan the sign-off: ${unbound.map(({ line }) => `"${line.text}"`).join('; ')}.`,
    );
  }
  const source = module.filter((file) => !file.test);
  if (source.length > 0 && !module.some((file) => file.test)) {
    add(
      'The module has no test, so a change that breaks it is not noticed.',
      'Write tests of what it does today before changing it.',
    );
  }
  const others = snapshot.tasks.filter(
    (other) => other.slug !== task.slug && other.status === 'in_progress' && tidy(other.module) === tidy(task.module),
  );
  if (task.module !== undefined && others.length > 0) {
    add(
      `${listText(others.map(({ slug }) => slug))} changes the same module at the same time.`,
      'Agree on who changes which file, and merge often.',
    );
  }
  const waiting = snapshot.tasks.filter((other) => other.status !== 'done' && other.dependsOn.includes(task.slug));
  if (waiting.length > 0) {
    add(
      `${listText(waiting.map(({ slug }) => slug))} waits for this task.`,
      'Finish it first; keep its interface as planned.',
    );
  }
  const uncovered = task.goals.filter((id) => {
    const goal = snapshot.goal(id);
    return goal !== undefined && 'scenario' in goal && !task.scenarios.includes(goal.scenario);
  });
  if (uncovered.length > 0) {
    add(
      `The scenarios of the task do not validate ${listText(uncovered)}.`,
      'Run the scenario of each of these goals as well: "infrabuilder verify" does.',
    );
  }
  return risks;
}

function tidy(module: string | undefined): string | undefined {
  return module?.replace(/^\.\//, '').replace(/\/+$/, '');
}
