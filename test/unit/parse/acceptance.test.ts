import assert from 'node:assert/strict';
import type { Expectation } from '../../../src/core/model/acceptance.ts';
import { parseAcceptance, signWithoutNumber } from '../../../src/core/parse/acceptance.ts';

const MEASURABLE: readonly (readonly [string, Expectation])[] = [
  [
    'topn_capture_ratio ≥ 95% on replay harness',
    { metric: 'topn_capture_ratio', operator: '>=', value: 95, unit: 'percent', where: 'replay harness' },
  ],
  ['sampler CPU ≤ 0.5%', { metric: 'sampler CPU', operator: '<=', value: 0.5, unit: 'percent' }],
  ['p95 error <= 1 %', { metric: 'p95 error', operator: '<=', value: 1, unit: 'percent' }],
  ['recovery_time < 5s', { metric: 'recovery_time', operator: '<', value: 5, unit: 'seconds' }],
  ['latency ± 3ms', { metric: 'latency', operator: '±', value: 3, unit: 'milliseconds' }],
  ['drift +/- 0.5 s', { metric: 'drift', operator: '±', value: 0.5, unit: 'seconds' }],
  ['memory at most 100 MB', { metric: 'memory', operator: '<=', value: 100, unit: 'MB' }],
  ['memory ≤ 100 MiB (standard)', { metric: 'memory', operator: '<=', value: 100, unit: 'MiB', where: 'standard' }],
  ['≥95% capture', { metric: 'capture', operator: '>=', value: 95, unit: 'percent' }],
  [
    '≥ 95 % capture ratio on linux',
    { metric: 'capture ratio', operator: '>=', value: 95, unit: 'percent', where: 'linux' },
  ],
  ['at least 3 replicas', { metric: 'replicas', operator: '>=', value: 3, unit: 'count' }],
  [
    'no more than 3 restarts during failover',
    { metric: 'restarts', operator: '<=', value: 3, unit: 'count', where: 'during failover' },
  ],
  ['events ≥ 1,000', { metric: 'events', operator: '>=', value: 1000 }],
  ['events > 1_000_000', { metric: 'events', operator: '>', value: 1_000_000 }],
  ['error < 1e-3', { metric: 'error', operator: '<', value: 0.001 }],
  ['offset > -5 ms', { metric: 'offset', operator: '>', value: -5, unit: 'milliseconds' }],
  ['exit code = 0', { metric: 'exit code', operator: '=', value: 0 }],
  ['`p99_latency` must be less than 5 ms.', { metric: 'p99_latency', operator: '<', value: 5, unit: 'milliseconds' }],
  ['**coverage**: at least 80 percent', { metric: 'coverage', operator: '>=', value: 80, unit: 'percent' }],
  ['churn >= 2000 PIDs/s', { metric: 'churn', operator: '>=', value: 2000, unit: 'per second' }],
  [
    'throughput ≥ 100 events per second on linux',
    { metric: 'throughput', operator: '>=', value: 100, unit: 'per second', where: 'linux' },
  ],
  ['queue depth < 100 items', { metric: 'queue depth', operator: '<', value: 100, unit: 'items' }],
  [
    'p99 latency < 5 ms under PID churn',
    { metric: 'p99 latency', operator: '<', value: 5, unit: 'milliseconds', where: 'under PID churn' },
  ],
];

const FREE_TEXT = [
  'heap operations O(k log N) verified by profiling',
  'capture ratio stable under PID churn (2000 PIDs/s)',
  'supports 500 processes',
  'CPU ≤ 2% and RSS ≤ 100 MB on 500-PID harness run',
  'DDSketch p95/p99 error ≤ 1% (γ = 0.0075)',
  'sums differ ≤ 5% from baseline',
  'accuracy > 95% and < 99%',
  'CPU and RSS ≤ 5%',
  'CPU ≤ 2% or waived by the owner',
  'if load is high, CPU < 5%',
  'error never > 1%',
  'latency < 5-10 ms',
  'latency < 5 ms better than today',
  'loss ≤ 1/2',
  'loss < 1,5',
  'version >= 1.2.3',
  'value != 5',
  'value ≠ 5',
  'data flows sampler -> 5 sketches',
  'rate => 5',
  'error < NaN',
  'error < Infinity',
  'error < 1e999',
  'error < one percent',
  'error <',
  '≥ 95%',
  '<slug>_plan.md exists',
  'passes in at least 5 of 10 runs',
  '5 runs at 2000 PIDs/s use CPU < 2%',
  '',
];

describe('acceptance lines', () => {
  for (const [text, expectation] of MEASURABLE) {
    it(`measures "${text}"`, () => assert.deepEqual(parseAcceptance(text), { text, expectation }));
  }

  for (const text of FREE_TEXT) {
    it(`leaves "${text}" to a person`, () => assert.deepEqual(parseAcceptance(text), { text }));
  }

  it('is fast on hostile text', () => {
    const text = `${'a '.repeat(20_000)}≥ ${'1,'.repeat(20_000)}`;
    assert.equal(parseAcceptance(text).expectation, undefined);
  });
});

describe('a comparison sign', () => {
  for (const [text, sign, at] of [
    ['≥ ninety%', '≥', 0],
    ['capture ≥ ninety percent', '≥', 8],
    ['error < one percent', '<', 6],
    ['error <', '<', 6],
    ['error <= none', '<=', 6],
    ['drift +/- a bit', '+/-', 6],
    ['CPU ≤ 2% and RSS ≤ little', '≤', 17],
  ] as const) {
    it(`has no number in "${text}"`, () => assert.deepEqual(signWithoutNumber(text), { at, sign }));
  }

  for (const text of [
    ...MEASURABLE.map(([line]) => line),
    'CPU ≤ 2% and RSS ≤ 100 MB on 500-PID harness run',
    'DDSketch p95/p99 error ≤ 1% (γ = 0.0075)',
    '5 ms ≥ latency',
    '0 < drift',
    'cost ≤ $5',
    'size ≥ ~5 MB',
    'error < 1e999',
    'loss < 1,5',
    'version >= 1.2.3',
    '<slug>_plan.md exists',
    'data flows sampler -> sketches',
    'List<String> is exported',
    'a => b',
    'x = y',
    '',
  ]) {
    it(`has its number, or is none, in "${text}"`, () => assert.equal(signWithoutNumber(text), undefined));
  }

  it('is found fast in hostile text', () => {
    assert.deepEqual(signWithoutNumber(`${'5 '.repeat(20_000)}${' '.repeat(20_000)}≥`), { at: 60_000, sign: '≥' });
  });
});
