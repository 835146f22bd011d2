import assert from 'node:assert/strict';
import { closest, editDistance } from '../../../src/core/parse/suggest.ts';

describe('suggestions', () => {
  for (const [word, expected] of [
    ['standrad', 'standard'],
    ['HIGH-PID-CHURN', 'high_pid_churn'],
    ['memory_presure', 'memory_pressure'],
    ['cpu', undefined],
    ['x', undefined],
    ['', undefined],
    ['something_else', undefined],
  ] as const) {
    it(`"${word}" -> ${expected ?? 'none'}`, () => {
      assert.equal(closest(word, ['standard', 'high_pid_churn', 'memory_pressure', 'cpu_spikes']), expected);
    });
  }

  it('count inserted, deleted, replaced and swapped letters', () => {
    assert.equal(editDistance('', 'abc'), 3);
    assert.equal(editDistance('abcd', 'abdc'), 1);
    assert.equal(editDistance('kitten', 'sitting'), 3);
  });
});
