import assert from 'node:assert/strict';
import { exactQuantile, Observations, rankOf } from '../../../src/e2e/oracle/quantiles.ts';
import { randomOf } from '../../support/replayFixture.ts';

describe('oracle: exact quantiles', () => {
  it('takes the value at rank floor(q * (n - 1)), without interpolation', () => {
    // n = 10: p95 -> floor(0.95 * 9) = floor(8.55) = 8, the ninth value; p99 -> floor(8.91) = 8, the same.
    const values = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 1000);
    assert.equal(rankOf(0.95, 10), 8);
    assert.equal(exactQuantile(values, 0.95), 9);
    assert.equal(exactQuantile(values, 0.99), 9);
    assert.equal(exactQuantile(values, 1), 1000);
    assert.equal(exactQuantile(values, 0), 1);
    // n = 101: p95 -> floor(0.95 * 100) = 95, p99 -> 99.
    assert.deepEqual([rankOf(0.95, 101), rankOf(0.99, 101)], [95, 99]);
  });

  it('has the only value for n = 1 and refuses n = 0', () => {
    assert.equal(exactQuantile(Float64Array.of(7), 0.99), 7);
    assert.throws(() => exactQuantile(new Float64Array(), 0.5), RangeError);
  });

  it('agrees with counting: exactly `rank` values come before it in a naive sort', () => {
    const random = randomOf(42);
    for (let round = 0; round < 200; round += 1) {
      const n = 1 + Math.floor(random() * 3000);
      const values = Array.from({ length: n }, () => Math.floor(random() * 50) * 10 ** Math.floor(random() * 10 - 3));
      const observations = new Observations();
      for (const value of values) observations.add(value);
      const sorted = observations.sorted();
      for (const q of [0, 0.05, 0.5, 0.95, 0.99, 1]) {
        const naive = [...values].sort((a, b) => a - b)[Math.floor(q * (n - 1))];
        assert.equal(exactQuantile(sorted, q), naive, `n ${n}, q ${q}`);
      }
    }
  });

  it('keeps every value while it grows', () => {
    const observations = new Observations();
    for (let value = 5000; value > 0; value -= 1) observations.add(value);
    assert.equal(observations.length, 5000);
    assert.deepEqual([...observations.sorted().slice(0, 3)], [1, 2, 3]);
    observations.add(0.5);
    assert.equal(observations.sorted()[0], 0.5);
  });
});
