import type { CheckResult, MeasuredValue } from '../../model/check.ts';
import { FILE_START } from '../../model/source.ts';
import type { Thresholds } from '../../model/threshold.ts';
import { combineVerdicts } from '../../model/verdict.ts';
import { type Measured, notRun, type Step } from '../step.ts';
import type { StepContext, Validator } from './validator.ts';

/** G-8: every named check passes. What each executed stands beside it, so that an empty run shows. */
export const checksValidator: Validator<'checks'> = {
  steps: (goal, context) => goal.checks.map((name) => checkStep(name, context)),
  judge(goal, facts) {
    const named = goal.checks.map((name, at) => ({ name, facts: facts[at] }));
    const verdict = combineVerdicts(named.map((one) => one.facts?.verdict ?? 'not-run'));
    const open = named.filter((one) => one.facts?.verdict !== 'pass');
    const said = open.map((one) => `${one.name}: ${one.facts?.reason ?? 'it was not run yet.'}`);
    const executed = named.reduce((sum, one) => sum + (one.facts?.tests?.passed ?? 0), 0);
    return {
      verdict,
      reason: open.length === 0 ? `${passing(named.length)}; ${executed} tests passed.` : said.join(' '),
      values: named.flatMap((one) =>
        (one.facts?.values ?? []).filter(isSummary).map((value) => ({ ...value, name: `${one.name}.${value.name}` })),
      ),
      issues: open.flatMap((one) => one.facts?.issues ?? []),
    };
  },
};

const SUMMARY = new Set(['tests_passed', 'tests_skipped', 'coverage']);

function isSummary({ name, min, max }: MeasuredValue): boolean {
  return SUMMARY.has(name) || min !== undefined || max !== undefined;
}

/** The step of a configured check; also acceptance lines and milestones can name one. */
export function checkStep(name: string, { ports, snapshot, config, inputs }: StepContext): Step {
  const check = Object.hasOwn(config.checks, name) ? config.checks[name] : undefined;
  const id = `check:${name}`;
  const command = `infrabuilder check ${name}`;
  if (check === undefined) {
    const reason = `No check is called ${name}.`;
    return { id, command, beside: 'all', definition: null, inputs: [], measure: async () => notRun(reason) };
  }
  const thresholds = limitsOf(
    config.goals.flatMap((goal) => (goal.kind === 'kpi' && goal.applies !== false ? [goal.kpis] : [])),
  );
  return {
    id,
    command,
    beside: check.parser === 'gobench' ? 'nothing' : 'all',
    definition: { check, thresholds: check.parser === 'replay' ? thresholds : {} },
    inputs: inputs.ofCheck(check),
    async measure({ signal, say }) {
      const file = snapshot.configFile;
      const range = file === undefined ? undefined : snapshot.source(file)?.parsed.locateKey(['checks', name]);
      const definition = { file: file ?? 'infrabuilder.yaml', range: range ?? FILE_START };
      const result = await ports.checks.run(name, check, { signal, thresholds, definition, onProgress: progress(say) });
      return fromCheck(result);
    },
  };
}

function limitsOf(all: readonly Thresholds[]): Thresholds {
  return Object.assign({}, ...all) as Thresholds;
}

function progress(say: (message: string) => void): (event: { kind: string; tests?: { passed: number } }) => void {
  let last = 0;
  return ({ tests }) => {
    if (tests === undefined || tests.passed < last + 25) return;
    last = tests.passed;
    say(`${last} tests passed`);
  };
}

/** The result of any program that ran as a check. */
export function fromCheck(result: CheckResult): Measured {
  const { verdict, reason, tests = null, issues, argv, cwd, exitCode, log } = result;
  const counts = tests && [
    { name: 'tests_passed', value: tests.passed, unit: 'count' },
    { name: 'tests_failed', value: tests.failed, unit: 'count' },
    { name: 'tests_skipped', value: tests.skipped, unit: 'count' },
  ];
  return {
    verdict,
    reason,
    values: [...result.values, ...(counts ?? [])],
    tests,
    issues,
    scenario: null,
    ran: exitCode !== undefined || verdict === 'error',
    argv,
    cwd,
    exitCode,
    programs: argv.slice(0, 1),
    raw: log === undefined ? [] : [{ name: 'output.log', path: log, copy: true }],
  };
}

function passing(checks: number): string {
  return checks === 1 ? 'The check passes' : `All ${checks} checks pass`;
}
