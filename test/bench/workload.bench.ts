import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Journal } from '../../src/e2e/reap/journal.ts';
import { startWorkload } from '../../src/e2e/workload/driver.ts';
import { planWorkload } from '../../src/e2e/workload/planner.ts';
import { workloadTool } from '../../src/e2e/workload/tool.ts';

const WINDOW_MS = 30_000;
const SETTLE_MS = 2000;
const TYPES = ['high_pid_churn', 'standard'];
const source = fileURLToPath(new URL('../../templates/e2e-workload', import.meta.url));

const folder = await mkdtemp(join(tmpdir(), 'infrabuilder-bench-'));
try {
  const began = performance.now();
  const tool = await workloadTool({ source, cache: join(folder, 'tools') });
  console.log(`workload: program built in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  const idle = await forksBetween(2000);
  for (const type of TYPES) await measure(type, tool, idle);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measure(type: string, tool: string, idle: number): Promise<void> {
  const journal = await Journal.create(join(folder, 'journal'), `bench-${process.pid}-${type}`);
  const plan = planWorkload({ type, durationMs: WINDOW_MS + 60_000 });
  const ledger = join(folder, `${type}.jsonl`);
  try {
    const workload = await startWorkload({ plan, tool, ledger, journal });
    await sleep(SETTLE_MS);
    const from = Date.now();
    const node = process.cpuUsage();
    const counted = await forksBetween(WINDOW_MS);
    const driver = process.cpuUsage(node);
    const load = workload.load(from, Date.now());
    await workload.stop();
    console.log(`workload: ${type}, ${load.seconds.toFixed(0)} s: ${load.held ? 'held' : 'not held'}`);
    for (const { name, unit, asked, achieved, worst } of load.figures) {
      const deviation = ((achieved / asked - 1) * 100).toFixed(1);
      console.log(
        `  ${name}: asked ${asked.toFixed(2)} ${unit}, achieved ${achieved.toFixed(2)} (${deviation} %), worst second ${worst.toFixed(2)}`,
      );
    }
    console.log(
      `  generator ${load.generatorCores.toFixed(3)} cores, short-lived processes themselves ${load.churnCores.toFixed(3)} cores, driver ${((driver.user + driver.system) / 1e6 / (WINDOW_MS / 1000)).toFixed(3)} cores`,
    );
    console.log(
      `  the kernel counted ${counted.toFixed(0)} new tasks/s, ${idle.toFixed(0)} when idle; ledger ${((await stat(ledger)).size / 2 ** 20).toFixed(1)} MB; latest round ${load.lateMs} ms late`,
    );
  } finally {
    await journal.close();
  }
}

/** New tasks (threads too) a second on the whole machine, over `ms`; 0 where the kernel does not tell. */
async function forksBetween(ms: number): Promise<number> {
  const count = async () =>
    Number(/^processes (\d+)/m.exec(await readFile('/proc/stat', 'utf8').catch(() => ''))?.[1] ?? 0);
  const before = await count();
  await sleep(ms);
  return ((await count()) - before) / (ms / 1000);
}
