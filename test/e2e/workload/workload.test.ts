import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CancelledError, EnvironmentError } from '../../../src/core/base/errors.ts';
import { startWorkload, type Workload } from '../../../src/e2e/workload/driver.ts';
import { type LedgerLine, readLedger } from '../../../src/e2e/workload/ledger.ts';
import { churnedProcess, planWorkload } from '../../../src/e2e/workload/planner.ts';
import { workloadTool } from '../../../src/e2e/workload/tool.ts';
import { leftovers, type Sandbox, sandbox } from '../../support/e2eSandbox.ts';

const SOURCE = 'templates/e2e-workload';
const MB = 1024 * 1024;
const LINUX = process.platform === 'linux';

describe('workloads', function () {
  this.timeout(60_000);
  let tools: Sandbox;
  let box: Sandbox;
  let tool: string;

  before(async function () {
    this.timeout(180_000);
    tools = await sandbox();
    tool = await workloadTool({ source: SOURCE, cache: tools.path('tools') });
  });
  after(() => tools.close());
  beforeEach(async () => {
    box = await sandbox();
  });
  afterEach(async () => {
    assert.deepEqual((await box.close()).failures, []);
    assert.deepEqual(await leftovers(box.journal.run), []);
  });

  const plan = (type: string, params: Record<string, unknown> = {}, seed = 5) =>
    planWorkload({ type, params, seed, durationMs: 10_000 });
  const start = (
    type: string,
    params: Record<string, unknown> = {},
    more: { signal?: AbortSignal; ledger?: string; tool?: string } = {},
  ) =>
    startWorkload({ plan: plan(type, params), tool, ledger: box.path('ledger.jsonl'), journal: box.journal, ...more });
  const ledger = async (workload: Workload) => {
    const lines: LedgerLine[] = [];
    for await (const line of readLedger(workload.ledger)) lines.push(line);
    return lines;
  };
  const of = <T extends LedgerLine['type']>(lines: readonly LedgerLine[], type: T) =>
    lines.filter((line): line is Extract<LedgerLine, { type: T }> => line.type === type);

  it('standard: each process has its name, its memory and its share of CPU, and the ledger knows it', async () => {
    const workload = await start('standard', { pids: 40, cpu_cores: 0.2, memory_mb: 64 });
    const from = Date.now();
    if (LINUX) {
      const lines = of(await ledgerSoon(workload), 'start');
      for (const line of lines.slice(0, 5)) {
        const stat = await readFile(`/proc/${line.pid}/stat`, 'latin1');
        assert.equal(stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')), line.name);
        assert.equal(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19], String(line.start));
        assert.match(await readFile(`/proc/${line.pid}/cmdline`, 'latin1'), new RegExp(`^${line.name}\0--role=`));
        const rss = Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${line.pid}/status`, 'latin1'))?.[1]) * 1024;
        assert.ok(
          rss >= (line.rss ?? 0) && rss < (line.rss ?? 0) + 2 * MB,
          `${line.name} holds ${rss}, planned ${line.rss}`,
        );
      }
    }
    await sleep(3200);
    const load = workload.load(from, Date.now());
    assert.equal(load.figures[0]?.name, 'live_processes');
    assert.equal(load.figures[0]?.achieved, 40);
    assert.ok(load.generatorCores < 0.5, `${load.generatorCores}`);
    const end = await workload.stop();
    assert.deepEqual([end.error, end.summary?.live, end.summary?.started, end.summary?.ended], [undefined, 0, 40, 40]);

    const lines = await ledger(workload);
    assert.deepEqual([lines[0]?.type, lines.at(-1)?.type], ['header', 'summary']);
    const samples = of(lines, 'sample');
    assert.ok(samples.length >= 3);
    assert.ok(samples.every((sample) => sample.processes.length === 40));
    assert.deepEqual([of(lines, 'start').length, of(lines, 'end').length], [40, 40]);
    // The kernel's account of the heaviest process agrees with the planned share over the time that it lived.
    const heaviest = of(lines, 'start').reduce((a, b) => ((b.cpu_ms_per_s ?? 0) > (a.cpu_ms_per_s ?? 0) ? b : a));
    const death = of(lines, 'end').find(({ pid, start }) => pid === heaviest.pid && start === heaviest.start);
    const used = (death?.cpu_us ?? 0) / 1000 / (((death?.at ?? 0) - heaviest.at) / 1000);
    assert.ok(
      used > 0.5 * (heaviest.cpu_ms_per_s ?? 0) && used < 1.3 * (heaviest.cpu_ms_per_s ?? 0),
      `${used} of ${heaviest.cpu_ms_per_s} ms a second`,
    );
  });

  it('high_pid_churn: what was started is what the plan foretold, each with pid and start time once', async () => {
    const workload = await start('high_pid_churn', { pids: 20, pids_per_second: 300, cpu_cores: 0.05, memory_mb: 32 });
    await sleep(2200);
    const end = await workload.stop();
    assert.equal(end.error, undefined);
    const lines = await ledger(workload);
    const churned = of(lines, 'start').filter((line) => line.churn !== undefined);
    assert.ok(churned.length >= 300, `${churned.length}`);
    for (const line of churned) {
      const foretold = churnedProcess(workload.plan, line.churn ?? -1);
      assert.deepEqual([line.name, line.lifetime_ms], [foretold.name, foretold.lifetimeMs]);
    }
    assert.deepEqual(
      churned.map((line) => line.churn),
      churned.map((_, i) => i),
    );
    const identities = new Set(of(lines, 'start').map(({ pid, start }) => `${pid}/${start}`));
    assert.equal(identities.size, churned.length + 20);
    assert.equal(of(lines, 'end').length, of(lines, 'start').length);
    const lives = new Map(churned.map((line) => [`${line.pid}/${line.start}`, line]));
    for (const death of of(lines, 'end')) {
      const born = lives.get(`${death.pid}/${death.start}`);
      if (born !== undefined && death.status === 0) assert.ok(death.at - born.at >= (born.lifetime_ms ?? 0) - 1);
    }
  });

  it('high_cardinality: names and command lines that were never there before', async () => {
    const workload = await start('high_cardinality', {
      pids: 10,
      names_per_second: 50,
      cpu_cores: 0.02,
      memory_mb: 32,
      lifetime_ms: 300,
    });
    await sleep(1500);
    await workload.stop();
    const names = of(await ledger(workload), 'start').map((line) => line.name);
    assert.ok(names.length > 40, `${names.length}`);
    assert.equal(new Set(names).size, names.length);
  });

  it('memory_pressure grows by the plan', async () => {
    const pressure = await start('memory_pressure', {
      memory_mb: 64,
      hogs: 2,
      steps: 4,
      grow_seconds: 1,
      pids: 4,
      cpu_cores: 0.01,
    });
    const before = pressure.points[0]?.rss ?? 0;
    await sleep(2300);
    const end = await pressure.stop();
    const peak = Math.max(...pressure.points.map((point) => point.rss));
    assert.equal(end.error, undefined);
    assert.ok(peak - before > 40 * MB, `${(peak - before) / MB} MB`);
    assert.equal(of(await ledger(pressure), 'change').length, 6);
  });

  it('cpu_spikes: shares rise and fall at the planned times', async () => {
    const params = {
      pids: 10,
      cpu_cores: 0.02,
      memory_mb: 16,
      spike_cores: 0.5,
      spike_processes: 1,
      period_seconds: 2,
      spike_seconds: 0.8,
    };
    const workload = await start('cpu_spikes', params);
    await sleep(2500);
    await workload.stop();
    const lines = await ledger(workload);
    const changes = of(lines, 'change').slice(0, 2);
    assert.equal(changes[0]?.cpu_ms_per_s, 500);
    assert.ok((changes[1]?.cpu_ms_per_s ?? 500) < 20);
    const length = (changes[1]?.at ?? 0) - (changes[0]?.at ?? 0);
    assert.ok(Math.abs(length - 800) < 300, `${length} ms`);
    const death = of(lines, 'end').find(({ pid }) => pid === changes[0]?.pid);
    assert.ok((death?.cpu_us ?? 0) > 200_000, `${death?.cpu_us} of 400000 us`);
  });

  it('abort stops it and leaves nothing running', async () => {
    const stop = new AbortController();
    const workload = await start('standard', { pids: 30, cpu_cores: 0.05, memory_mb: 32 }, { signal: stop.signal });
    stop.abort();
    const end = await workload.ended;
    assert.equal(end.summary?.live, 0);
    assert.deepEqual(await leftovers(box.journal.run), []);
    await assert.rejects(start('standard', {}, { signal: stop.signal }), CancelledError);
  });

  it('abort while it starts rejects as cancelled', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    await assert.rejects(
      start('standard', { pids: 50, cpu_cores: 0.05, memory_mb: 32 }, { signal: stop.signal }),
      CancelledError,
    );
  });

  it('kill -9 of the generator ends its processes and is told', async () => {
    const workload = await start('standard', { pids: 30, cpu_cores: 0.05, memory_mb: 32 });
    process.kill(workload.pid, 'SIGKILL');
    const end = await workload.ended;
    assert.match(end.error?.message ?? '', /was ended by SIGKILL/);
    assert.deepEqual(await leftovers(box.journal.run), []);
    assert.ok((await ledger(workload)).length > 0);
  });

  it('a full disk is an error, not a short ledger', async () => {
    if (!LINUX) return assert.equal(LINUX, false);
    const error = await start('standard', { pids: 10, cpu_cores: 0.01, memory_mb: 32 }, { ledger: '/dev/full' }).then(
      async (workload) => (await workload.ended).error,
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof EnvironmentError);
    assert.match(error.message, /cannot write the ledger: .*no space left/);
    assert.match(error.hint ?? '', /disk space/);
  });

  it('a ledger in a folder that is not there is told', async () => {
    await assert.rejects(
      start('standard', { pids: 5 }, { ledger: box.path('no/such/ledger') }),
      /cannot write the ledger: .*no such file/,
    );
  });

  it('a system that refuses more processes is told with the limit to raise', async () => {
    if (!LINUX) return assert.equal(LINUX, false);
    const cgroup = '/sys/fs/cgroup/pids';
    const limited = await promisify(execFile)('sh', [
      '-c',
      `mkdir ${cgroup}/infrabuilder-${box.journal.run} && echo 12 > ${cgroup}/infrabuilder-${box.journal.run}/pids.max`,
    ]).then(
      () => true,
      () => false,
    );
    if (!limited) return assert.equal(limited, false);
    const group = `${cgroup}/infrabuilder-${box.journal.run}`;
    box.journal.owe({ kind: 'cgroup', path: group, members: [] });
    const wrapper = box.path('limited.sh');
    await writeFile(wrapper, `#!/bin/sh\necho $$ > ${group}/cgroup.procs\nexec ${tool} "$@"\n`, { mode: 0o755 });
    await assert.rejects(
      start('standard', { pids: 50, cpu_cores: 0.01, memory_mb: 32 }, { tool: wrapper }),
      (error: unknown) => {
        assert.ok(error instanceof EnvironmentError, String(error));
        assert.match(error.message, /cannot start process \d+ of 50 .*temporarily unavailable/);
        assert.match(error.hint ?? '', /ulimit -u|pids.max/);
        return true;
      },
    );
  });

  it('the portable way of other systems works the same', async () => {
    const portable = await workloadTool({ source: SOURCE, cache: tools.path('tools'), tags: 'portable' });
    const workload = await start(
      'high_cardinality',
      { pids: 5, names_per_second: 5, cpu_cores: 0.1, memory_mb: 16, lifetime_ms: 200 },
      { tool: portable },
    );
    await sleep(2200);
    const end = await workload.stop();
    assert.equal(end.error, undefined);
    assert.deepEqual([end.summary?.live, end.summary?.started], [0, end.summary?.ended]);
    const lines = await ledger(workload);
    const sample = of(lines, 'sample').at(-1);
    assert.equal(sample?.processes.length, 5);
    assert.ok((sample?.processes.reduce((sum, [, , cpu]) => sum + cpu, 0) ?? 0) > 50_000);
  });

  async function ledgerSoon(workload: Workload) {
    for (let tries = 0; tries < 100; tries++) {
      const lines = await ledger(workload);
      if (of(lines, 'start').length >= 40) return lines;
      await sleep(20);
    }
    throw new Error('The ledger does not grow.');
  }
});

describe('the workload program', function () {
  this.timeout(180_000);

  it('is built once for one source, and anew for another', async () => {
    const box = await sandbox();
    try {
      const source = box.path('source');
      await mkdir(source);
      await writeFile(`${source}/go.mod`, 'module tiny\n\ngo 1.22\n');
      await writeFile(`${source}/main.go`, 'package main\n\nfunc main() {}\n');
      const cache = box.path('tools');
      const [first, second] = await Promise.all([workloadTool({ source, cache }), workloadTool({ source, cache })]);
      assert.equal(first, second);
      await writeFile(`${source}/main.go`, 'package main\n\nfunc main() { println("x") }\n');
      assert.notEqual(await workloadTool({ source, cache }), first);
      assert.equal((await readdir(cache)).length, 2);
    } finally {
      await box.close();
    }
  });

  it('says what is missing: Go, the source, or what the compiler says', async () => {
    const box = await sandbox();
    const rejects = (promise: Promise<unknown>, code: string, text: RegExp) =>
      assert.rejects(
        promise,
        (error: unknown) => error instanceof EnvironmentError && error.code === code && text.test(error.message),
      );
    try {
      const source = box.path('source');
      await mkdir(source);
      await rejects(workloadTool({ source, cache: box.path('tools') }), 'workload.no-source', /no Go source/);
      await writeFile(`${source}/main.go`, 'package main\n\nfunc main() { nonsense }\n');
      await writeFile(`${source}/go.mod`, 'module tiny\n\ngo 1.22\n');
      await rejects(workloadTool({ source, cache: box.path('tools') }), 'workload.build-failed', /main.go:3.*nonsense/);
      await rejects(
        workloadTool({ source, cache: box.path('tools'), go: 'no-such-go' }),
        'workload.no-go',
        /no `go` on the PATH/,
      );
      assert.deepEqual(await readdir(box.path('tools')), []);
    } finally {
      await rm(box.path('source'), { recursive: true });
      await box.close();
    }
  });
});
