import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError } from '../../../src/core/base/errors.ts';
import { startChild } from '../../../src/e2e/reap/child.ts';
import { identify, isAlive, processesOfRun, readStat } from '../../../src/e2e/reap/identity.ts';
import { Journal, resolveAll } from '../../../src/e2e/reap/journal.ts';
import { leftovers, type Sandbox, sandbox } from '../../support/e2eSandbox.ts';

const node = (script: string) => [process.execPath, '-e', script];
const open = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.destroy()).on('connect', () => resolve(true));
    socket.on('error', () => resolve(false));
  });

describe('nothing outlives a run', function () {
  this.timeout(60_000);

  it('kill -9 of the runner: one repair gives back processes, ports, cgroups, files, limits and folders', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'infrabuilder-test-'));
    const run = `killed-${process.pid}`;
    // A process that is not the run's own, but that a fault has in its hands.
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    const runner = spawn(process.execPath, ['test/support/e2eRunner.ts', folder, run, String(bystander.pid)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const taken = await firstLine(runner);
      assert.deepEqual(
        taken.faults.map(({ state }) => state).filter((state) => state !== 'active' && state !== 'not-run'),
        [],
      );
      assert.deepEqual([await open(taken.receiver), await open(taken.proxy)], [true, true]);
      if (process.platform === 'linux') assert.ok((await processesOfRun(run)).length > 20);
      assert.notEqual(await readFile(join(folder, 'config.json'), 'latin1'), '{"good": true}');

      const busy = await resolveAll(join(folder, 'journal'));
      assert.deepEqual(
        busy.map(({ state }) => state),
        ['in-use'],
      );

      runner.kill('SIGKILL');
      await new Promise((resolve) => runner.once('exit', resolve));
      const [repair] = await resolveAll(join(folder, 'journal'));
      assert.deepEqual([repair?.run, repair?.state, repair?.failures], [run, 'repaired', []]);

      assert.deepEqual(await leftovers(run), []);
      assert.deepEqual([await open(taken.receiver), await open(taken.proxy)], [false, false]);
      assert.equal(await readFile(join(folder, 'config.json'), 'utf8'), '{"good": true}');
      assert.deepEqual(
        (await readdir(folder)).filter((name) => name.endsWith('.good') || name === 'temporary'),
        [],
      );
      assert.deepEqual(await readdir(join(folder, 'journal')), []);
      if (process.platform === 'linux') {
        assert.notEqual((await readStat(bystander.pid ?? 0))?.state, 'T');
        assert.doesNotMatch(await readFile(`/proc/${bystander.pid}/cgroup`, 'utf8'), /infrabuilder/);
      }
      assert.equal(bystander.exitCode, null);
    } finally {
      runner.kill('SIGKILL');
      bystander.kill('SIGKILL');
      await resolveAll(join(folder, 'journal'));
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('a repair that fails keeps its journal and says what is left', async () => {
    const box = await sandbox();
    const path = box.path('data');
    await writeFile(path, 'new');
    await writeFile(`${path}.good`, 'old');
    box.journal.owe({ kind: 'file', path, backup: `${path}.good`, damaged: '0'.repeat(64) });
    const repair = await box.journal.close();
    assert.equal(repair.state, 'failed');
    assert.match(repair.failures[0] ?? '', /was changed after/);
    await access(box.journal.file);
    await box.close();
  });

  it('a process number that was given anew is not ours', async () => {
    const box = await sandbox();
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], {
      stdio: 'ignore',
      detached: true,
    });
    try {
      await new Promise((resolve) => stranger.once('spawn', resolve));
      box.journal.owe({ kind: 'process', name: 'old', pid: stranger.pid ?? 0, start: '1' });
      box.journal.owe({ kind: 'stopped', pid: stranger.pid ?? 0, start: '1' });
      assert.deepEqual((await box.close()).failures, []);
      assert.notEqual(await identify(stranger.pid ?? 0), undefined);
    } finally {
      stranger.kill('SIGKILL');
    }
  });

  it('a journal that cannot be written is told', async () => {
    const box = await sandbox();
    await mkdir(box.path('journal/x.journal.jsonl'));
    await assert.rejects(
      Journal.create(box.path('journal'), 'x'),
      (error: unknown) => error instanceof EnvironmentError && error.code === 'e2e.cannot-journal',
    );
    await box.close();
  });
});

describe('children', function () {
  this.timeout(30_000);
  let box: Sandbox;
  beforeEach(async () => {
    box = await sandbox();
  });
  afterEach(async () => {
    assert.deepEqual((await box.close()).failures, []);
    assert.deepEqual(await leftovers(box.journal.run), []);
  });
  const start = (script: string, more: object = {}) =>
    startChild({ name: 'child', argv: node(script), journal: box.journal, ...more });

  it('a program that does not exist is told with its command', async () => {
    await assert.rejects(
      startChild({ name: 'agent', argv: ['/no/such/agent', '--x'], journal: box.journal }),
      (error: unknown) => {
        assert.ok(error instanceof EnvironmentError);
        assert.match(error.message, /Cannot start agent: .*ENOENT.*\/no\/such\/agent --x/);
        return true;
      },
    );
    assert.deepEqual(box.journal.open, []);
  });

  it('one that crashes at start leaves its last output', async () => {
    const child = await start('console.error("no licence"); process.exit(3)');
    assert.equal((await child.exited).code, 3);
    assert.deepEqual(child.tail, ['no licence']);
  });

  it('does not inherit the key to the model', async () => {
    process.env.INFRABUILDER_API_KEY = 'sk-secret-123456';
    try {
      const child = await start('process.exit(process.env.INFRABUILDER_API_KEY === undefined ? 0 : 1)');
      assert.equal((await child.exited).code, 0);
    } finally {
      delete process.env.INFRABUILDER_API_KEY;
    }
  });

  it('one that hangs at stop is killed after its grace', async () => {
    const child = await start(
      'process.on("SIGTERM", () => undefined); setInterval(() => undefined, 1000); console.log("up")',
    );
    while (child.tail.length === 0) await sleep(5);
    const end = await child.stop(200);
    assert.deepEqual([end.killed, end.signal], [true, 'SIGKILL']);
  });

  it('one that stops when asked is not called killed', async () => {
    const child = await start(
      'process.on("SIGTERM", () => process.exit(0)); setInterval(() => undefined, 1000); console.log("up")',
    );
    while (child.tail.length === 0) await sleep(5);
    const end = await child.stop();
    assert.deepEqual([end.killed, end.code], [false, 0]);
  });

  it('grandchildren go with it, also those that left its group', async () => {
    const child = await start(`
      const { spawn } = require('node:child_process');
      for (const detached of [false, true]) spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { detached, stdio: 'ignore' }).unref();
      console.log('up'); setInterval(() => undefined, 1000);`);
    while (child.tail.length === 0) await sleep(5);
    if (process.platform === 'linux') assert.equal((await processesOfRun(box.journal.run)).length, 3);
    await child.kill();
    const repair = await box.journal.close();
    if (process.platform === 'linux') assert.equal(repair.strays, 1);
  });

  it('a flood fills the log to its limit and no more, and the last lines are kept', async () => {
    const log = box.path('child.log');
    const child = await start(
      'for (let i = 0; i < 50000; i++) console.log("line " + i); process.stdout.write("x".repeat(3e6))',
      { log, logBytes: 10_000 },
    );
    await child.exited;
    await sleep(50);
    assert.equal((await readFile(log)).length, 10_000);
    assert.ok(child.dropped > 3_000_000, `${child.dropped}`);
    assert.equal(child.tail.length, 40);
    assert.ok(child.tail.every((line) => line.length <= 500));
  });

  it('an identity outlives nothing: gone is gone', async () => {
    const child = await start('setInterval(() => undefined, 1000)');
    assert.equal(await isAlive(child.identity), true);
    await child.kill();
    assert.equal(await isAlive(child.identity), false);
    assert.equal(await isAlive({ ...child.identity, pid: process.pid }), false);
  });
});

interface Taken {
  readonly receiver: number;
  readonly proxy: number;
  readonly faults: readonly { readonly state: string }[];
}

async function firstLine(child: ReturnType<typeof spawn>): Promise<Taken> {
  let text = '';
  for await (const part of child.stdout ?? []) {
    text += part;
    if (text.includes('\n')) return JSON.parse(text) as Taken;
  }
  throw new Error(`The runner ended and said: ${text}`);
}
