import assert from 'node:assert/strict';
import { driftOf } from '../../../src/e2e/profiling/statistics/drift.ts';
import type { Point } from '../../../src/e2e/profiling/statistics/trend.ts';
import { randomOf } from '../../support/replayFixture.ts';

const HOUR = 3600;
const LIMIT = 2;

/** One value a second behind a warm-up of ten; `make` gives percent of a core at a second of the window. */
function cpu(seconds: number, make: (second: number) => number): Point[] {
  return Array.from({ length: seconds }, (_, index) => ({ at: 11_000 + index * 1000, value: make(index) }));
}

/** Half a step of 10 ms over the window, in percent of a core. */
const uncertainty = (seconds: number) => 0.5 / seconds;

const judge = (seconds: number, make: (second: number) => number) =>
  driftOf({ points: cpu(seconds, make), from: 10_000, uncertainty: uncertainty(seconds), limit: LIMIT });

/** Percent of a core as clock ticks of 10 ms show it: 0, 1 or 2 in a second, about `mean` of them on average. */
function ticks(seed: number, mean: (second: number) => number): (second: number) => number {
  const random = randomOf(seed);
  return (second) => Math.floor(mean(second) + random());
}

describe('profiling: drift of CPU', () => {
  it('finds a rise of 0.02 percent an hour in a day, under steps of the clock that are a hundred times as large', () => {
    const { verdict, perDay, reason } = judge(
      24 * HOUR,
      ticks(1, (second) => 0.7 + (0.02 * second) / HOUR),
    );
    assert.equal(verdict, 'drifting');
    assert.ok(Math.abs(perDay - 0.48) < 0.05, String(perDay));
    assert.match(
      reason,
      /^CPU changes by 0\.0\d+ percent of a core per hour \(95 % interval 0\.0\d+ to 0\.0\d+, p = \S+, n = 120 stretches\): 0\.\d+ in 24 h, where 0\.2 matter\.$/,
    );
  });

  it('is steady over a day where even the upper end of the interval is less than a tenth of the budget', () => {
    const level = judge(
      24 * HOUR,
      ticks(2, () => 0.7),
    );
    assert.equal(level.verdict, 'steady');
    assert.match(level.reason, /: at most \S+ in 24 h, less than the 0\.2 that matter\.$/);
    const small = judge(
      24 * HOUR,
      ticks(3, (second) => 0.7 + (0.003 * second) / HOUR),
    );
    assert.equal(small.verdict, 'steady', 'significant or not, 0.07 a day do not matter');
  });

  it('does not call a fall a drift, nor an agent that settles, nor one hour of other work', () => {
    assert.equal(
      judge(
        24 * HOUR,
        ticks(4, (second) => 1.2 - (0.03 * second) / HOUR),
      ).verdict,
      'steady',
    );
    const settling = judge(
      24 * HOUR,
      ticks(5, (second) => 1 - 0.6 * Math.exp(-second / (2 * HOUR))),
    );
    assert.equal(settling.verdict, 'steady');
    assert.match(settling.reason, /and settled in the second half: at most/);
    const hump = ticks(6, (second) => (second > 20 * HOUR && second < 21 * HOUR ? 1.9 : 0.7));
    assert.notEqual(judge(24 * HOUR, hump).verdict, 'drifting');
  });

  it('sees in an hour what doubles in two', () => {
    assert.equal(
      judge(
        HOUR + 10,
        ticks(8, (second) => 0.7 + (0.35 * second) / HOUR),
      ).verdict,
      'drifting',
    );
  });

  it('cannot tell from less than an hour, or from nothing, however steep', () => {
    const short = judge(100, (second) => second);
    assert.deepEqual([short.verdict, short.trend, short.perDay], ['unclear', undefined, Number.NaN]);
    assert.equal(
      short.reason,
      '100 samples over 100 s are too few to tell drift of CPU; 3600 s and 10 samples are needed.',
    );
    assert.equal(judge(0, () => 0).verdict, 'unclear');
    const sparse = cpu(2 * HOUR, () => 1).filter((_, index) => index % 900 === 0);
    assert.equal(
      driftOf({ points: sparse, from: 10_000, uncertainty: 0, limit: LIMIT }).verdict,
      'unclear',
      'eight samples in two hours',
    );
  });

  it('takes a tenth of what the agent used at first where there is no budget', () => {
    const most = (value: number) =>
      driftOf({ points: cpu(2 * HOUR, () => value), from: 10_000, uncertainty: 0, limit: undefined }).most;
    assert.deepEqual([most(40), most(0.2)], [4, 0.1]);
  });

  it('leaves open what an hour of noise cannot rule out, and calls it a drift about as seldom as it says', () => {
    const all = Array.from({ length: 100 }, (_, seed) =>
      judge(
        HOUR + 10,
        ticks(seed + 1, () => 0.7),
      ),
    );
    const count = (verdict: string) => all.filter((one) => one.verdict === verdict).length;
    assert.ok(count('drifting') <= 3, `${count('drifting')} of 100 with p < 0.01 on both sides`);
    assert.ok(count('unclear') >= 85, `${count('unclear')} of 100`);
    assert.match(
      all.find(({ verdict }) => verdict === 'unclear')?.reason ?? '',
      /: up to \S+ in 24 h cannot be ruled out, and 0\.2 matter; soak longer\.$/,
    );
  });
});
