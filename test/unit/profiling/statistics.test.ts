import assert from 'node:assert/strict';
import { anomaliesOf } from '../../../src/e2e/profiling/statistics/anomalies.ts';
import { compareRuns, mannWhitney } from '../../../src/e2e/profiling/statistics/compare.ts';
import { leakOf } from '../../../src/e2e/profiling/statistics/leak.ts';
import { twoSided } from '../../../src/e2e/profiling/statistics/normal.ts';
import { median, summarize } from '../../../src/e2e/profiling/statistics/summary.ts';
import { type Point, ranksOf, trendOf } from '../../../src/e2e/profiling/statistics/trend.ts';
import { randomOf } from '../../support/replayFixture.ts';

/** One value a second. */
function series(values: readonly number[]): Point[] {
  return values.map((value, index) => ({ at: index * 1000, value }));
}

function times(n: number, make: (index: number) => number): number[] {
  return Array.from({ length: n }, (_, index) => make(index));
}

/** Roughly normal noise with deviation 1. */
function noiseOf(seed: number): () => number {
  const random = randomOf(seed);
  return () => times(12, random).reduce((a, b) => a + b) - 6;
}

describe('profiling: summaries', () => {
  it('has mean, quantiles by rank, and extremes', () => {
    assert.deepEqual(summarize(times(100, (index) => 100 - index)), {
      n: 100,
      mean: 50.5,
      min: 1,
      p50: 50,
      p95: 95,
      p99: 99,
      max: 100,
    });
  });

  it('has nothing for no values', () => {
    assert.equal(summarize([]), undefined);
    assert.ok(Number.isNaN(median([])));
  });

  it('takes the middle of an even number of values', () => assert.equal(median([4, 1, 3, 2]), 2.5));
});

describe('profiling: trends', () => {
  it('finds a slope by hand: 2 units a second, whatever one outlier does', () => {
    const values = times(20, (index) => 5 + 2 * index);
    values[7] = 1e9;
    const trend = trendOf(series(values));
    assert.equal(trend?.slope, 2);
    assert.equal(trend?.start, 5);
    assert.ok((trend?.p ?? 1) < 1e-6);
    assert.ok((trend?.low ?? 0) <= 2 && (trend?.high ?? 0) >= 2);
  });

  it('finds none in a constant, and needs ten points', () => {
    assert.deepEqual([trendOf(series(times(20, () => 7)))?.slope, trendOf(series(times(20, () => 7)))?.p], [0, 1]);
    assert.equal(trendOf(series(times(9, (index) => index))), undefined);
  });

  it('calls noise a trend about as seldom as it says', () => {
    let found = 0;
    for (let seed = 1; seed <= 200; seed += 1)
      if ((trendOf(series(times(60, noiseOf(seed))))?.p ?? 1) < 0.05) found += 1;
    assert.ok(found <= 22, `${found} of 200 at p < 0.05`);
  });

  it('knows that values which depend on each other say less', () => {
    let found = 0;
    for (let seed = 1; seed <= 100; seed += 1) {
      const noise = noiseOf(seed);
      let value = 0;
      const values = times(120, () => {
        value = 0.8 * value + noise();
        return value;
      });
      if ((trendOf(series(values))?.p ?? 1) < 0.01) found += 1;
    }
    assert.ok(found <= 8, `${found} of 100 at p < 0.01`);
  });

  it('thins long series and keeps the slope', () => {
    const noise = noiseOf(3);
    const trend = trendOf(series(times(6000, (index) => index * 0.5 + noise())));
    assert.equal(trend?.n, 200);
    assert.ok(Math.abs((trend?.slope ?? 0) - 0.5) < 1e-3);
  });

  it('ranks equal values alike', () => assert.deepEqual(ranksOf([30, 10, 20, 10]), [4, 1.5, 3, 1.5]));

  it('knows the normal distribution', () => {
    assert.ok(Math.abs(twoSided(1.959964) - 0.05) < 1e-6);
    assert.ok(Math.abs(twoSided(0) - 1) < 1e-6);
  });
});

describe('profiling: leaks', () => {
  const MB = 1e6;
  const noise = noiseOf(5);
  const verdict = (n: number, make: (index: number) => number) => leakOf(series(times(n, make))).verdict;

  it('sees memory that grows by 10 MB a minute under noise of 1 MB', () => {
    const test = leakOf(series(times(120, (index) => 50 * MB + (index * 10 * MB) / 60 + noise() * MB)));
    assert.equal(test.verdict, 'growing');
    assert.ok(Math.abs(test.growth - 20 * MB) < 2 * MB);
    assert.match(test.reason, /grows by 1?\d(\.\d)? MB a minute/);
  });

  it('sees stairs that only go up', () => {
    assert.equal(
      verdict(180, (index) => 40 * MB + Math.floor(index / 20) * 3 * MB),
      'growing',
    );
  });

  it('does not take for a leak: noise, a saw, one step, a heap that settles, growth below a megabyte', () => {
    assert.equal(
      verdict(120, () => 50 * MB + noise() * MB),
      'steady',
    );
    assert.equal(
      verdict(120, (index) => 50 * MB + (index % 15) * MB),
      'steady',
    );
    assert.equal(
      verdict(120, (index) => (index < 12 ? 50 : 54) * MB),
      'steady',
    );
    assert.equal(
      verdict(180, (index) => 50 * MB + 20 * MB * (1 - Math.exp(-index / 20))),
      'steady',
    );
    assert.equal(
      verdict(120, (index) => 50 * MB + index * 1000),
      'steady',
    );
    assert.equal(
      verdict(120, (index) => 50 * MB - index * MB),
      'steady',
    );
  });

  it('cannot tell from half a minute, or from nothing', () => {
    assert.equal(
      verdict(30, (index) => index * MB),
      'unclear',
    );
    assert.equal(
      verdict(0, () => 0),
      'unclear',
    );
  });
});

describe('profiling: anomalies', () => {
  it('names the samples that are far off the line, with what was expected', () => {
    const noise = noiseOf(9);
    const values = times(100, (index) => 10 + index * 0.1 + noise() * 0.2);
    values[40] = 30;
    const found = anomaliesOf(series(values), 0.1);
    assert.deepEqual(
      found.map(({ at, value }) => [at, value]),
      [[40_000, 30]],
    );
    assert.ok(Math.abs((found[0]?.expected ?? 0) - 14) < 0.3);
  });

  it('finds none in steps of the clock, or in a series that is too short', () => {
    assert.deepEqual(anomaliesOf(series(times(60, (index) => (index % 9 === 0 ? 1 : 0))), 1), []);
    assert.deepEqual(anomaliesOf(series([1, 1, 100]), 1), []);
  });
});

describe('profiling: comparison with a baseline', () => {
  it('is exact for small samples: 4 against 4 without overlap is 2 of 70', () => {
    assert.ok(Math.abs(mannWhitney([5, 6, 7, 8], [1, 2, 3, 4]) - 2 / 70) < 1e-12);
    assert.equal(mannWhitney([1, 2], [1, 2]), 1);
    assert.equal(mannWhitney([], [1]), 1);
    assert.equal(mannWhitney([3, 3, 3, 3], [3, 3, 3, 3]), 1);
  });

  it('agrees with the normal approximation where it changes over', () => {
    const a = times(10, (index) => index * 2 + 5);
    const b = times(10, (index) => index * 2);
    const exact = mannWhitney(a, b);
    const approximate = mannWhitney([...a, 12], b);
    assert.ok(Math.abs(exact - approximate) < 0.06, `${exact} and ${approximate}`);
  });

  it('says higher or lower only for a shift that is certain and large enough', () => {
    const base = [2.0, 2.1, 1.9, 2.05, 1.95];
    assert.equal(
      compareRuns(
        base.map((value) => value * 1.3),
        base,
        5,
      ).verdict,
      'higher',
    );
    assert.equal(
      compareRuns(
        base.map((value) => value * 0.7),
        base,
        5,
      ).verdict,
      'lower',
    );
    assert.equal(
      compareRuns(
        base.map((value) => value * 1.3),
        base,
        50,
      ).verdict,
      'same',
    );
    assert.equal(
      compareRuns(
        base.map((value) => value + 0.01),
        base,
        0,
      ).verdict,
      'same',
    );
    assert.ok(
      Math.abs(
        (compareRuns(
          base.map((value) => value * 1.3),
          base,
          5,
        ).shiftPercent ?? 0) - 30,
      ) < 1,
    );
  });

  it('cannot tell from three runs a side, however far apart', () => {
    assert.equal(compareRuns([10, 11, 12], [1, 2, 3], 5).verdict, 'unclear');
  });
});
