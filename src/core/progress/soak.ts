import type { MeasuredEntry } from '../evidence/store.ts';
import type { Measured, Step } from '../goals/step.ts';
import { scenarioStep } from '../goals/validators/scenario.ts';
import type { StepContext } from '../goals/validators/validator.ts';
import type { MeasuredValue } from '../model/check.ts';
import type { ScenarioRun, TrendResult } from '../model/scenarioRun.ts';
import { combineVerdicts, type Verdict } from '../model/verdict.ts';
import { runsOf } from './stability.ts';
import type { ProjectState } from './state.ts';

const PREFIX = 'soak:';
/** Figures of a soak test: how long it was, and what the profiler says of memory and CPU over that time. */
const SOAKED = 'soak.seconds';
export const GROWTH = 'memory_usage.growth';
export const DRIFT = 'cpu_usage.drift';
export const SLOPE = 'cpu_usage.slope';
/** Samples are at most one apart from the ends of the window. */
const SLACK_SECONDS = 2;

/**
 * A scenario that runs for long. It passes only where the scenario does, the whole time was recorded, and the profiler rules
 * out a leak of memory and a drift of CPU that would matter; what the profiler cannot tell is inconclusive.
 */
export function soakStep(name: string, seconds: number, context: StepContext): Step {
  const { ports } = context;
  const runner = ports.scenarios;
  let run: ScenarioRun | undefined;
  const long: typeof runner = runner && {
    async run(request) {
      run = await runner.run({ ...request, durationSeconds: seconds });
      return run;
    },
  };
  const step = scenarioStep(name, { ...context, ports: { ...ports, scenarios: long } });
  return {
    ...step,
    id: soakId(name),
    beside: 'nothing',
    definition: { soak: step.definition },
    command: `infrabuilder checklist --soak ${seconds}s --scenario ${name}`,
    async measure(measuring) {
      const measured = await step.measure(measuring);
      return measured.ran ? judged(measured, run?.trends ?? [], seconds) : measured;
    },
  };
}

function soakId(name: string): string {
  return `${PREFIX}${name}`;
}

/** Adds what holds over the whole time to what the scenario found. */
function judged(measured: Measured, trends: readonly TrendResult[], asked: number): Measured {
  const soaked = trends.length === 0 ? 0 : Math.min(...trends.map(({ seconds }) => seconds));
  const isWhole = soaked >= asked - SLACK_SECONDS;
  const length: MeasuredValue = {
    name: SOAKED,
    value: soaked,
    unit: 'seconds',
    min: asked,
    verdict: isWhole ? 'pass' : 'inconclusive',
  };
  const worst = [GROWTH, DRIFT].flatMap((name) => worstOf(trends, name));
  const figures = [length, ...worst.flatMap(({ figure, beside }) => [figure, ...beside])];
  const missing = [GROWTH, DRIFT].filter((name) => !worst.some(({ figure }) => figure.name === name));
  const names = new Set(figures.map(({ name }) => name));
  const said = [
    measured.reason,
    isWhole ? `Soaked for ${soaked.toFixed(0)} s.` : `Soaked for ${soaked.toFixed(0)} s of ${asked} s only.`,
    ...worst.map(({ reason }) => reason),
    ...(missing.length === 0 ? [] : [`The profiler has no series for ${missing.join(' and ')}.`]),
  ];
  const verdicts: Verdict[] = [measured.verdict, ...figures.flatMap(({ verdict }) => verdict ?? [])];
  if (missing.length > 0) verdicts.push('inconclusive');
  return {
    ...measured,
    verdict: combineVerdicts(verdicts),
    reason: said.join(' '),
    values: [...measured.values.filter(({ name }) => !names.has(name)), ...figures],
  };
}

/** Of several agents the one that does worst. */
function worstOf(trends: readonly TrendResult[], name: string): TrendResult[] {
  const all = trends.filter(({ figure }) => figure.name === name);
  const worst = combineVerdicts(all.map(({ figure }) => figure.verdict));
  return all
    .filter(({ figure }) => figure.verdict === worst)
    .sort((a, b) => b.figure.value - a.figure.value)
    .slice(0, 1);
}

/** Soak tests of the scenarios of the workspace, for looking at their evidence; their length is no part of what they are. */
export function soakSteps(names: Iterable<string>, context: StepContext): Step[] {
  return [...names].map((name) => soakStep(name, 0, context));
}

export interface SoakRun {
  readonly entry: MeasuredEntry;
  readonly verdict: Verdict;
  /** Seconds that were recorded behind the warm-up, and that were asked for. */
  readonly seconds: number;
  readonly asked: number;
  figure(name: string): MeasuredValue | undefined;
}

/** Soak tests of the source as it is, oldest first. */
export function soakRuns(state: ProjectState): readonly SoakRun[] {
  const all = state.checkpoint.states.filter(({ step }) => step.id.startsWith(PREFIX));
  return all
    .flatMap((one) => runsOf(state, one))
    .sort((a, b) => (a.run < b.run ? -1 : 1))
    .map((entry) => {
      const { verdict, values } = entry.statement.predicate;
      const figure = (name: string) => values.find((value) => value.name === name);
      const { value: seconds = 0, min: asked = 0 } = figure(SOAKED) ?? {};
      return { entry, verdict, seconds, asked, figure };
    });
}

/** Runs of at least this length, but for those that a later pass or fail of at least their own length has replaced. */
export function standing(runs: readonly SoakRun[], seconds: number): readonly SoakRun[] {
  const long = runs.filter((run) => run.seconds >= seconds - SLACK_SECONDS);
  const replaces = (later: SoakRun, run: SoakRun) =>
    (later.verdict === 'pass' || later.verdict === 'fail') && later.seconds >= run.seconds - SLACK_SECONDS;
  return long.filter((run, at) => !long.slice(at + 1).some((later) => replaces(later, run)));
}
