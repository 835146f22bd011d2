import assert from 'node:assert/strict';
import { Fidelity, type QuantileError } from '../../../src/e2e/oracle/fidelity.ts';
import { Findings } from '../../../src/e2e/oracle/findings.ts';
import type { GroundTruthTick, SketchWindow } from '../../../src/e2e/oracle/types.ts';
import { collapse, GAMMA, randomOf, type SketchBody, type SketchLine, sketchOf } from '../../support/replayFixture.ts';

interface Judged {
  readonly errors: readonly QuantileError[];
  /** In percent. */
  readonly worst: number;
  readonly codes: readonly string[];
}

/** Judges `cpu_ms` sketches, one window for each list of ticks; each tick is a list of values. */
function judge(windows: readonly (readonly number[][])[], sketch: (values: number[]) => SketchBody = sketchOf): Judged {
  const findings = new Findings();
  let from = 0;
  const sketches = windows.map((ticks, line) => {
    const window = windowOf(sketch(ticks.flat()), from, from + ticks.length, line + 1);
    from = window.to;
    return window;
  });
  const fidelity = new Fidelity('cpu_ms', sketches, findings);
  windows.flat().forEach((values, tick) => {
    fidelity.add(truthOf(tick, values));
  });
  fidelity.finish();
  const codes = findings.issues().map(({ code }) => code);
  return { errors: fidelity.errors, worst: Math.max(...fidelity.errors.map(({ percent }) => percent)), codes };
}

function windowOf(body: SketchBody, from: number, to: number, line: number): SketchWindow {
  const { alpha, gamma, zero_count, positive, count, sum, min, max } = body;
  const place = { source: 'sketches', file: 'out/sketches.jsonl', line } as const;
  return { metric: 'cpu_ms', place, from, to, alpha, gamma, zeroCount: zero_count, ...positive, count, sum, min, max };
}

function truthOf(tick: number, values: readonly number[]): GroundTruthTick {
  const processes = values.map((cpu_ms, pid) => ({ pid, start: 1, name: 'p', cpu_ms, rss: 1 }));
  return { tick, place: { source: 'corpus', file: 'corpus.jsonl', line: tick + 2 }, processes };
}

function wide(seed: number, n: number): number[] {
  const random = randomOf(seed);
  return Array.from({ length: n }, () => (random() < 0.05 ? 0 : 10 ** (random() * 18 - 6)));
}

const line = (body: SketchBody): SketchLine => ({ metric: 'cpu_ms', from_tick: 0, to_tick: 1, ...body });

describe('oracle: sketch fidelity', () => {
  it('worked out by hand: 20 values, p95 is the 19th', () => {
    // n = 20: p95 -> rank floor(0.95 * 19) = 18, p99 -> floor(18.81) = 18: the value 19.
    // Its bucket: ceil(ln 19 / ln γ) = ceil(196.29) = 197; centred 2 γ^197 / (γ + 1) = 19.0588, off by 0.31 percent.
    const { errors, codes } = judge([[Array.from({ length: 20 }, (_, index) => index + 1)]]);
    const [p95] = errors;
    assert.equal(p95?.exact, 19);
    assert.equal(Math.ceil(Math.log(19) / Math.log(GAMMA)), 197);
    assert.ok(Math.abs((p95?.estimate ?? 0) - 19.0588) < 1e-4, String(p95?.estimate));
    assert.deepEqual(codes, []);
  });

  it('holds α on wide data with more than 1,000 buckets, zeros and values over 1e9', () => {
    const values = wide(11, 5000);
    assert.ok(sketchOf(values).positive.counts.filter((count) => count > 0).length > 1000);
    assert.ok(values.some((value) => value > 1e9));
    const { worst, codes } = judge([[values]]);
    assert.ok(worst <= 0.75 + 1e-6, `${worst}`);
    assert.deepEqual(codes, []);
  });

  it('raises no alarm over exact bucket edges, whichever neighbour they fall into', () => {
    const edges = Array.from({ length: 600 }, (_, index) => GAMMA ** (index * 5 - 1500)).filter(
      (value) => value > 1e-9,
    );
    const index = (value: number) => Math.log(value) / Math.log(GAMMA);
    for (const bucket of [Math.ceil, Math.round, (at: number) => Math.round(at) + 1]) {
      const { worst, codes } = judge([[edges]], (values) => sketchOf(values, (value) => bucket(index(value))));
      assert.deepEqual(codes, []);
      assert.ok(worst <= 0.75 + 1e-6, `${worst}`);
    }
  });

  it('takes zeros only, a single value, and windows of one tick', () => {
    assert.deepEqual(judge([[[0, 0, 0]]]), {
      errors: [0.95, 0.99].map((q) => ({
        metric: 'cpu_ms',
        q,
        from: 0,
        to: 1,
        merged: false,
        n: 3,
        exact: 0,
        estimate: 0,
        percent: 0,
      })),
      worst: 0,
      codes: [],
    });
    assert.ok(judge([[[3.5e9]]]).worst <= 0.75);
    const single = judge([[[1]], [[2e9, 0]], [[5, 6, 7]]]);
    assert.deepEqual(single.codes, []);
    assert.equal(single.errors.filter(({ merged }) => !merged).length, 6);
    assert.ok(single.worst <= 0.75 + 1e-6);
  });

  it('judges the merge of all windows as one more window', () => {
    const { errors } = judge([[wide(1, 300), wide(2, 300)], [wide(3, 300)]]);
    const merged = errors.filter((error) => error.merged);
    assert.deepEqual(
      merged.map(({ from, to, n, q }) => [from, to, n, q]),
      [
        [0, 3, 900, 0.95],
        [0, 3, 900, 0.99],
      ],
    );
    const exact = [...wide(1, 300), ...wide(2, 300), ...wide(3, 300)].sort((a, b) => a - b);
    assert.equal(merged[0]?.exact, exact[Math.floor(0.95 * 899)]);
    assert.ok(merged.every(({ percent }) => percent <= 0.75 + 1e-6));
  });

  it('catches a store that collapses its highest buckets: p95 and p99 are far off', () => {
    const { worst, codes } = judge([[wide(5, 4000)]], (values) => collapse(line(sketchOf(values)), 512, 'highest'));
    assert.ok(worst > 90, `${worst}`);
    assert.deepEqual(codes, ['oracle.rank-error']);
  });

  it('catches a store that collapses its lowest buckets, though p95 and p99 stay right', () => {
    const { worst, codes } = judge([[wide(5, 4000)]], (values) => collapse(line(sketchOf(values)), 512, 'lowest'));
    assert.ok(worst <= 0.75 + 1e-6, `${worst}`);
    assert.deepEqual(codes, ['oracle.rank-error']);
  });

  it('catches a store that drops what lies beyond its limit', () => {
    const { codes } = judge([[wide(5, 4000)]], (values) => {
      const body = sketchOf(values);
      return { ...body, positive: { ...body.positive, counts: body.positive.counts.slice(0, 512) } };
    });
    assert.deepEqual(codes, ['oracle.count-not-conserved']);
  });

  it('catches a clamp at 1e9, also where only the largest value is above it', () => {
    const clamped = (values: number[]) => sketchOf(values.map((value) => Math.min(value, 1e9)));
    assert.ok(judge([[wide(5, 4000)]], clamped).worst > 50);
    const one = judge([[[...Array.from({ length: 200 }, () => 5), 2e9]]], clamped);
    assert.ok(one.worst <= 0.75 + 1e-6, 'p99 does not see it');
    assert.deepEqual(one.codes, ['oracle.rank-error', 'oracle.sketch-figures', 'oracle.sketch-figures']);
  });

  it('catches buckets that are one too high or one too low', () => {
    for (const shift of [1, -1]) {
      const { worst, codes } = judge([[wide(5, 4000)]], (values) => {
        const body = sketchOf(values);
        return { ...body, positive: { ...body.positive, offset: body.positive.offset + shift } };
      });
      assert.ok(worst > 1, `${worst}`);
      assert.deepEqual(codes, ['oracle.rank-error']);
    }
  });

  it('catches zeros that were dropped, or put into a bucket', () => {
    const values = [0, 0, 0, 1, 2, 3];
    const dropped = judge([[values]], (all) => ({ ...sketchOf(all), zero_count: 0 }));
    assert.deepEqual(dropped.codes, ['oracle.count-not-conserved']);
    const moved = judge([[values]], (all) => sketchOf(all.map((value) => Math.max(value, 1e-6))));
    assert.deepEqual(moved.codes, ['oracle.sketch-figures', 'oracle.zero-count'].toSorted());
  });

  it('catches doubled counts, and a "count" that is not what the buckets hold', () => {
    const doubled = judge([[wide(5, 100)]], (values) => sketchOf([...values, ...values]));
    assert.deepEqual(doubled.codes, ['oracle.count-not-conserved', 'oracle.sketch-figures']);
    const boast = judge([[wide(5, 100)]], (values) => ({ ...sketchOf(values), count: 1000 }));
    assert.deepEqual(boast.codes, ['oracle.count-not-conserved']);
  });

  it('catches another accuracy than the goal asks for, and a γ that does not belong to α', () => {
    assert.deepEqual(judge([[[1, 2]]], (values) => ({ ...sketchOf(values), alpha: 0.01 })).codes, ['oracle.gamma']);
    assert.deepEqual(judge([[[1, 1]]], (values) => ({ ...sketchOf(values), gamma: GAMMA + 1e-6 })).codes, [
      'oracle.gamma',
    ]);
  });

  it('judges a window without observations by its counts alone', () => {
    const empty = { ...sketchOf([]), min: 0, max: 0 };
    assert.deepEqual(judge([[[]]], () => empty).codes, []);
    assert.deepEqual(judge([[[]]], () => ({ ...empty, zero_count: 1, count: 1 })).codes, [
      'oracle.count-not-conserved',
    ]);
  });
});
