import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judgeLive, type LiveJudgement } from '../../../src/e2e/oracle/live.ts';
import { readDelivered } from '../../../src/e2e/oracle/liveExports.ts';

const START = 1_000_000;
const TICKS = 10;
const NONCE = 'n1';

/** Ten processes: the first uses 100 ms a second, the others 1, 2, ... ms; sizes likewise. */
const usage = Array.from({ length: 10 }, (_, i) => ({
  pid: 100 + i,
  start: 7,
  cpu: i === 0 ? 100 : 10 * i,
  rss: (i === 0 ? 50 : i) * 1_000_000,
}));

interface Doctored {
  readonly cpu?: number;
  readonly top?: readonly number[];
  readonly pid?: number;
  readonly skewMs?: number;
  readonly estimate?: number;
  /** Observations that the sketch of CPU lacks. */
  readonly lost?: number;
  /** Processes that are not of the workload. */
  readonly strangers?: readonly number[];
}

async function judge(how: Doctored = {}): Promise<LiveJudgement> {
  const folder = mkdtempSync(join(tmpdir(), 'live-'));
  try {
    const file = (name: string, lines: readonly object[]) => {
      writeFileSync(join(folder, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      return join(folder, name);
    };
    const looks = Array.from({ length: TICKS + 1 }, (_, i) => ({
      at: START + i * 1000 + (how.skewMs ?? 3),
      ms: 1,
      p: usage.map(({ pid, start, cpu, rss }) => [pid, start, cpu * i, rss]),
    }));
    const ledger = usage
      .map(({ pid, start }, i) => ({ type: 'start', at: START - 500, name: `p${i}`, id: `p${i}`, pid, start }))
      .filter((_, i) => how.strangers?.includes(i) !== true);
    const received = [
      ...Array.from({ length: TICKS }, (_, tick) => request(tick, how)),
      sketchRequest(
        'cpu_ms',
        usage.map(({ cpu }) => cpu),
        how,
      ),
      sketchRequest(
        'rss',
        usage.map(({ rss }) => rss),
        {},
      ),
    ];
    const path = file('received.jsonl', received);
    return await judgeLive({
      delivered: await readDelivered(path, 'received.jsonl', NONCE),
      looks: file('looks.jsonl', looks),
      ledger: file('ledger.jsonl', ledger),
      intervalMs: 1000,
      stepMs: 10,
      from: START,
      to: START + TICKS * 1000,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
const whole = (key: string, value: number) => ({ key, value: { intValue: String(value) } });

function request(tick: number, { cpu = 1, top = [0, 9, 8, 7, 6], pid = 0 }: Doctored): object {
  const at = `${START + (tick + 1) * 1000}000000`;
  const chosen = usage.filter((_, i) => top.includes(i));
  const rest = usage.filter((_, i) => !top.includes(i));
  const point = (value: number, attributes: object[] = []) => ({ timeUnixNano: at, asDouble: value, attributes });
  const identity = (one: (typeof usage)[number]) => [
    whole('pid', one.pid + pid),
    whole('start', one.start),
    text('name', 'x'),
  ];
  const sum = (of: (one: (typeof usage)[number]) => number) => rest.reduce((all, one) => all + of(one), 0);
  const metrics = [
    { name: 'process_cpu_ms', gauge: { dataPoints: chosen.map((one) => point(one.cpu * cpu, identity(one))) } },
    { name: 'process_rss_bytes', gauge: { dataPoints: chosen.map((one) => point(one.rss, identity(one))) } },
    { name: 'other_count', gauge: { dataPoints: [point(rest.length)] } },
    { name: 'other_cpu_ms', gauge: { dataPoints: [point(sum((one) => one.cpu))] } },
    { name: 'other_rss_bytes', gauge: { dataPoints: [point(sum((one) => one.rss))] } },
  ];
  const scope = { attributes: [whole('tick', tick), whole('batch_seq', tick + 1)] };
  const resource = { attributes: [text('run_id', NONCE)] };
  return {
    at: START + (tick + 1) * 1000 + 20,
    signal: 'metrics',
    request: { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics }] }] },
  };
}

function sketchRequest(metric: string, values: readonly number[], { estimate = 1, lost = 0 }: Doctored): object {
  const gamma = (1 + 0.0075) / (1 - 0.0075);
  const indexes = values.map((value) => Math.ceil(Math.log(value * estimate) / Math.log(gamma)));
  const low = Math.min(...indexes);
  const counts = new Array(Math.max(...indexes) - low + 1).fill(0);
  for (const index of indexes) counts[index - low] += TICKS;
  counts[0] -= Math.min(lost, TICKS);
  counts[counts.length - 1] -= Math.max(0, lost - TICKS);
  const body = JSON.stringify({
    metric,
    from_tick: 0,
    to_tick: TICKS,
    alpha: 0.0075,
    gamma,
    zero_count: 0,
    positive: { offset: low, counts },
    count: values.length * TICKS - lost,
  });
  const logRecords = [{ body: { stringValue: body }, attributes: [text('record_type', 'sketch')] }];
  const resource = { attributes: [text('run_id', NONCE)] };
  return { at: START + 20_000, signal: 'logs', request: { resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] } };
}

const figure = (judged: LiveJudgement, name: string) => judged.values.find((value) => value.name === name);

describe('a live run against our own reading', () => {
  it('finds nothing against exact data', async () => {
    const judged = await judge();
    assert.deepEqual([judged.ticks, judged.paired], [TICKS, TICKS]);
    // 400 of 550 ms and 80 of 95 MB.
    assert.equal(
      figure(judged, 'topn_capture_ratio')?.value.toFixed(3),
      (((0.7 * 400) / 550) * 100 + ((0.3 * 80) / 95) * 100).toFixed(3),
    );
    assert.ok((figure(judged, 'tail_error')?.value ?? 1) < 1e-9);
    assert.ok((figure(judged, 'p95p99_error')?.value ?? 1) <= 0.75);
    assert.deepEqual(
      judged.values.flatMap(({ verdict }) => verdict ?? []),
      [],
    );
  });

  it('finds inflated values, and shows one', async () => {
    const judged = await judge({ cpu: 2 });
    assert.equal(figure(judged, 'topn_capture_ratio')?.verdict, 'fail');
    assert.match(
      judged.faults.tail_error[0] ?? '',
      /50 of 50 exported entries about the workload differ .* process 100\/7 at tick 0: exported 200 ms/,
    );
    assert.ok((figure(judged, 'tail_error')?.value ?? 0) > 50);
  });

  it('finds processes that nobody saw', async () => {
    const judged = await judge({ pid: 5000 });
    assert.equal(figure(judged, 'topn_capture_ratio')?.value, 0);
    assert.match(judged.faults.topn_capture_ratio[0] ?? '', /name processes that were not there/);
  });

  it('finds more exported than half of the live ones', async () => {
    const judged = await judge({ top: [0, 1, 2, 3, 4, 5] });
    assert.match(judged.faults.topn_capture_ratio.join(), /10 ticks export more processes than are allowed/);
  });

  it('finds a sketch that is off', async () => {
    const judged = await judge({ estimate: 1.2 });
    assert.ok((figure(judged, 'p95p99_error')?.value ?? 0) > 4);
  });

  it('finds a sketch that lacks observations', async () => {
    const judged = await judge({ lost: 5 });
    assert.equal(figure(judged, 'p95p99_error')?.verdict, 'fail');
    assert.deepEqual(judged.faults.p95p99_error, [
      'The cpu_ms sketch of ticks 0 to 9 holds 95 observations; we saw 100.',
    ]);
  });

  it('lets a few observations pass undecided where strangers use much of the machine, but not many', async () => {
    const few = await judge({ lost: 5, strangers: [0, 9, 8] });
    assert.deepEqual(few.faults.p95p99_error, []);
    assert.equal(figure(few, 'p95p99_error')?.verdict, 'inconclusive');
    assert.match(few.notes.join('\n'), /holds 95 observations; we saw 100\. With so many strangers that is no fault\./);
    const many = await judge({ lost: 15, strangers: [0, 9, 8] });
    assert.equal(figure(many, 'p95p99_error')?.verdict, 'fail');
  });

  it('is not decided by looks that came too late', async () => {
    const judged = await judge({ skewMs: 200 });
    assert.deepEqual([judged.ticks, judged.paired], [TICKS, 0]);
    assert.equal(figure(judged, 'topn_capture_ratio'), undefined);
  });
});
