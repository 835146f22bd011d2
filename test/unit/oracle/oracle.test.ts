import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createReplayOracle } from '../../../src/e2e/oracle/oracle.ts';
import { codes, figure, found, inFolder, judged, verdicts } from '../../support/oracleHarness.ts';
import {
  collapse,
  exportOf,
  honestReplay,
  OUT,
  type Replay,
  sketchesOf,
  type TopLine,
} from '../../support/replayFixture.ts';

/** A copy of the replay whose exports went through `change`. */
function withTop(replay: Replay, change: (line: TopLine, index: number) => TopLine): Replay {
  return { ...replay, topn: replay.topn.map(change) };
}

describe('oracle: an honest agent', () => {
  it('passes: no issue, no verdict against it, every figure within its goal', async () => {
    const report = await judged(honestReplay());
    assert.deepEqual(report.issues, []);
    assert.deepEqual(verdicts(report), ['measured', 'measured', 'measured']);
    assert.ok(figure(report, 'topn_capture_ratio') >= 95);
    assert.ok(figure(report, 'p95p99_error') <= 0.75 + 1e-6);
    assert.ok(figure(report, 'tail_error') < 1e-9);
  });

  it('gets its figures with unit and n, and the definitions behind them', async () => {
    const report = await judged(honestReplay({ processes: 60, ticks: 12, window: 4 }));
    assert.deepEqual(
      report.values.map(({ name, unit, n }) => `${name} ${unit} ${n}`),
      [
        'topn_capture_ratio percent 12',
        'topn_capture_ratio.min percent 12',
        'topn_capture_ratio.p5 percent 12',
        'topn_n.mean count 12',
        'topn_n.max count 12',
        'p95p99_error percent 1440',
        'p95p99_error.cpu_ms.p95 percent 4',
        'p95p99_error.cpu_ms.p99 percent 4',
        'p95p99_error.rss.p95 percent 4',
        'p95p99_error.rss.p99 percent 4',
        'tail_error percent 12',
        'tail_error.cpu_ms percent 12',
        'tail_error.cpu_ms.worst_tick percent 12',
        'tail_error.rss percent 12',
        'tail_error.rss.worst_tick percent 12',
      ],
    );
    const notes = report.notes?.join('\n') ?? '';
    assert.match(notes, /rank rule floor\(q \* \(n - 1\)\)/);
    assert.match(
      notes,
      /γ = 0.0075 is read as relative accuracy α = 0.0075 with γ = \(1\+α\)\/\(1−α\), centred bucket values/,
    );
    assert.match(notes, /Worst quantile: (cpu_ms|rss) p9[59] of ticks \d+ to \d+/);
  });

  it('passes with windows of one tick, with one window, and with a last window that is shorter', async () => {
    for (const window of [1, 5, 12]) {
      const report = await judged(honestReplay({ window }));
      assert.deepEqual(report.issues, [], `window ${window}`);
      assert.ok(figure(report, 'p95p99_error') <= 0.75 + 1e-6);
    }
  });
});

describe('oracle: an agent that lies about itself', () => {
  it('changes nothing: summary.json and events.jsonl are not read, whatever they say', async () => {
    const replay = withTop(honestReplay(), (_, index) => exportOf(replayTick(index), 3));
    const plain = await judged(replay);
    const boasting = await judged(replay, async (root) => {
      await writeFile(join(root, OUT, 'summary.json'), '{"topn_capture_ratio":99.9,"ticks":240,"issues":[]}');
      await writeFile(join(root, OUT, 'events.jsonl'), '{"type":"AgentDiagEvent","event":"AllGood"}\n');
    });
    const silent = await judged(replay, async (root) => {
      await rm(join(root, OUT, 'summary.json'));
      await rm(join(root, OUT, 'events.jsonl'));
    });
    assert.equal(JSON.stringify(boasting), JSON.stringify(plain));
    assert.equal(JSON.stringify(silent), JSON.stringify(plain));
    assert.ok(figure(plain, 'topn_capture_ratio') < 95);
  });
});

describe('oracle: doctored exports', () => {
  it('a fixed small N falls short, without any finding', async () => {
    const report = await judged(withTop(honestReplay(), (_, index) => exportOf(replayTick(index), 3)));
    assert.deepEqual(report.issues, []);
    assert.ok(figure(report, 'topn_capture_ratio') < 70);
    assert.equal(figure(report, 'topn_n.max'), 3);
  });

  it('exporting every process is stopped by the cap', async () => {
    const report = await judged(withTop(honestReplay(), (_, index) => exportOf(replayTick(index), 60)));
    assert.ok(figure(report, 'topn_capture_ratio') > 99.99);
    assert.deepEqual(codes(report), ['oracle.cap-exceeded']);
    assert.deepEqual(verdicts(report), ['fail', 'measured', 'measured']);
    assert.equal(
      report.values.find(({ name }) => name === 'topn_capture_ratio')?.verdict,
      'fail',
      'beside the figure, too',
    );
  });

  it('a halved tail shows in the sums', async () => {
    const report = await judged(
      withTop(honestReplay(), (line) => ({ ...line, other: { ...line.other, cpu_ms: 0, rss: line.other.rss / 2 } })),
    );
    assert.deepEqual(report.issues, []);
    assert.ok(figure(report, 'tail_error.cpu_ms') > 1 && figure(report, 'tail_error.rss') > 0.5);
    const bare = await judged(
      withTop(honestReplay(), (line, index) => ({
        ...exportOf(replayTick(index), 3),
        other: { ...line.other, count: 57, cpu_ms: 0 },
      })),
    );
    assert.ok(figure(bare, 'tail_error') > 5);
  });

  it('inflated top values are named, tick by tick', async () => {
    const report = await judged(
      withTop(honestReplay(), (line) => ({
        ...line,
        top: line.top.map((process, rank) => (rank === 0 ? { ...process, cpu_ms: process.cpu_ms * 1.5 + 1 } : process)),
      })),
    );
    assert.deepEqual(codes(report), ['oracle.value-differs']);
    assert.equal(report.issues.length, 11, 'ten in full and one that counts the others');
    assert.match(
      report.issues.map(({ message }) => message).join('\n'),
      /2 more of this kind in this file are not shown/,
    );
    assert.deepEqual(verdicts(report), ['fail', 'measured', 'fail']);
    const first = report.issues[0];
    assert.deepEqual(
      [first?.file, first?.related?.[0]?.file, first?.related?.[0]?.range.start.line],
      ['out/topn.jsonl', 'corpus.jsonl', 2],
    );
  });

  it('one process exported twice, or one that does not live, earns nothing', async () => {
    const twice = await judged(
      withTop(honestReplay(), (line, index) => {
        const [best] = line.top;
        return index === 3 && best !== undefined ? { ...line, n: line.n + 1, top: [...line.top, best] } : line;
      }),
    );
    assert.deepEqual(found(twice), [
      'out/topn.jsonl:4 oracle.duplicate-identity',
      'out/topn.jsonl:4 oracle.other-count',
    ]);
    const ghost = { pid: 9, start: 9, name: 'ghost', cpu_ms: 1, rss: 1 };
    const unknown = await judged(
      withTop(honestReplay(), (line, index) =>
        index === 5
          ? { ...line, n: line.n + 1, top: [...line.top, ghost], other: { ...line.other, count: line.other.count - 1 } }
          : line,
      ),
    );
    assert.deepEqual(found(unknown), ['out/topn.jsonl:6 oracle.unknown-identity']);
    assert.deepEqual(verdicts(unknown), ['fail', 'measured', 'fail']);
  });

  it('exports that are one tick late are not the truth of their tick', async () => {
    const replay = honestReplay();
    const late = replay.topn.map((line, index) => ({ ...(replay.topn[index - 1] ?? line), tick: index }));
    const report = await judged({ ...replay, topn: late });
    assert.ok(codes(report).includes('oracle.value-differs'));
    assert.deepEqual(verdicts(report), ['fail', 'measured', 'fail']);
  });
});

describe('oracle: doctored sketches', () => {
  it('a store that collapses is caught, at whichever end', async () => {
    const replay = honestReplay({ processes: 200, ticks: 10, window: 5 });
    for (const end of ['lowest', 'highest'] as const) {
      const report = await judged({ ...replay, sketches: replay.sketches.map((line) => collapse(line, 64, end)) });
      assert.deepEqual(codes(report), ['oracle.rank-error'], end);
      assert.deepEqual(verdicts(report), ['measured', 'fail', 'measured'], end);
    }
  });

  it('a sketch over the tail only, or over the ticks of another window, loses counts', async () => {
    const replay = honestReplay();
    const tailOnly = replay.ticks.map((tick) => ({ ...tick, processes: tick.processes.slice(10) }));
    const report = await judged({ ...replay, sketches: sketchesOf(tailOnly, 4) });
    assert.ok(codes(report).includes('oracle.count-not-conserved'));
    assert.deepEqual(verdicts(report), ['measured', 'fail', 'measured']);
    const shifted = sketchesOf([...replay.ticks.slice(1), ...replay.ticks.slice(0, 1)], 4);
    assert.ok(codes(await judged({ ...replay, sketches: shifted })).includes('oracle.sketch-figures'));
  });
});

describe('oracle: paths', () => {
  it('refuses a path that leaves the workspace', async () => {
    await inFolder(async (root) => {
      const oracle = createReplayOracle(root);
      await assert.rejects(oracle.judge({ corpus: '../corpus.jsonl', out: 'out' }), /not inside the workspace/);
      await assert.rejects(oracle.judge({ corpus: 'corpus.jsonl', out: '../elsewhere' }), /not inside the workspace/);
    });
  });
});

function replayTick(index: number) {
  const tick = honestReplay().ticks[index];
  assert.ok(tick);
  return tick;
}
