import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import type { ProcessRequest, ProcessResult } from '../../../src/core/ports.ts';
import { createProcesses } from '../../../src/node/processes.ts';

const notHere = (): void => {};
const onPosix = process.platform === 'win32' ? notHere : it;
const onLinux = process.platform === 'linux' ? it : notHere;

describe('processes', () => {
  let root: string;
  let processes: ReturnType<typeof createProcesses>;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'infrabuilder processes '));
    processes = createProcesses(root);
  });
  after(async () => {
    processes.dispose();
    await rm(root, { recursive: true });
  });

  /** Runs JavaScript in a Node of its own. */
  function node(source: string, request: Partial<ProcessRequest> = {}): Promise<ProcessResult> {
    return processes.run({ argv: [process.execPath, '-e', source], cwd: '.', ...request });
  }

  async function lines(source: string): Promise<string[]> {
    const seen: string[] = [];
    await node(source, { onLine: (line, stream) => seen.push(`${stream}: ${line}`) });
    return seen;
  }

  describe('output', () => {
    it('keeps both streams and the exit code', async () => {
      const result = await node(`console.log('out'); console.error('err'); process.exitCode = 3`);
      assert.partialDeepStrictEqual(result, {
        outcome: 'exited',
        exitCode: 3,
        stdout: 'out\n',
        stderr: 'err\n',
        truncated: false,
      });
    });

    it('passes arguments and environment as they are', async () => {
      const argv = [process.execPath, '-e', 'console.log(process.argv[1], process.env.GREETING)', '$HOME; *"'];
      const result = await processes.run({ argv, cwd: '.', env: { GREETING: 'a b' } });
      assert.equal(result.stdout, '$HOME; *" a b\n');
    });

    it('ends lines at \\n, \\r\\n and \\r, and gives a last line without an end', async () => {
      assert.deepEqual(await lines(`process.stdout.write('one\\r\\ntwo\\n10%\\r20%\\rlast')`), [
        'stdout: one',
        'stdout: two',
        'stdout: 10%',
        'stdout: 20%',
        'stdout: last',
      ]);
    });

    it('does not see an empty line in \\r\\n that arrives in two parts', async () => {
      const source = `process.stdout.write('a\\r'); setTimeout(() => process.stdout.write('\\nb\\n'), 100)`;
      assert.deepEqual(await lines(source), ['stdout: a', 'stdout: b']);
    });

    it('puts a character together that arrives in two parts, and marks invalid bytes', async () => {
      const source = `process.stdout.write(Buffer.from([0xc3])); setTimeout(() => process.stdout.write(Buffer.from([0xa9, 0xff])), 100)`;
      assert.deepEqual(await lines(source), ['stdout: é\uFFFD']);
      assert.equal((await node(source)).stdout, 'é\uFFFD');
    });

    it('cuts a line of 10 MB for listeners and keeps it whole', async () => {
      const seen: string[] = [];
      const result = await node(`process.stdout.write('x'.repeat(10_000_000) + '\\nnext')`, {
        onLine: (line) => seen.push(line),
      });
      assert.equal(result.stdout.length, 10_000_005);
      assert.equal(seen.length, 2);
      assert.match(seen[0] ?? '', /^x{1048576} \[8951424 more characters\]$/);
      assert.equal(seen[1], 'next');
    });

    it('keeps the end of 50 MB, from a whole line on, and says so', async () => {
      let count = 0;
      const source = `const line = 'y'.repeat(99) + '\\n'; for (let i = 0; i < 500; i++) process.stdout.write(line.repeat(1000)); console.log('end')`;
      const result = await node(source, { onLine: () => count++ });
      assert.equal(result.truncated, true);
      assert.equal(count, 500_001);
      assert.ok(result.stdout.startsWith(`${'y'.repeat(99)}\n`));
      assert.ok(result.stdout.endsWith('y\nend\n'));
      assert.ok(result.stdout.length < 20_000_000);
    });

    it('gives the program no input to wait for', async () => {
      const result = await node(`process.stdin.on('data', () => {}).on('end', () => console.log('ended'))`);
      assert.equal(result.stdout, 'ended\n');
    });

    it('passes on what a listener throws, with nothing left running', async () => {
      const source = `console.log(process.pid); setInterval(() => {}, 1000)`;
      let pid = 0;
      const onLine = (line: string): void => {
        pid = Number(line);
        throw new Error('listener broke');
      };
      await assert.rejects(node(source, { onLine }), /listener broke/);
      assert.equal(isAlive(pid), false);
    });
  });

  describe('a program that cannot start', () => {
    async function failure(argv: string[], cwd = '.'): Promise<unknown> {
      const result = await processes.run({ argv, cwd });
      assert.equal(result.outcome, 'spawn-failed');
      assert.equal(result.exitCode, undefined);
      return result.failure;
    }

    it('is missing', async () => {
      assert.deepEqual(await failure(['no-such-program-here', 'x']), {
        missing: true,
        message: 'The program no-such-program-here was not found. It is not on the PATH.',
        kind: 'no-program',
      });
      assert.deepEqual(await failure(['./no_replay.sh']), {
        missing: true,
        message: 'The program ./no_replay.sh was not found. There is no such file.',
        kind: 'no-program',
      });
    });

    it('has no folder to run in', async () => {
      assert.deepEqual(await failure([process.execPath], 'no/folder'), {
        missing: false,
        message: 'The folder no/folder does not exist.',
        kind: 'no-folder',
      });
      await writeFile(join(root, 'file'), '');
      assert.deepEqual(await failure([process.execPath], 'file'), {
        missing: false,
        message: 'file is not a folder.',
        kind: 'no-folder',
      });
    });

    onPosix('may not be executed', async () => {
      await writeFile(join(root, 'plain.sh'), '#!/bin/sh\n');
      assert.deepEqual(await failure(['./plain.sh']), {
        missing: false,
        message: './plain.sh cannot be executed: permission denied. Make it executable (chmod +x).',
        kind: 'no-permission',
      });
    });

    onPosix('has no interpreter', async () => {
      await writeFile(join(root, 'lost.sh'), '#!/no/such/interpreter\n');
      await chmod(join(root, 'lost.sh'), 0o755);
      assert.deepEqual(await failure(['./lost.sh']), {
        missing: true,
        message: './lost.sh exists, but the interpreter in its first line (#!) does not.',
        kind: 'no-program',
      });
    });

    it('has an argument that no program can receive', async () => {
      const result = await processes.run({ argv: [process.execPath, 'a\0b'], cwd: '.' });
      assert.equal(result.outcome, 'spawn-failed');
      assert.match(result.failure?.message ?? '', /holds a NUL character/);
    });
  });

  onPosix('finds ./script relative to its folder', async () => {
    await writeFile(join(root, 'run_replay.sh'), '#!/bin/sh\npwd\n');
    await chmod(join(root, 'run_replay.sh'), 0o755);
    const result = await processes.run({ argv: ['./run_replay.sh'], cwd: '.' });
    assert.match(result.stdout, /infrabuilder processes /);
  });

  describe('an end', () => {
    /** A program with a child, both of which ignore SIGTERM if told to; prints both ids. */
    const family = (ignore: boolean): string => `
      const deaf = ${ignore} ? "process.on('SIGTERM', () => {});" : '';
      const wait = "setInterval(() => {}, 1000);";
      if (${ignore}) process.on('SIGTERM', () => {});
      const child = require('node:child_process').spawn(process.execPath, ['-e', deaf + "console.log(process.pid);" + wait], { stdio: 'inherit' });
      console.log(process.pid);
      setInterval(() => {}, 1000);`;

    async function endedFamily(
      ignore: boolean,
      how: 'cancel' | 'timeout',
    ): Promise<{ result: ProcessResult; pids: number[] }> {
      const controller = new AbortController();
      const pids: number[] = [];
      const onLine = (line: string): void => {
        pids.push(Number(line));
        if (pids.length === 2 && how === 'cancel') controller.abort();
      };
      const timing = how === 'timeout' ? { timeoutMs: 1_500 } : {};
      const result = await node(family(ignore), { onLine, signal: controller.signal, ...timing });
      assert.equal(pids.length, 2);
      return { result, pids };
    }

    it('by cancel takes the whole group', async () => {
      const { result, pids } = await endedFamily(false, 'cancel');
      assert.equal(result.outcome, 'cancelled');
      assert.equal(result.exitCode, undefined);
      assert.deepEqual(pids.map(isAlive), [false, false]);
    });

    it('by time-out takes the whole group', async () => {
      const { result, pids } = await endedFamily(false, 'timeout');
      assert.equal(result.outcome, 'timed-out');
      assert.deepEqual(pids.map(isAlive), [false, false]);
    });

    it('takes programs that refuse to end', async () => {
      const { result, pids } = await endedFamily(true, 'cancel');
      assert.equal(result.outcome, 'cancelled');
      assert.deepEqual(pids.map(isAlive), [false, false]);
    });

    it('does not start a program that was cancelled before', async () => {
      const result = await node(`console.log('ran')`, { signal: AbortSignal.abort() });
      assert.partialDeepStrictEqual(result, { outcome: 'cancelled', stdout: '' });
    });

    onPosix('by a signal is not an exit', async () => {
      const result = await node(`process.kill(process.pid, 'SIGKILL')`);
      assert.partialDeepStrictEqual(result, { outcome: 'signalled', signalName: 'SIGKILL', exitCode: undefined });
    });
  });

  describe('what outlives its program', () => {
    const leave = (options: string): string => `
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], ${options});
      child.unref();
      console.log(child.pid);
      process.exit(0);`;

    for (const [title, options] of [
      ['holds the pipe', `{ stdio: 'inherit' }`],
      ['has its own output', `{ stdio: 'ignore' }`],
    ] as const) {
      onPosix(`is ended: a grandchild that ${title}`, async () => {
        const result = await node(leave(options));
        assert.partialDeepStrictEqual(result, { outcome: 'exited', exitCode: 0 });
        assert.equal(isAlive(Number(result.stdout)), false);
      });
    }

    for (const stdio of ['inherit', 'ignore']) {
      onLinux(`is ended: a daemon in a session of its own (output: ${stdio})`, async () => {
        const result = await node(leave(`{ stdio: '${stdio}', detached: true }`));
        assert.partialDeepStrictEqual(result, { outcome: 'exited', exitCode: 0 });
        assert.equal(isAlive(Number(result.stdout)), false);
      });
    }
  });

  describe('when this process ends', () => {
    /** A process of its own that runs a program through the port and prints the program's id. */
    async function host(
      body: string,
    ): Promise<{ pid: number; exit: Promise<unknown[]>; kill(signal: NodeJS.Signals): void }> {
      const module = pathToFileURL(join(import.meta.dirname, '../../../src/node/processes.ts')).href;
      const file = join(root, 'host.mjs');
      await writeFile(
        file,
        `import { createProcesses } from ${JSON.stringify(module)};
        createProcesses(import.meta.dirname); // a second one beside it must not be in the way
        const source = "console.log(process.pid); setInterval(() => {}, 1000)";
        createProcesses(import.meta.dirname).run({ argv: [process.execPath, '-e', source], cwd: '.', onLine: (line) => { console.log(line); ${body} } });`,
      );
      const child = execa(process.execPath, [file], { reject: false, buffer: false });
      const exit = once(child, 'exit');
      const [data] = (await once(child.stdout, 'data')) as [Buffer];
      return { pid: Number(data.toString()), exit, kill: (signal) => child.kill(signal) };
    }

    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      onPosix(`by ${signal}, programs end first and the signal keeps its meaning`, async () => {
        const { pid, exit, kill } = await host('');
        assert.equal(isAlive(pid), true);
        kill(signal);
        assert.deepEqual(await exit, [null, signal]);
        assert.equal(isAlive(pid), false);
      });
    }

    it('by process.exit, programs are killed', async () => {
      const { pid, exit } = await host('setTimeout(() => process.exit(7), 50)');
      assert.deepEqual(await exit, [7, null]);
      await gone(pid);
    });
  });

  it('leaves no handler behind when disposed', () => {
    const count = (): number =>
      ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'].reduce((sum, name) => sum + process.listenerCount(name), 0);
    const before = count();
    createProcesses(root).dispose();
    assert.equal(count(), before);
  });
});

/** False for a zombie too: it runs no more, whoever has yet to read its exit code. */
function isAlive(pid: number): boolean {
  assert.ok(pid > 0, 'a process id');
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

/** A killed process needs a moment to disappear. */
async function gone(pid: number): Promise<void> {
  for (let tries = 0; tries < 100 && isAlive(pid); tries++) await sleep(20);
  assert.equal(isAlive(pid), false);
}
