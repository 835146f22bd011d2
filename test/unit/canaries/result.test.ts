import assert from 'node:assert/strict';
import { judge, measuredText, type Seen } from '../../../src/core/canaries/result.ts';
import { FILE_START } from '../../../src/core/model/source.ts';
import type { Verdict } from '../../../src/core/model/verdict.ts';

const seen = (verdict: Verdict, part: Partial<Seen> = {}): Seen => ({
  verdict,
  reason: '',
  values: [],
  issues: [],
  steps: [verdict],
  others: false,
  ...part,
});
const said = (before: Verdict | undefined, now: Seen, shows: 'fail' | 'no-pass' = 'fail', step?: Verdict) => {
  const { result, note } = judge(shows, { goal: before, step }, now);
  return note === '' ? result : `${result}: ${note}`;
};

describe('what a planted defect proves', () => {
  it('is that the gate can fail, where the goal was green and turns red', () => {
    assert.equal(said('pass', seen('fail')), 'red');
  });

  it('is nothing new where the goal was red before', () => {
    assert.equal(said('fail', seen('fail')), 'red: already red, so its canary proves nothing new');
  });

  it('is less where nobody knows what it was before', () => {
    assert.equal(said('inconclusive', seen('fail')), 'red: was inconclusive before, so less is proven');
    assert.equal(said(undefined, seen('fail')), 'red: was not measured before, so less is proven');
    assert.equal(said('not-run', seen('fail'), 'fail', 'pass'), 'red', 'its own step was green');
  });

  it('is that the gate is blind, where the goal stays green', () => {
    assert.equal(said('pass', seen('pass')), 'green: the gate does not see the defect');
    assert.equal(said('fail', seen('pass')), 'green: the gate does not see the defect');
  });

  it('is nothing where the measurement says nothing', () => {
    assert.equal(said('pass', seen('inconclusive')), 'not-proven: inconclusive is not red');
    assert.equal(said('pass', seen('not-run')), 'not-proven: not-run is not red');
    assert.match(said('pass', seen('error')), /^broken: the measurement broke/);
    assert.match(said('pass', seen('pass', { steps: [] })), /^broken: nothing that the goal is judged by depends on/);
  });

  it('is that no data is no pass, where the defect takes the data away', () => {
    assert.equal(said('pass', seen('not-run'), 'no-pass'), 'red: nothing ran, and that is no pass');
    assert.equal(said('pass', seen('pass'), 'no-pass'), 'green: the gate does not see the defect');
    assert.match(said('pass', seen('inconclusive'), 'no-pass'), /^not-proven/);
  });

  it('does not count where another step of the goal is what is red', () => {
    const other = seen('fail', { steps: ['pass'], others: true });
    assert.equal(said('fail', other), 'green: the gate does not see the defect');
    assert.equal(said('pass', seen('fail', { steps: ['pass', 'fail'], others: true })), 'red');
  });
});

describe('what was measured, on one line', () => {
  const issue = (message: string) => ({ code: 'x', severity: 'error' as const, message, file: 'a', range: FILE_START });

  it('is the figure beyond its limit, before one within it', () => {
    const values = [
      { name: 'memory_usage', value: 40, unit: 'MB', max: 100 },
      { name: 'cpu_usage', value: 20.1234, unit: 'percent', max: 2 },
    ];
    assert.equal(measuredText({ values, issues: [issue('No.')] }), 'cpu_usage 20.12 percent (<= 2)');
  });

  it('is the first problem where no figure is beyond a limit, else a figure', () => {
    const values = [{ name: 'coverage', value: 90, unit: 'percent', min: 80 }];
    assert.equal(measuredText({ values, issues: [issue('It is 1.5 wide. Mend it.')] }), 'It is 1.5 wide.');
    assert.equal(measuredText({ values, issues: [] }), 'coverage 90 percent (>= 80)');
    assert.equal(
      measuredText({ values: [{ name: 'tests_passed', value: 0, unit: 'count' }], issues: [] }),
      'tests_passed 0',
    );
    assert.equal(measuredText({ values: [], issues: [] }), '');
  });
});
