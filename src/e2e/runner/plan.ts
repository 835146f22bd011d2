import { HumanError } from '../../core/base/errors.ts';
import { platformsOf, type Scenario, type ScenarioStep } from '../../core/model/scenario.ts';
import type { PlannedSequence, ScenarioPlan } from '../../core/model/scenarioPlan.ts';
import type { ScenarioRequest } from '../../core/ports.ts';
import { planDigest } from '../workload/driver.ts';
import { DEFAULT_SEED, planWorkload } from '../workload/planner.ts';
import type { Definition } from './definition.ts';
import { faultSeconds, plannedFault, plannedFaults } from './faults.ts';
import { limitsOf } from './limits.ts';
import { isPlatform, type Machine, machineText, platformsHere } from './machine.ts';
import type { Timings } from './timings.ts';
import type { Workspace } from './workspace.ts';

/** Of a workload that states no length. */
const DEFAULT_WINDOW_SECONDS = 60;
const MOST_REPLICATES = 20;
const MOST_AGENTS = 8;

/**
 * What a run will do. Pure: equal inputs give equal plans. Throws HumanError for what cannot be planned: an unknown fault,
 * target, KPI, unit, parameter or goal.
 */
export function planScenario(
  workspace: Workspace,
  { file, scenario }: Definition,
  request: Omit<ScenarioRequest, 'signal' | 'onProgress' | 'definition'>,
  machine: Machine,
  timings: Timings,
): ScenarioPlan {
  const seed = request.seed ?? DEFAULT_SEED;
  const replicates = count('replicates', request.replicates ?? 1, MOST_REPLICATES);
  const agents = count('agents', scenario.agents?.count ?? 1, MOST_AGENTS);
  const faults = plannedFaults(scenario);
  const sequences = scenario.scenarios.map((each) => sequence(each, request.durationSeconds, seed));
  const windowSeconds = scenario.workload === undefined ? 0 : windowOf(scenario, request, faults, timings);
  const { limits, goals, others } = limitsOf(scenario, workspace.config, request.goal);
  const platforms = platformsHere(platformsOf(scenario), machine);
  const perRun = scenario.workload === undefined ? 0 : timings.warmUpSeconds + windowSeconds;
  const steps = sequences.reduce((sum, { seconds }) => sum + timings.warmUpSeconds + seconds, 0);
  return {
    scenario: scenario.name,
    file,
    notRun: notRun(scenario, request.platform, machine),
    machine: machineText(machine),
    platforms,
    configuration: configurationOf(scenario),
    agents,
    workload: scenario.workload && plannedWorkload(scenario.workload, seed, perRun),
    seed,
    replicates,
    warmUpSeconds: timings.warmUpSeconds,
    windowSeconds,
    control: faults.length > 0 || scenario.scenarios.some(({ steps: all }) => all.some(expectsEvent)),
    faults,
    sequences,
    limits,
    goals,
    otherGoals: others,
    runbookSections: scenario.validation?.runbook_coverage?.required_sections ?? [],
    seconds: replicates * perRun + steps,
  };
}

function expectsEvent(step: ScenarioStep): boolean {
  return step.action === 'verify' && step.params.expect_event !== undefined;
}

function windowOf(
  scenario: Scenario,
  request: Pick<ScenarioRequest, 'durationSeconds'>,
  faults: ReturnType<typeof plannedFaults>,
  timings: Timings,
): number {
  const params = scenario.workload?.params ?? {};
  const minutes = typeof params.duration_minutes === 'number' ? params.duration_minutes * 60 : undefined;
  const seconds = typeof params.duration_seconds === 'number' ? params.duration_seconds : undefined;
  const asked = request.durationSeconds ?? seconds ?? minutes ?? DEFAULT_WINDOW_SECONDS;
  if (!(asked > 0)) throw new HumanError('scenario.bad-duration', `A duration of ${asked} seconds is not possible.`);
  const last = Math.max(0, ...faults.map((fault) => fault.atSeconds + faultSeconds(fault)));
  return faults.length === 0 ? asked : Math.max(asked, last + timings.recoverySeconds);
}

function plannedWorkload(
  { type, params = {} }: NonNullable<Scenario['workload']>,
  seed: number,
  seconds: number,
): NonNullable<ScenarioPlan['workload']> {
  return { type, params, digest: planDigest(planWorkload({ type, params, seed, durationMs: seconds * 1000 })) };
}

function sequence(
  { name, steps }: Scenario['scenarios'][number],
  durationSeconds: number | undefined,
  seed: number,
): PlannedSequence {
  const planned = steps.map((step): ScenarioStep => {
    if (step.action === 'inject_failure') {
      const { type, target, duration_seconds: duration, ...params } = step.params;
      const seconds = typeof duration === 'number' ? duration : undefined;
      plannedFault({ type, target, params, atSeconds: 0, durationSeconds: seconds });
    }
    if (step.action === 'start_workload') {
      const { type, ...params } = step.params;
      planWorkload({ type, params, seed, durationMs: 1000 });
    }
    // A run that is told its length is a try: no single wait is longer.
    if (step.action !== 'wait' || durationSeconds === undefined) return step;
    const duration_seconds = Math.min(step.params.duration_seconds, durationSeconds);
    return { ...step, params: { ...step.params, duration_seconds } };
  });
  const seconds = planned.reduce((sum, step) => sum + (step.action === 'wait' ? step.params.duration_seconds : 0), 0);
  return { name, steps: planned, seconds };
}

function configurationOf({ configuration }: Scenario): ScenarioPlan['configuration'] {
  const base = configuration?.base ?? 'standard';
  const settings = configuration?.settings;
  const isRecord = typeof settings === 'object' && settings !== null && !Array.isArray(settings);
  return { base, settings: isRecord ? (settings as Record<string, unknown>) : {} };
}

function notRun(scenario: Scenario, platform: string | undefined, machine: Machine): string | undefined {
  const here = machineText(machine);
  if (platform !== undefined && !isPlatform(machine, platform)) return `This machine is ${here}, not ${platform}.`;
  const wanted = platformsOf(scenario);
  if (wanted.length === 0 || wanted.some(({ os }) => os === machine.os)) return undefined;
  return `This machine is ${here}; the scenario is for ${wanted.map(({ os }) => os).join(', ')}.`;
}

function count(what: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new HumanError(`scenario.bad-${what}`, `${value} ${what} are not possible.`, `Use 1 to ${most}.`);
}
