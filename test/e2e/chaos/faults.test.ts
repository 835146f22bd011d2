import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { CancelledError, HumanError } from '../../../src/core/base/errors.ts';
import { FaultController, type FaultRecord } from '../../../src/e2e/chaos/controller.ts';
import type { FaultTarget } from '../../../src/e2e/chaos/fault.ts';
import { httpProbe } from '../../../src/e2e/chaos/probe.ts';
import { startProxies } from '../../../src/e2e/chaos/proxies.ts';
import { runSchedule } from '../../../src/e2e/chaos/schedule.ts';
import { startChild } from '../../../src/e2e/reap/child.ts';
import { readStat } from '../../../src/e2e/reap/identity.ts';
import { type ReceiverService, startReceiverService } from '../../../src/e2e/services/receiverService.ts';
import { sourceLauncher } from '../../../src/e2e/services/worker.ts';
import { leftovers, type Sandbox, sandbox } from '../../support/e2eSandbox.ts';

const LINUX = process.platform === 'linux';
const FAKETIME = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
].some((path) => existsSync(path));

describe(`faults (libfaketime ${FAKETIME ? 'is' : 'is not'} installed)`, function () {
  this.timeout(60_000);
  let box: Sandbox;
  let receiver: ReceiverService;
  let target: FaultTarget;
  let faults: FaultController;

  beforeEach(async () => {
    box = await sandbox();
    receiver = await startReceiverService({
      name: 'otlp',
      folder: box.path('otlp'),
      launcher: sourceLauncher,
      journal: box.journal,
    });
    const proxies = await startProxies({ journal: box.journal, launcher: sourceLauncher });
    const proxy = await proxies.before('otlp', `127.0.0.1:${receiver.service.port}`);
    target = { name: 'otlp', proxy, service: receiver.service, probe: httpProbe(`http://${proxy.listen}/status`, 500) };
    faults = new FaultController([target], box.journal);
  });
  afterEach(async () => {
    await faults.resolveAll();
    assert.deepEqual((await box.close()).failures, []);
    assert.deepEqual(await leftovers(box.journal.run), []);
  });

  const inject = (type: string, params: Record<string, unknown> = {}) =>
    faults.inject({ type, target: 'otlp', params });
  const active = (record: FaultRecord) => assert.equal(record.state, 'active', JSON.stringify(record));
  const resolved = async (record: FaultRecord) => {
    const after = await faults.resolve(record.id);
    assert.equal(after.state, 'resolved', JSON.stringify(after));
    assert.equal(after.recovery?.holds, true);
    assert.ok((after.recoveryMs ?? -1) >= 0);
    return after;
  };

  it('network_latency: proven by slower looks, gone afterwards', async () => {
    const record = await inject('network_latency', { latency_ms: 120, jitter_ms: 20 });
    active(record);
    assert.equal(record.proof?.holds, true);
    assert.match(record.proof?.expected ?? '', /at least \d+ ms/);
    await resolved(record);
    assert.deepEqual((await target.proxy?.api.get(target.proxy.name))?.toxics, []);
  });

  for (const mode of ['blackhole', 'refuse', 'reset']) {
    it(`network_partition (${mode}): nobody gets through, then all do`, async () => {
      const record = await inject('network_partition', { mode });
      active(record);
      assert.equal((await target.probe?.look())?.ok, false);
      await resolved(record);
    });
  }

  for (const signal of ['SIGKILL', 'SIGTERM']) {
    it(`service_restart (${signal}): another process on the same port, by itself after its downtime`, async () => {
      const { pid, port } = receiver.service;
      const record = await inject('service_restart', { signal, downtime_ms: 200 });
      active(record);
      assert.equal(record.method, signal);
      for (let i = 0; faults.records[0]?.state === 'active' && i < 500; i++) await sleep(10);
      assert.equal(faults.records[0]?.state, 'resolved');
      assert.notEqual(receiver.service.pid, pid);
      assert.equal(receiver.service.port, port);
      assert.equal(receiver.service.starts, 2);
    });
  }

  it('data_corruption on the wire: bytes are changed, the receiver counts what it cannot read', async () => {
    const record = await inject('data_corruption', { every_bytes: 40 });
    active(record);
    const { listen } = (await target.proxy?.api.get(target.proxy.name)) ?? { listen: '' };
    const body = JSON.stringify({ resourceLogs: Array(100).fill({}) });
    const headers = { 'Content-Type': 'application/json' };
    const reply = await fetch(`http://${listen}/v1/logs`, { method: 'POST', headers, body }).catch(() => undefined);
    assert.notEqual(reply?.status, 200);
    await resolved(record);
    const { accepted } = await receiver.status();
    assert.equal(accepted, 0);
  });

  it('data_corruption of a file: damaged by seed, put back to the byte', async () => {
    const path = box.path('config.json');
    await writeFile(path, '{"top_n": 20, "sketch_enable": true}');
    const files = new FaultController([{ name: 'config', files: [path] }], box.journal);
    const record = await files.inject({ type: 'data_corruption', target: 'config', params: { count: 3, seed: 7 } });
    active(record);
    const damaged = await readFile(path, 'latin1');
    assert.notEqual(damaged, '{"top_n": 20, "sketch_enable": true}');
    assert.equal((await files.resolve(record.id)).state, 'resolved');
    assert.equal(await readFile(path, 'utf8'), '{"top_n": 20, "sketch_enable": true}');
    const again = await files.inject({ type: 'data_corruption', target: 'config', params: { count: 3, seed: 7 } });
    assert.equal(await readFile(path, 'latin1'), damaged);
    await files.resolve(again.id);
    assert.deepEqual(
      (await readdir(box.folder)).filter((name) => name.endsWith('.good')),
      [],
    );
  });

  it('a file that is not there leaves the others as they are', async () => {
    const path = box.path('data.txt');
    await writeFile(path, 'precious');
    const files = new FaultController([{ name: 'data', files: [path, box.path('missing')] }], box.journal);
    await assert.rejects(files.inject({ type: 'data_corruption', target: 'data' }), /Cannot read .*missing/);
    assert.equal(await readFile(path, 'utf8'), 'precious');
  });

  it('a file that somebody changed meanwhile is not overwritten, and the record says where the good one is', async () => {
    const path = box.path('data.txt');
    await writeFile(path, 'precious');
    const files = new FaultController([{ name: 'data', files: [path] }], box.journal);
    const record = await files.inject({ type: 'data_corruption', target: 'data' });
    await writeFile(path, 'written by the agent');
    const after = await files.resolve(record.id);
    assert.equal(after.state, 'unresolved');
    assert.match(after.reason ?? '', /changed after/);
    assert.equal(await readFile(path, 'utf8'), 'written by the agent');
    await writeFile(path, 'precious');
  });

  it('resource_constraint by stop and continue needs no privileges', async () => {
    if (!LINUX) return void (await notRun('resource_constraint', { cpu_cores: 0.2 }, /Linux/));
    const record = await inject('resource_constraint', { cpu_cores: 0.3, method: 'process' });
    active(record);
    assert.equal(record.method, 'stop and continue');
    await resolved(record);
    assert.notEqual((await readStat(receiver.service.pid))?.state, 'T');
  });

  it('resource_constraint by prlimit: the limit is read back and goes again', async () => {
    if (!LINUX) return void (await notRun('resource_constraint', { memory_mb: 1000 }, /Linux/));
    const record = await inject('resource_constraint', { memory_mb: 4000, method: 'process' });
    active(record);
    assert.equal(record.method, 'prlimit data');
    await resolved(record);
  });

  it('resource_constraint by cgroup: CPU and memory where it is permitted, else not-run with the reason', async () => {
    if (!LINUX) return void (await notRun('resource_constraint', { cpu_cores: 0.2 }, /Linux/));
    const record = await inject('resource_constraint', { cpu_cores: 0.25, memory_mb: 512, method: 'cgroup' });
    if (record.state === 'not-run') return assert.match(record.reason ?? '', /No cgroup for (cpu|memory) can be made/);
    active(record);
    assert.match(record.method ?? '', /^cgroup v[12] cpu, cgroup v[12] memory$/);
    assert.match(record.proof?.observed ?? '', /25000|536870912/);
    await resolved(record);
  });

  it('clock_skew: the service tells another time, or the fault is not-run with the reason', async () => {
    const record = await inject('clock_skew', { offset_seconds: -7200 });
    if (!FAKETIME) return assert.match(record.reason ?? '', /libfaketime is not installed/);
    active(record);
    assert.ok(Math.abs((await receiver.status()).now - Date.now() + 7_200_000) < 5000);
    await resolved(record);
    assert.ok(Math.abs((await receiver.status()).now - Date.now()) < 5000);
  });

  it('a fault that shows no effect is unproven and taken away again', async () => {
    // The probe goes round the proxy, so it cannot see the partition.
    const blind = new FaultController([{ ...target, probe: httpProbe(`${receiver.service.url}/status`) }], box.journal);
    const record = await blind.inject({ type: 'network_partition', target: 'otlp' });
    assert.equal(record.state, 'unproven');
    assert.match(record.reason ?? '', /does not get through.*status 200/);
    assert.deepEqual((await target.proxy?.api.get(target.proxy.name))?.toxics, []);
  });

  it('wrong requests are told with what is known', async () => {
    const refused = (promise: Promise<unknown>, code: string, text: RegExp) =>
      assert.rejects(
        promise,
        (error: unknown) =>
          error instanceof HumanError && error.code === code && text.test(`${error.message} ${error.hint}`),
      );
    await refused(inject('meteor'), 'chaos.unknown', /network_latency/);
    await refused(faults.inject({ type: 'network_latency', target: 'kafka' }), 'chaos.unknown-target', /otlp/);
    await refused(inject('network_latency', { latency_ms: 'much' }), 'chaos.bad-param', /latency_ms/);
    await refused(inject('network_latency', { latency_ms: 50, jitter_ms: 50 }), 'chaos.bad-param', /jitter_ms/);
    await refused(inject('resource_constraint'), 'chaos.bad-param', /cpu_cores/);
    const bare = new FaultController([{ name: 'agent' }], box.journal);
    await refused(bare.inject({ type: 'network_latency', target: 'agent' }), 'chaos.wrong-target', /no proxy/);
    const gone = new FaultController([{ name: 'agent', pids: () => [4_194_303] }], box.journal);
    await refused(
      gone.inject({ type: 'resource_constraint', target: 'agent', params: { cpu_cores: 1 } }),
      'chaos.no-process',
      /4194303 of agent is gone/,
    );
    assert.deepEqual(faults.records, []);
  });

  it('a schedule injects in time order, and resolves what is left at its end', async () => {
    const records = await runSchedule(
      faults,
      [
        { atMs: 2_000, type: 'service_restart', target: 'otlp', params: { downtime_ms: 50 } },
        // Long beside what a busy machine adds to a look, so that the proof does not hang on its mood.
        { atMs: 0, type: 'network_latency', target: 'otlp', params: { latency_ms: 300 }, durationMs: 100 },
      ],
      { endMs: 2_500 },
    );
    assert.deepEqual(
      records.map(({ type, state }) => [type, state]),
      [
        ['network_latency', 'resolved'],
        ['service_restart', 'resolved'],
      ],
    );
    assert.ok((records[0]?.injectedAt ?? 0) < (records[1]?.injectedAt ?? 0));
  });

  it('a cancelled schedule resolves and rejects', async () => {
    const stop = new AbortController();
    const running = runSchedule(
      faults,
      [
        { atMs: 0, type: 'network_partition', target: 'otlp' },
        { atMs: 60_000, type: 'network_partition', target: 'otlp' },
      ],
      { endMs: 60_000, signal: stop.signal },
    );
    setTimeout(() => stop.abort(), 1500);
    await assert.rejects(running, CancelledError);
    assert.deepEqual(
      faults.records.map(({ state }) => state),
      ['resolved'],
    );
  });

  it('a static program cannot be skewed: not-run with the reason', async () => {
    const go = await import('../../../src/e2e/workload/tool.ts');
    if (!LINUX || !FAKETIME) return assert.ok(!LINUX || !FAKETIME);
    const tool = await go.workloadTool({ source: 'templates/e2e-workload', cache: box.path('tools') });
    const child = await startChild({ name: 'static', argv: [tool, 'run', '.'], journal: box.journal });
    const service = {
      name: 'static',
      pid: child.identity.pid,
      running: true,
      end: () => child.kill(),
      start: async () => undefined,
    };
    const statics = new FaultController(
      [{ name: 'agent', service, ...(target.probe ? { probe: target.probe } : {}) }],
      box.journal,
    );
    const record = await statics.inject({ type: 'clock_skew', target: 'agent' });
    assert.equal(record.state, 'not-run');
    assert.match(record.reason ?? '', /statically linked/);
    assert.equal(child.exit, undefined);
  });

  async function notRun(type: string, params: Record<string, unknown>, reason: RegExp) {
    const record = await inject(type, params);
    assert.equal(record.state, 'not-run');
    assert.match(record.reason ?? '', reason);
  }
});
