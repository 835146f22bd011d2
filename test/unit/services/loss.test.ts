import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lossIn } from '../../../src/e2e/kpi/loss.ts';
import type { Delivered } from '../../../src/e2e/oracle/liveExports.ts';

const RUN = 'r1';
const WINDOW = { from: 0, to: 4_000, intervalMs: 1_000 };

describe('data that never came', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loss-'));
  after(() => rmSync(folder, { recursive: true }));

  it('a batch that is missing from its numbering', async () => {
    const loss = await lossIn([received('metrics', 1, 2, 4)], RUN, delivered(), delivered(), WINDOW);
    assert.equal(loss?.percent, 25);
  });

  it('a sketch that is missing while its ticks came raw is no loss', async () => {
    const sketches = received('sketches', 2);
    const raw = delivered({ raw: [1, 2] });
    const loss = await lossIn([sketches], RUN, raw, delivered({ window: [3, 5] }), WINDOW);
    assert.equal(loss?.percent, 0);
    assert.match(loss?.notes.join(' ') ?? '', /sketches: 1 of 2 batches came, 1 are missing.* 0 came neither/);
  });

  it('a sketch that is missing for ticks that nothing else tells of is a loss of these ticks', async () => {
    const loss = await lossIn([received('sketches', 2)], RUN, delivered(), delivered({ window: [3, 5] }), WINDOW);
    assert.equal(loss?.percent, 50);
  });

  function received(stream: string, ...numbers: number[]): string {
    const file = join(folder, `${stream}-${numbers.join('-')}.jsonl`);
    const lines = numbers.map((seq) => {
      const attributes = [
        { key: 'run_id', value: { stringValue: RUN } },
        { key: 'batch_stream', value: { stringValue: stream } },
        { key: 'batch_seq', value: { intValue: String(seq) } },
      ];
      const request = { resourceLogs: [{ scopeLogs: [{ scope: { attributes }, logRecords: [{}] }] }] };
      return JSON.stringify({ at: seq, signal: 'logs', encoding: 'json', bytes: 1, request });
    });
    writeFileSync(file, `${lines.join('\n')}\n`);
    return file;
  }
});

/** Ticks 1 to 4 came. */
function delivered(part: { raw?: readonly number[]; window?: readonly [number, number] } = {}): Delivered {
  const place = (line: number) => ({ source: 'topn', file: 'received.jsonl', line }) as const;
  const ticks = [1, 2, 3, 4].map((tick) => ({
    tick,
    at: tick * 1_000 - 1,
    receivedAt: tick * 1_000,
    place: place(tick),
    top: [],
    other: { count: 0, cpu_ms: 0, rss: 0 },
  }));
  const [from, to] = part.window ?? [0, 0];
  const sketch = { metric: 'rss', place: place(1), from, to, alpha: 0.0075, gamma: 1.015, zeroCount: 0 } as const;
  const windows = part.window === undefined ? [] : [{ ...sketch, offset: 0, counts: [1], count: 1 }];
  return {
    ticks,
    windows,
    raw: new Set(part.raw ?? []),
    events: [],
    points: [],
    accepted: [],
    faults: [],
  };
}
