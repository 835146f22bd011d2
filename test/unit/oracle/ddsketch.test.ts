import assert from 'node:assert/strict';
import {
  bucketValue,
  decodeSketchBuckets,
  gammaOf,
  mergeSketches,
  type Sketch,
  totalCount,
  valueAtRank,
} from '../../../src/e2e/oracle/ddsketch.ts';
import { randomOf, type SketchBody, sketchOf } from '../../support/replayFixture.ts';

describe('oracle: decoding a DDSketch', () => {
  it('reads γ as (1 + α) / (1 - α)', () => {
    // 1.0075 / 0.9925 = 1.01511335...
    assert.equal(gammaOf(0.0075), 1.0151133501259446);
  });

  it('answers ranks bucket by bucket, worked out by hand with γ = 2 (α = 1/3)', () => {
    // Buckets: 1 holds (1, 2], 3 holds (4, 8]. Centred: 2 * 2^1 / 3 = 4/3 and 2 * 2^3 / 3 = 16/3.
    const sketch = decodeSketchBuckets({ gamma: 2, zeroCount: 2, offset: 1, counts: [3, 0, 1] });
    assert.deepEqual(sketch.buckets, [
      { index: 1, count: 3 },
      { index: 3, count: 1 },
    ]);
    assert.equal(totalCount(sketch), 6);
    const ranks = [0, 1, 2, 4, 5, 6].map((rank) => valueAtRank(sketch, rank));
    assert.deepEqual(ranks, [0, 0, 4 / 3, 4 / 3, 16 / 3, 16 / 3]);
  });

  it('has 0 for a sketch of zeros only and nothing for an empty one', () => {
    assert.equal(valueAtRank({ gamma: 2, zeroCount: 4, buckets: [] }, 9), 0);
    assert.equal(valueAtRank({ gamma: 2, zeroCount: 0, buckets: [] }, 0), undefined);
  });

  it('is off by α at both edges of a bucket; the upper edge as estimate would be off by more than 1 percent', () => {
    const gamma = gammaOf(0.0075);
    for (const index of [-2000, -1, 0, 1, 500, 1400]) {
      const [lower, upper] = [gamma ** (index - 1), gamma ** index];
      const estimate = bucketValue(gamma, index);
      assert.ok(Math.abs(Math.abs(estimate - lower) / lower - 0.0075) < 1e-9, `lower edge of ${index}`);
      assert.ok(Math.abs(Math.abs(estimate - upper) / upper - 0.0075) < 1e-9, `upper edge of ${index}`);
      assert.ok((upper - lower) / lower > 0.015, 'why the centre is taken');
    }
  });

  it('merges windows without losing an observation: the same answers as one sketch over all values', () => {
    const random = randomOf(3);
    const draw = () => (random() < 0.1 ? 0 : 10 ** (random() * 14 - 4));
    const parts = Array.from({ length: 5 }, () => Array.from({ length: 400 }, draw));
    const merged = mergeSketches(parts.map((values) => decoded(sketchOf(values))));
    const whole = decoded(sketchOf(parts.flat()));
    assert.deepEqual(merged, whole);
    assert.equal(totalCount(merged), 2000);
  });
});

function decoded({ gamma, zero_count, positive }: SketchBody): Sketch {
  return decodeSketchBuckets({ gamma, zeroCount: zero_count, ...positive });
}
