// What a live run costs beside the agent: our looks, the judging and the reports, for 500 processes and ten minutes.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { judgeLive } from '../../src/e2e/oracle/live.ts';
import { openEyes } from '../../src/e2e/oracle/liveProc.ts';
import { lineChart } from '../../src/e2e/report/chart.ts';

const PROCESSES = 500;
const TICKS = 600;
const LOOKS = 30;

const eyes = openEyes();
if (eyes === undefined) console.log('This system has no /proc: our looks cannot be measured.');
else {
  const children = Array.from({ length: PROCESSES }, () => spawn('sleep', ['60'], { stdio: 'ignore' }));
  await sleep(500);
  eyes.look();
  const before = process.cpuUsage();
  const times: number[] = [];
  for (let i = 0; i < LOOKS; i++) {
    times.push(eyes.look().ms);
    await sleep(50);
  }
  const { user, system } = process.cpuUsage(before);
  times.sort((a, b) => a - b);
  const seen = eyes.look().processes.length;
  console.log(
    `looks        ${seen} processes: median ${times[LOOKS >> 1]?.toFixed(1)} ms, worst ${times.at(-1)?.toFixed(1)} ms; at 1 Hz ${((user + system) / 1e4 / LOOKS).toFixed(2)} % of a core`,
  );
  eyes.close();
  for (const child of children) child.kill();
}

const folder = mkdtempSync(join(tmpdir(), 'scenario-bench-'));
try {
  const rows = Array.from({ length: PROCESSES }, (_, i) => ({
    pid: i + 1,
    start: 7,
    cpu: 1000 / (i + 1),
    rss: 1e6 * (i + 1),
  }));
  const lines: string[] = [];
  for (let tick = 0; tick <= TICKS; tick++) {
    lines.push(
      JSON.stringify({
        at: tick * 1000,
        ms: 1,
        p: rows.map(({ pid, start, cpu, rss }) => [pid, start, cpu * tick, rss]),
      }),
    );
  }
  const looks = join(folder, 'looks.jsonl');
  writeFileSync(looks, `${lines.join('\n')}\n`);
  const ledger = join(folder, 'ledger.jsonl');
  writeFileSync(
    ledger,
    rows
      .map(({ pid, start }) => `${JSON.stringify({ type: 'start', at: 0, name: 'p', id: `p${pid}`, pid, start })}\n`)
      .join(''),
  );
  const place = { source: 'topn', file: 'received.jsonl', line: 1 } as const;
  const top = rows.slice(0, 100).map(({ pid, start, cpu, rss }) => ({ pid, start, name: 'p', cpu_ms: cpu, rss }));
  const ticks = Array.from({ length: TICKS }, (_, tick) => ({
    tick,
    at: (tick + 1) * 1000,
    receivedAt: (tick + 1) * 1000,
    place,
    top,
    other: { count: PROCESSES - 100, cpu_ms: 0, rss: 0 },
  }));
  const began = performance.now();
  const delivered = { ticks, windows: [], raw: new Set<number>(), events: [], points: [], accepted: [], faults: [] };
  const judged = await judgeLive({ delivered, looks, ledger, intervalMs: 1000, stepMs: 10, from: 0, to: TICKS * 1000 });
  const ms = performance.now() - began;
  console.log(
    `judge        ${judged.paired} ticks of ${PROCESSES} processes (${(statSync(looks).size / 1e6).toFixed(1)} MB): ${ms.toFixed(0)} ms`,
  );
  const drawn = performance.now();
  const points = judged.captures.map(({ at, percent }) => [at / 1000, percent ?? 0] as const);
  const svg = lineChart({
    title: 'Capture',
    unit: '%',
    points,
    seconds: TICKS,
    bands: [],
    limits: [],
    fromZero: false,
  });
  console.log(
    `chart        ${points.length} points: ${(performance.now() - drawn).toFixed(1)} ms, ${svg.length} characters`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
