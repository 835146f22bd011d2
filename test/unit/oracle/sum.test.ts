import assert from 'node:assert/strict';
import { nearlyEqual, relativeErrorPercent, sumOf } from '../../../src/e2e/oracle/sum.ts';
import { randomOf } from '../../support/replayFixture.ts';

describe('oracle: sums', () => {
  it('keeps a small value beside a large one that cancels', () => {
    assert.equal(
      [1e16, 1, -1e16].reduce((a, b) => a + b),
      0,
      'plain addition loses the 1',
    );
    assert.equal(sumOf([1e16, 1, -1e16]), 1);
  });

  it('gives the same sum in any order', () => {
    const random = randomOf(7);
    const values = Array.from({ length: 5000 }, () => random() * 10 ** (random() * 12));
    assert.equal(sumOf(values), sumOf([...values].sort((a, b) => a - b)));
  });

  it('has 0 for no values', () => assert.equal(sumOf([]), 0));

  it('measures relative errors in percent, and has an answer where the exact value is 0', () => {
    assert.equal(relativeErrorPercent(101, 100), 1);
    assert.equal(relativeErrorPercent(50, 100), 50);
    assert.equal(relativeErrorPercent(0, 0), 0);
    assert.equal(relativeErrorPercent(0.001, 0), 100);
  });

  it('takes values for equal that differ by rounding only', () => {
    assert.ok(nearlyEqual(1e10, 1e10 + 1));
    assert.ok(!nearlyEqual(1e10, 1e10 + 100));
    assert.ok(!nearlyEqual(0, 1e-8));
  });
});
