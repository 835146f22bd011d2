import type { MeasuredEntry } from '../../evidence/store.ts';
import { combineVerdicts } from '../../model/verdict.ts';
import { scenariosWithFaults } from '../faulty.ts';
import { soakRuns } from '../soak.ts';
import { provenText, stabilityOf } from '../stability.ts';
import { type BoxFacts, type BoxRule, box, measuredAll, measuredGoal } from './box.ts';
import { systemVerdicts } from './features.ts';

/** Plan section 9.2. */
export const STABILITY_BOXES: readonly BoxRule[] = [harness, platforms, resources, sustained, chaos, leaks];

const STABLE_RUNS = 10;
const DAY_MS = 24 * 60 * 60 * 1000;
const EXTENDED_MS = 60 * 60 * 1000;

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

function sustained({ state }: BoxFacts) {
  const title = 'No degradation under sustained load (24-hour test)';
  const longest = longestSoak(soakRuns(state));
  const next = 'infrabuilder checklist --soak 24h';
  if (longest === undefined) return box(title, 'not-run', 'No soak test ran on this work tree.', next);
  const { durationMs, verdict, reason } = longest.statement.predicate;
  const hours = (durationMs / 3_600_000).toFixed(1);
  if (durationMs < DAY_MS) return box(title, 'not-run', `The longest soak test lasted ${hours} h: ${verdict}.`, next);
  return box(title, verdict, `${hours} h: ${reason}`, next);
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
  const runs = soakRuns(state).filter(({ statement }) => statement.predicate.durationMs >= EXTENDED_MS);
  const growths = runs.flatMap(({ statement }) =>
    statement.predicate.values.filter(({ name }) => name === 'memory_usage.growth'),
  );
  if (growths.length === 0)
    return box(title, 'not-run', 'No run of an hour or more measured memory.', 'infrabuilder checklist --soak 1h');
  const verdict = combineVerdicts(growths.map((value) => value.verdict ?? 'pass'));
  return box(
    title,
    verdict,
    `${growths.length} runs; growth ${growths.map(({ value, unit = '' }) => `${value.toPrecision(3)} ${unit}`).join(', ')}.`,
    'look at the profile of the run',
  );
}

function longestSoak(runs: readonly MeasuredEntry[]): MeasuredEntry | undefined {
  return [...runs].sort((a, b) => b.statement.predicate.durationMs - a.statement.predicate.durationMs)[0];
}
