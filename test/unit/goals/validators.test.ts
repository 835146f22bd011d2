import assert from 'node:assert/strict';
import { judgeGoal } from '../../../src/core/goals/validators/index.ts';
import type { ScenarioEvidence } from '../../../src/core/model/evidence.ts';
import { facts, goal, judged, run } from './support.ts';

describe('a kpi goal', () => {
  const safety = goal({
    kind: 'kpi',
    scenario: 'standard',
    kpis: { cpu_usage: { max: 2, unit: 'percent' }, memory_usage: { max: 100, unit: 'MB' } },
  });
  const cpu = (value: number, more = {}) => ({ name: 'cpu_usage', value, unit: 'percent', ...more });
  const memory = (value: number, unit = 'MB') => ({ name: 'memory_usage', value, unit });

  it('passes within its limits, in whatever unit, and compares unrounded', () => {
    assert.match(judged(safety, run({}, [cpu(2), memory(68)])), /^pass: cpu_usage 2 \(≤ 2 percent\), memory_usage 68/);
    assert.match(judged(safety, run({}, [cpu(1), memory(99_000_000, 'bytes')])), /^pass/);
    assert.match(judged(safety, run({}, [cpu(2.0000001), memory(68)])), /^fail/);
    assert.match(judged(safety, run({}, [cpu(0.03, { unit: 'ratio' }), memory(68)])), /^fail: cpu_usage 3 /);
  });

  it("goes by its own limits, not by the scenario's", () => {
    assert.match(judged(safety, run({}, [cpu(1.5, { max: 1, verdict: 'fail' }), memory(68)])), /^pass/);
    assert.match(judged(safety, run({}, [cpu(2.5, { max: 3, verdict: 'pass' }), memory(68)])), /^fail/);
  });

  it('never passes without data', () => {
    assert.equal(judged(safety, undefined), 'not-run: The scenario was not run yet.');
    assert.match(judged(safety, run({}, [cpu(1)])), /^not-run: .*memory_usage was not measured/);
    assert.match(judged(safety, run({}, [cpu(1, { n: 0 }), memory(68)])), /^not-run/);
    assert.equal(judged(safety, facts({ values: [cpu(1), memory(68)] })), 'error: The evidence holds no scenario run.');
    assert.match(
      judged(safety, run({}, [cpu(1), memory(68)], { verdict: 'not-run', reason: 'No agent.' })),
      /^not-run: No agent\./,
    );
  });

  it('is inconclusive where the measuring side is, and where the load was not reached', () => {
    assert.match(judged(safety, run({}, [cpu(9, { verdict: 'inconclusive' }), memory(68)])), /^inconclusive/);
    const short = { load: { asked: 2000, achieved: 1800, unit: 'PIDs/s' } };
    assert.equal(
      judged(safety, run(short, [cpu(1), memory(68)])),
      'inconclusive: The load was not reached: 1800 of 2000 PIDs/s.',
    );
    const idle = { load: { asked: 0, achieved: 0, unit: 'processes' } };
    assert.match(judged(safety, run(idle, [cpu(1), memory(68)])), /^inconclusive/);
    const dips = { verdict: 'inconclusive' as const, reason: 'The load was not held: 1990 of 2000.' };
    assert.match(judged(safety, run({}, [cpu(1), memory(68)], dips)), /^inconclusive: The load was not held/);
    const none = { load: { asked: 2000, achieved: Number.NaN, unit: 'PIDs/s' } };
    assert.match(judged(safety, run(none, [cpu(1), memory(68)])), /^inconclusive/);
  });

  it('fails for a subject that crashed, however little it used', () => {
    const range = { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
    const issue = (code: string) => ({
      code,
      severity: 'error' as const,
      message: 'The agent ended with code 2.',
      file: 'x',
      range,
    });
    assert.equal(
      judged(safety, run({}, [cpu(0.1), memory(9)], { verdict: 'fail', issues: [issue('e2e.finding')] })),
      'fail: The subject misbehaved: The agent ended with code 2.',
    );
    assert.match(judged(safety, run({}, [cpu(1), memory(68)], { issues: [issue('e2e.not-measured')] })), /^pass/);
  });

  it('cannot compare what is measured in something else', () => {
    assert.match(judged(safety, run({}, [cpu(1, { unit: 'seconds' }), memory(68)])), /^error/);
  });
});

describe('an event goal', () => {
  const governance = goal({ kind: 'event', scenario: 'failover' });
  type Fault = ScenarioEvidence['faults'][number];
  const fault = (more: Partial<Fault> = {}): Fault => ({
    id: 'restart-1',
    type: 'service_restart',
    target: 'otelcol',
    atSeconds: 20,
    durationSeconds: 5,
    injected: 'pass',
    recovered: 'pass',
    events: ['AgentDiagEvent ExportRetry module=export'],
    note: '',
    ...more,
  });
  const judge = (faults: Fault[], more: Partial<ScenarioEvidence> = {}) => judged(governance, run({ faults, ...more }));

  it('passes where every fault brings an event and the control run none', () => {
    assert.equal(
      judge([fault(), fault({ id: 'delay-2' })]),
      'pass: Each of 2 faults brought AgentDiagEvent, and the control run none.',
    );
  });

  it('fails for one silent fault among several, and for another kind of event', () => {
    assert.equal(judge([fault(), fault({ id: 'delay-2', events: [] })]), 'fail: delay-2 brought no event.');
    assert.match(judge([fault({ events: ['SomethingElse'] })]), /^fail/);
  });

  it('fails where events come without faults, and needs the control run to know', () => {
    assert.match(judge([fault()], { controlEvents: ['AgentDiagEvent ExportRetry'] }), /^fail: The control run/);
    assert.equal(judge([fault()], { controlEvents: null }), 'inconclusive: There was no control run without faults.');
  });

  it('needs proof of injection and of recovery', () => {
    assert.match(judge([fault({ injected: 'not-run' })]), /^inconclusive: Nothing proves that restart-1 was injected/);
    assert.match(judge([fault({ recovered: 'not-run' })]), /^inconclusive: Nothing proves that the subject recovered/);
    assert.match(judge([fault({ recovered: 'fail' })]), /^fail/);
  });

  it('has not run without faults', () => {
    assert.equal(judge([]), 'not-run: The scenario injected no fault.');
  });
});

describe('a checks goal', () => {
  const green = goal({ kind: 'checks', checks: ['lint', 'test'] });
  const counts = (passed: number) => ({
    tests: { passed, failed: 0, skipped: 0 },
    values: [
      { name: 'tests_passed', value: passed },
      { name: 'coverage', value: 95, min: 80 },
      { name: 'coverage of a package', value: 4 },
    ],
  });

  it('says how many tests stand behind a pass', () => {
    const all = [facts(), facts(counts(154))];
    assert.equal(judged(green, ...all), 'pass: All 2 checks pass; 154 tests passed.');
    assert.deepEqual(
      judgeGoal(green, all).values.map(({ name }) => name),
      ['test.tests_passed', 'test.coverage'],
    );
  });

  it('takes the worst check and says all that do not pass', () => {
    const missing = facts({ verdict: 'not-run', reason: 'golangci-lint was not found.' });
    const failing = facts({ verdict: 'fail', reason: '1 failed.' });
    assert.equal(judged(green, missing, failing), 'fail: lint: golangci-lint was not found. test: 1 failed.');
    assert.equal(judged(green, facts(), undefined), 'not-run: test: it was not run yet.');
  });
});

describe('a runbook goal', () => {
  const quality = goal({ kind: 'runbook', scenario: 'runbook_scenarios' });
  const whole = facts({ reason: 'All 8 entries are whole.' });
  const step = (action: string, verdict: 'pass' | 'fail' | 'not-run', note = '') => ({
    scenario: 'overlimit',
    step: 4,
    action,
    verdict,
    note,
  });

  it('needs a whole runbook and scenarios that did what it says', () => {
    assert.match(judged(quality, whole, run({ steps: [step('wait', 'pass'), step('verify', 'pass')] })), /^pass/);
    assert.match(judged(quality, facts({ verdict: 'fail' }), run({ steps: [step('verify', 'pass')] })), /^fail/);
    const silent = run({ steps: [step('verify', 'fail', 'no event matched')] });
    assert.match(judged(quality, whole, silent), /^fail: .*overlimit, step 4 \(verify\): no event matched/);
  });

  it('does not pass where nothing was verified', () => {
    assert.match(judged(quality, whole, undefined), /^not-run/);
    assert.match(judged(quality, whole, run({ steps: [step('wait', 'pass')] })), /^not-run/);
    assert.match(
      judged(quality, whole, run({ steps: [step('verify', 'pass'), step('inject_failure', 'not-run')] })),
      /^not-run/,
    );
  });
});
