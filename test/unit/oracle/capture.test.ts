import assert from 'node:assert/strict';
import { captureOf, largestN, summarizeCapture } from '../../../src/e2e/oracle/capture.ts';
import { Findings } from '../../../src/e2e/oracle/findings.ts';
import type { ExportedTick, GroundTruthTick, ProcessReading } from '../../../src/e2e/oracle/types.ts';

function process(pid: number, cpu_ms: number, rss: number, start = 1): ProcessReading {
  return { pid, start, name: `p${pid}`, cpu_ms, rss };
}

function truth(...processes: ProcessReading[]): GroundTruthTick {
  return { tick: 0, place: { source: 'corpus', file: 'corpus.jsonl', line: 2 }, processes };
}

function exported(...top: ProcessReading[]): ExportedTick {
  const place = { source: 'topn', file: 'out/topn.jsonl', line: 1 } as const;
  return { tick: 0, place, n: top.length, top, other: { count: 0, cpu_ms: 0, rss: 0 } };
}

function messages(findings: Findings): string[] {
  return findings.issues().map(({ code, message }) => `${code}: ${message}`);
}

function near(percent: number | undefined, expected: number): void {
  assert.ok(percent !== undefined && Math.abs(percent - expected) < 1e-9, `${percent} is not ${expected}`);
}

describe('oracle: capture ratio', () => {
  const a = process(1, 80, 100);
  const b = process(2, 15, 300);
  const c = process(3, 5, 500);
  const d = process(4, 0, 100);

  it('weighs CPU share by 0.7 and memory share by 0.3', () => {
    const findings = new Findings();
    // cpu sum 100, rss sum 1000. a: 0.7 * 0.80 + 0.3 * 0.1 = 0.59; c: 0.7 * 0.05 + 0.3 * 0.5 = 0.185. Together 77.5 %.
    const capture = captureOf(truth(a, b, c, d), exported(a, c), findings);
    near(capture.percent, 77.5);
    assert.deepEqual([capture.live, capture.n], [4, 2]);
    assert.deepEqual(messages(findings), []);
  });

  it('uses the other part alone where one sum is 0', () => {
    const idle = [process(1, 0, 750), process(2, 0, 250)] as const;
    near(captureOf(truth(...idle), exported(idle[0]), new Findings()).percent, 75);
    const bodiless = [process(1, 30, 0), process(2, 10, 0)] as const;
    near(captureOf(truth(...bodiless), exported(bodiless[0]), new Findings()).percent, 75);
  });

  it('has no score where all values are 0, and leaves such a tick out of the mean', () => {
    const nothing = captureOf(truth(process(1, 0, 0), process(2, 0, 0)), exported(), new Findings());
    assert.equal(nothing.percent, undefined);
    assert.equal(summarizeCapture([nothing]), undefined);
    const half = { tick: 1, live: 4, n: 1, percent: 50 };
    assert.equal(summarizeCapture([nothing, half])?.percent, 50);
  });

  it('scores by the truth: an inflated value earns nothing and is reported', () => {
    const findings = new Findings();
    const capture = captureOf(truth(a, b, c, d), exported({ ...d, cpu_ms: 1000 }), findings);
    near(capture.percent, 3);
    assert.deepEqual(messages(findings), [
      'oracle.value-differs: Process 4/1 at tick 0: cpu_ms is 1000, it really was 0.',
    ]);
    assert.deepEqual(findings.issues()[0]?.related?.[0]?.file, 'corpus.jsonl');
    assert.equal(findings.verdictOf('topn_capture_ratio'), 'fail');
  });

  it('counts an identity once, and only if it lives: a pid with another start is somebody else', () => {
    const findings = new Findings();
    const capture = captureOf(truth(a, b, c, d), exported(d, d, { ...a, start: 2 }), findings);
    near(capture.percent, 3);
    assert.deepEqual(messages(findings), [
      'oracle.cap-exceeded: Tick 0 exports 3 processes one by one; 2 are allowed (at most 256, and at most half of the 4 live ones).',
      'oracle.duplicate-identity: Process 4/1 is exported twice at tick 0.',
      'oracle.unknown-identity: Process 1/2 does not live at tick 0; identity is pid/start.',
    ]);
  });

  it('allows half of the live processes, and never more than 256', () => {
    assert.deepEqual([0, 1, 2, 3, 500, 512, 513, 4000].map(largestN), [0, 0, 1, 1, 250, 256, 256, 256]);
    const crowd = Array.from({ length: 600 }, (_, index) => process(index, 1, 1));
    const over = new Findings();
    captureOf(truth(...crowd), exported(...crowd.slice(0, 257)), over);
    assert.equal(over.verdictOf('topn_capture_ratio'), 'fail');
    assert.equal(over.verdictOf('tail_error'), undefined, 'the cap is no matter of the sums');
    const within = new Findings();
    captureOf(truth(...crowd), exported(...crowd.slice(0, 256)), within);
    assert.deepEqual(messages(within), []);
  });

  it('counts what is listed, not what "n" says', () => {
    const findings = new Findings();
    assert.equal(captureOf(truth(a, b, c, d), { ...exported(a, b), n: 1 }, findings).n, 2);
    assert.deepEqual(messages(findings), ['oracle.n-differs: "n" says 1 at tick 0, but 2 processes are listed.']);
  });

  it('captures nothing at a tick that was not exported', () => {
    assert.equal(captureOf(truth(a, b), undefined, new Findings()).percent, 0);
  });

  it('sums a run up: mean, lowest, 5th percentile by the rank rule, N', () => {
    const ticks = Array.from({ length: 41 }, (_, tick) => ({ tick, live: 100, n: tick, percent: 60 + tick }));
    const summary = summarizeCapture(ticks);
    // 5th percentile of 41 values: rank floor(0.05 * 40) = 2.
    assert.deepEqual(summary, { percent: 80, min: 60, p5: 62, meanN: 20, maxN: 40, ticks: 41, worstTick: 0 });
  });
});
