import { platformsOf } from '../../model/scenario.ts';
import { scenariosWithFaults } from '../faulty.ts';
import { allOf, type BoxFacts, type BoxRule, box, goalsOfKind, SYSTEMS } from './box.ts';
import { systemVerdicts } from './features.ts';

/** Plan section 9.5. */
export const DELIVERABLE_BOXES: readonly BoxRule[] = [
  binaries,
  documents,
  framework,
  results,
  benchmarks,
  conformance,
  chaosResults,
  validation,
];

const NAMES: Readonly<Record<(typeof SYSTEMS)[number], RegExp>> = {
  linux: /linux/i,
  windows: /windows|\.exe$/i,
  macos: /darwin|macos/i,
};

function binaries({ state, binaries: names }: BoxFacts) {
  const open = SYSTEMS.filter((os) => !names.some((name) => NAMES[os].test(name)));
  const folder = `${state.snapshot.config.paths.source}/dist`;
  return allOf(
    'Compiled agent binary for all platforms',
    SYSTEMS,
    open,
    `platforms with a binary in ${folder}`,
    `build them into ${folder}`,
  );
}

function documents({ state }: BoxFacts) {
  const { blueprint, runbook, changelog, adrs } = state.snapshot.documents;
  const parts = { blueprint, runbook, 'change log': changelog, 'decision records': adrs[0] };
  const open = Object.entries(parts).flatMap(([name, file]) => (file === undefined ? [name] : []));
  return allOf('Complete documentation package', Object.keys(parts), open, 'documents', 'write what is missing');
}

function framework({ state }: BoxFacts) {
  const named = new Set(state.snapshot.scenarios.flatMap(({ value }) => platformsOf(value).map(({ os }) => os)));
  const open = SYSTEMS.filter((os) => !named.has(os));
  return allOf(
    'E2E test framework with multi-platform support',
    SYSTEMS,
    open,
    'platforms that scenarios name',
    'list the platform in a scenario',
  );
}

function results(facts: BoxFacts) {
  const verdicts = systemVerdicts(facts);
  const open = SYSTEMS.filter((os) => (verdicts.get(os) ?? 'not-run') === 'not-run');
  return allOf(
    'Comprehensive test results across all platforms',
    SYSTEMS,
    open,
    'platforms with results of this work tree',
    'infrabuilder e2e matrix',
    'not-run',
  );
}

function benchmarks({ state }: BoxFacts) {
  const title = 'Performance benchmark results with comparison to baseline';
  const checks = Object.entries(state.snapshot.config.checks).filter(([, { parser }]) => parser === 'gobench');
  const open = checks.filter(([name, { baseline }]) => {
    return baseline === undefined || state.step(`check:${name}`)?.fresh?.statement.predicate.verdict !== 'pass';
  });
  const next = 'name a "baseline" for the check, save it with "infrabuilder check bench --save-baseline", run it again';
  return allOf(
    title,
    checks.map(([name]) => name),
    open.map(([name]) => name),
    'benchmarks with a baseline and a fresh pass',
    next,
  );
}

function conformance(facts: BoxFacts) {
  return goalsOfKind('Architecture conformance report', facts, ['conformance']);
}

function chaosResults({ state }: BoxFacts) {
  const names = scenariosWithFaults(state.snapshot);
  const open = names.filter((name) => state.step(`scenario:${name}`)?.fresh === undefined);
  return allOf(
    'Chaos test results',
    names,
    open,
    'scenarios with faults that ran on this work tree',
    'infrabuilder e2e matrix',
    'not-run',
  );
}

function validation({ state, finalResults }: BoxFacts) {
  const title = 'Blueprint goal validation report';
  const next = 'infrabuilder report final --verify';
  if (finalResults === undefined) return box(title, 'not-run', 'There is no final report.', next);
  const said = passedIn(finalResults);
  if (said === undefined) return box(title, 'error', 'The final report cannot be read.', next);
  const differs = state.checkpoint.goals.filter(({ goal, verdict, fresh }) => {
    return goal.applies !== false && said.get(goal.id) !== (verdict === 'pass' && fresh);
  });
  if (differs.length > 0)
    return box(
      title,
      'fail',
      `The final report is older than the evidence on ${differs.map(({ goal }) => goal.id).join(', ')}.`,
      next,
    );
  const red = [...said].filter(([, passed]) => !passed).map(([id]) => id);
  if (red.length > 0) return box(title, 'fail', `It says that ${red.join(', ')} do not hold.`, next);
  return box(title, 'pass', 'It agrees with the evidence, and all goals hold.');
}

function passedIn(text: string): ReadonlyMap<string, boolean> | undefined {
  try {
    const { results } = JSON.parse(text) as { results: Record<string, { passed: unknown; applies?: unknown }> };
    return new Map(
      Object.entries(results).flatMap(([id, one]) =>
        one.applies === false ? [] : [[id, one.passed === true] as const],
      ),
    );
  } catch {
    return undefined;
  }
}
