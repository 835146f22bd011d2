import assert from 'node:assert/strict';
import { Findings } from '../../../src/e2e/oracle/findings.ts';
import { TailSums } from '../../../src/e2e/oracle/tail.ts';
import type { ExportedTick, GroundTruthTick } from '../../../src/e2e/oracle/types.ts';

/** Two processes with 30 and 10 ms and 600 and 400 bytes. */
function truth(tick: number): GroundTruthTick {
  return {
    tick,
    place: { source: 'corpus', file: 'corpus.jsonl', line: tick + 2 },
    processes: [
      { pid: 1, start: 1, name: 'a', cpu_ms: 30, rss: 600 },
      { pid: 2, start: 1, name: 'b', cpu_ms: 10, rss: 400 },
    ],
  };
}

function exported(tick: number, other: ExportedTick['other']): ExportedTick {
  const place = { source: 'topn', file: 'out/topn.jsonl', line: tick + 1 } as const;
  return { tick, place, n: 1, top: [{ pid: 1, start: 1, name: 'a', cpu_ms: 30, rss: 600 }], other };
}

describe('oracle: tail error', () => {
  it('is 0 where top and other add up', () => {
    const findings = new Findings();
    const sums = new TailSums(findings);
    sums.add(truth(0), exported(0, { count: 1, cpu_ms: 10, rss: 400 }));
    assert.deepEqual(
      sums.errors().map(({ metric, percent, worstPercent }) => [metric, percent, worstPercent]),
      [
        ['cpu_ms', 0, 0],
        ['rss', 0, 0],
      ],
    );
    assert.deepEqual(findings.issues(), []);
  });

  it('compares sums over the run, and names the worst tick beside', () => {
    const sums = new TailSums(new Findings());
    sums.add(truth(0), exported(0, { count: 1, cpu_ms: 10, rss: 400 }));
    sums.add(truth(1), exported(1, { count: 1, cpu_ms: 6, rss: 400 }));
    // Run: 76 of 80 ms is off by 5 percent; tick 1 alone: 36 of 40 is off by 10 percent.
    const [cpu] = sums.errors();
    assert.deepEqual([cpu?.percent, cpu?.worstPercent, cpu?.worstTick, cpu?.exported, cpu?.exact], [5, 10, 1, 76, 80]);
  });

  it('counts a tick that was not exported as nothing', () => {
    const sums = new TailSums(new Findings());
    sums.add(truth(0), exported(0, { count: 1, cpu_ms: 10, rss: 400 }));
    sums.add(truth(1), undefined);
    assert.deepEqual(
      sums.errors().map(({ percent }) => percent),
      [50, 50],
    );
  });

  it('wants every live process accounted for', () => {
    const findings = new Findings();
    new TailSums(findings).add(truth(0), exported(0, { count: 3, cpu_ms: 10, rss: 400 }));
    assert.deepEqual(
      findings.issues().map(({ code, message }) => `${code}: ${message}`),
      ['oracle.other-count: Tick 0 accounts for 4 processes (1 one by one, other.count 3); 2 lived.'],
    );
    assert.equal(findings.verdictOf('tail_error'), 'fail');
  });

  it('has no figure without a tick', () => assert.deepEqual(new TailSums(new Findings()).errors(), []));
});
