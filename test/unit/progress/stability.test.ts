import assert from 'node:assert/strict';
import { provenRate, provenText } from '../../../src/core/progress/stability.ts';

describe('what green runs prove', () => {
  it('is the exact lower bound at 95 % confidence: 0.05^(1/n)', () => {
    for (const [runs, percent] of [
      [1, 5],
      [2, 22.36],
      [10, 74.11],
      [20, 86.09],
      [59, 95.05],
      [299, 99],
    ] as const) {
      assert.ok(Math.abs(provenRate(runs) - percent) < 0.01, `${runs}: ${provenRate(runs)}`);
    }
    assert.equal(provenRate(0), 0);
  });

  it('is never rounded up', () => {
    assert.equal(
      provenText(10),
      '10 of 10 green runs prove a pass rate of at least 74 % at 95 % confidence, and no more.',
    );
    assert.equal(provenText(0), 'No green run proves anything about the next one.');
  });
});
