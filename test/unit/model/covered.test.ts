import assert from 'node:assert/strict';
import { coveredValues, coveringDeviation } from '../../../src/core/model/covered.ts';

describe('violations that deviations cover', () => {
  it('are counted for each deviation, by name', () => {
    assert.deepEqual(coveredValues(['DEV-2', 'DEV-1', 'DEV-2']), [
      { name: 'violations_covered_by:DEV-1', value: 1, unit: 'count' },
      { name: 'violations_covered_by:DEV-2', value: 2, unit: 'count' },
    ]);
    assert.deepEqual(coveredValues([]), []);
  });

  it('the value names its deviation, and no other value does', () => {
    assert.deepEqual(coveredValues(['DEV-1']).map(coveringDeviation), ['DEV-1']);
    for (const name of ['open_violations', 'violations_covered_by', 'x:DEV-1']) {
      assert.equal(coveringDeviation({ name }), undefined);
    }
  });
});
