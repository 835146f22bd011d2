import { valueText } from '../../documents/words.ts';
import { combineVerdicts, type Verdict } from '../../model/verdict.ts';
import { scenariosWithFaults } from '../faulty.ts';
import { DRIFT, GROWTH, SLOPE, type SoakRun, soakRuns, standing } from '../soak.ts';
import { provenText, stabilityOf } from '../stability.ts';
import { type BoxFacts, type BoxRule, box, measuredAll, measuredGoal } from './box.ts';
import { systemVerdicts } from './features.ts';

/** Plan section 9.2. */
export const STABILITY_BOXES: readonly BoxRule[] = [harness, platforms, resources, sustained, chaos, leaks];

const STABLE_RUNS = 10;
const DAY_SECONDS = 86_400;
const EXTENDED_SECONDS = 3600;

function harness({ state }: BoxFacts) {
  const { green, runs } = stabilityOf(state, state.step('check:harness'));
  const title = `The harness is stable green across ${STABLE_RUNS} consecutive runs`;
  const said = `${green} green in a row of ${runs} on this work tree. ${provenText(green)}`;
  const verdict = green >= STABLE_RUNS ? 'pass' : runs > green && green === 0 ? 'fail' : 'not-run';
  return box(title, verdict, said, `infrabuilder checklist --stable ${STABLE_RUNS}`);
}

function platforms(facts: BoxFacts) {
  const all = [...systemVerdicts(facts)].map(([name, verdict]) => ({ name, verdict }));
  return measuredAll(
    'E2E stable green across all platforms',
    all,
    'platforms that scenarios name',
    'infrabuilder e2e matrix',
  );
}

const RESOURCE = /^(?:cpu|memory)_usage$/;

function resources({ state }: BoxFacts) {
  const goals = state.checkpoint.goals.filter(
    ({ goal }) =>
      goal.kind === 'kpi' && goal.applies !== false && Object.keys(goal.kpis).some((name) => RESOURCE.test(name)),
  );
  const title = 'Resource usage consistently within thresholds';
  return measuredAll(title, goals.map(measuredGoal), 'goals on CPU and memory', 'infrabuilder verify');
}

/** A failure stands, whatever its length, until a soak at least as long has passed; a pass counts from 24 hours on. */
function sustained({ state }: BoxFacts) {
  const title = 'No degradation under sustained load (24-hour test)';
  const runs = soakRuns(state);
  const next = 'infrabuilder checklist --soak 24h';
  const open = standing(runs, 0);
  const long = standing(runs, DAY_SECONDS);
  const last = (verdict: Verdict, of: readonly SoakRun[]) => of.findLast((run) => run.verdict === verdict);
  const shown = last('fail', open) ?? last('pass', long) ?? long.at(-1) ?? longest(open);
  if (shown === undefined) return box(title, 'not-run', 'No soak test ran on this work tree.', next);
  const isShort = standing([shown], DAY_SECONDS).length === 0;
  const said = `${runsText(runs)} ${soakText(shown)}`;
  return box(title, isShort && shown.verdict !== 'fail' ? 'not-run' : shown.verdict, said, next);
}

function chaos({ state }: BoxFacts) {
  const names = scenariosWithFaults(state.snapshot);
  const all = names.map((name) => {
    const predicate = state.step(`scenario:${name}`)?.fresh?.statement.predicate;
    const faults = (predicate?.scenario?.faults ?? []).flatMap(({ injected, recovered }) => [injected, recovered]);
    return { name, verdict: predicate && combineVerdicts([predicate.verdict, ...faults]) };
  });
  return measuredAll('All chaos scenarios properly handled', all, 'scenarios with faults', 'infrabuilder e2e matrix');
}

function leaks({ state }: BoxFacts) {
  const title = 'Memory profiling shows no leaks over extended runs';
  const runs = standing(soakRuns(state), EXTENDED_SECONDS);
  if (runs.length === 0)
    return box(title, 'not-run', 'No run of an hour or more measured memory.', 'infrabuilder checklist --soak 1h');
  const verdicts = runs.map((run) => run.figure(GROWTH)?.verdict ?? 'not-run');
  const isClean = verdicts.includes('pass') && !verdicts.includes('fail');
  const verdict = isClean ? 'pass' : combineVerdicts(verdicts);
  const said = runs.map((run) => `${figureText(run, GROWTH)} in ${hours(run.seconds)}`).join(', ');
  return box(title, verdict, `${said}.`, 'look at the profile of the run');
}

function longest(runs: readonly SoakRun[]): SoakRun | undefined {
  return [...runs].sort((a, b) => b.seconds - a.seconds)[0];
}

function runsText(runs: readonly SoakRun[]): string {
  const failed = runs.filter(({ verdict }) => verdict === 'fail').length;
  const count = `${runs.length} soak ${runs.length === 1 ? 'test' : 'tests'} on this work tree`;
  return failed === 0 ? `${count}.` : `${count}, ${failed} failed.`;
}

/** `1.0 h of 24.0 h asked: inconclusive; ...` with each figure, its unit and the number of samples. */
function soakText(run: SoakRun): string {
  const figures = [GROWTH, DRIFT, SLOPE].map((name) => figureText(run, name)).join(', ');
  const { reason } = run.entry.statement.predicate;
  return `${hours(run.seconds)} of ${hours(run.asked)} asked: ${run.verdict}; ${figures}. ${reason}`;
}

function figureText(run: SoakRun, name: string): string {
  const found = run.figure(name);
  if (found === undefined) return `${name} not measured`;
  const { n, verdict } = found;
  const beside = [...(n === undefined ? [] : [`n = ${n}`]), ...(verdict === undefined ? [] : [verdict])].join(', ');
  return `${name} ${valueText(found)}${beside === '' ? '' : ` (${beside})`}`;
}

function hours(seconds: number): string {
  return Math.round(seconds / 60) < 60 ? `${seconds.toFixed(0)} s` : `${(seconds / 3600).toFixed(1)} h`;
}
