import { HumanError } from '../../core/base/errors.ts';
import { type Scenario, scenarioSchema, WORKLOADS } from '../../core/model/scenario.ts';
import { closest } from '../../core/parse/suggest.ts';
import { brokenFile, type ScenarioFile, type Workspace } from './workspace.ts';

export interface Definition {
  /** Undefined for a workload that was named in place of a scenario, and for one that the caller gave. */
  readonly file: string | undefined;
  readonly scenario: Scenario;
}

/** The scenario of this name; else the workload of this name as a scenario without limits of its own. */
export function findDefinition(workspace: Workspace, name: string): Definition {
  const found = workspace.scenarios.find(({ scenario }) => scenario.name === name) ?? byFile(workspace, name);
  if (found !== undefined) return found;
  const issue = workspace.broken.get(name);
  if (issue !== undefined) throw brokenFile('scenario.broken', issue);
  if ((WORKLOADS as readonly string[]).includes(name)) return { file: undefined, scenario: bare(name, workspace) };
  const names = workspace.scenarios.map(({ scenario }) => scenario.name);
  const near = closest(name, [...names, ...WORKLOADS]);
  throw new HumanError(
    'scenario.unknown',
    `There is no scenario "${name}" in ${workspace.config.paths.e2e}/scenarios.`,
    `${near === undefined ? '' : `Did you mean ${near}? `}Scenarios: ${names.join(', ') || 'none'}. Workloads that can be named in place of one: ${WORKLOADS.join(', ')}.`,
  );
}

function byFile({ scenarios }: Workspace, name: string): ScenarioFile | undefined {
  return scenarios.find(({ file }) => file.replace(/^.*\//, '').replace(/\.ya?ml$/i, '') === name);
}

/** A scenario of nothing but a workload validates the KPI goals of the workspace. */
function bare(workload: string, { config }: Workspace): Scenario {
  const goals = config.goals.filter(({ kind, applies }) => kind === 'kpi' && applies !== false).map(({ id }) => id);
  return scenarioSchema.parse({ name: workload, blueprint_goals: goals, workload: { type: workload } });
}
