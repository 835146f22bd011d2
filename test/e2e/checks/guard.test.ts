import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '../../support/until.ts';

const CLI = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));
/** A check that never ends, does not want to end, and has a child in a process group of its own. */
const STUBBORN = `
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
process.on('SIGTERM', () => {});
const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
writeFileSync('pids', [process.pid, child.pid].join(' '));
setInterval(() => {}, 1000);
`;
const QUICK = `import { spawn } from 'node:child_process';
const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
child.on('exit', () => console.log('done'));
`;

const onLinux = process.platform === 'linux' ? it : (): void => {};
const onPosix = process.platform === 'win32' ? (): void => {} : it;

describe('a command line that is killed', function () {
  this.timeout(60_000);
  let root: string;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'infrabuilder guard '));
    const node = JSON.stringify(process.execPath);
    await writeFile(join(root, 'stubborn.mjs'), STUBBORN);
    await writeFile(join(root, 'quick.mjs'), QUICK);
    const checks = ['stubborn', 'quick'].map((name) => `  ${name}: {run: [${node}, ${name}.mjs]}`);
    await writeFile(join(root, 'infrabuilder.yaml'), `version: 1\npaths: {source: .}\nchecks:\n${checks.join('\n')}\n`);
  });
  after(async () => {
    for (const pid of existsSync(join(root, 'pids')) ? await pids() : []) if (runs(pid)) process.kill(pid, 'SIGKILL');
    await rm(root, { recursive: true, maxRetries: 5, retryDelay: 100 });
  });

  const start = (check: string): ChildProcess =>
    spawn(process.execPath, [CLI, 'check', check, '--cwd', root], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });

  async function pids(): Promise<number[]> {
    return (await readFile(join(root, 'pids'), 'utf8')).split(' ').map(Number);
  }

  async function startStubborn(): Promise<{ readonly cli: ChildProcess; readonly pids: readonly number[] }> {
    await rm(join(root, 'pids'), { force: true });
    const cli = start('stubborn');
    await until(() => existsSync(join(root, 'pids')), 'the check starts');
    await until(async () => (await pids()).length === 2, 'the check has written who it is');
    return { cli, pids: await pids() };
  }

  onLinux('leaves nothing of the check that it ran, also not what left the process group', async () => {
    const { cli, pids } = await startStubborn();
    for (const pid of pids) assert.ok(runs(pid));
    cli.kill('SIGKILL');
    await until(() => !pids.some(runs), 'check and child end');
  });

  onPosix('is not outlived by the check when its whole process group is killed', async () => {
    const { cli, pids } = await startStubborn();
    process.kill(-(cli.pid ?? 0), 'SIGKILL');
    await until(() => !runs(pids[0] ?? 0), 'the check ends');
  });

  onLinux('leaves no guard either: not after a kill, and not after a check that has ended', async () => {
    const { cli } = await startStubborn();
    const killed = await guardOf(cli.pid ?? 0);
    cli.kill('SIGKILL');
    await until(() => !runs(killed), 'the guard ends after a kill');

    const { cli: second } = await startStubborn();
    const guard = await guardOf(second.pid ?? 0);
    second.kill('SIGINT');
    await once(second, 'exit');
    await until(() => !runs(guard), 'the guard ends with its command line');
    const quick = start('quick');
    const [code] = (await once(quick, 'exit')) as [number | null];
    assert.equal(code, 0);
  });
});

/** The child of a command line that is its guard. */
async function guardOf(parent: number): Promise<number> {
  let found: number | undefined;
  await until(async () => {
    const children = await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8').catch(() => '');
    for (const pid of children.trim().split(' ').map(Number)) {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (command.includes('__guard')) found = pid;
    }
    return found !== undefined;
  }, 'the guard starts');
  return found ?? 0;
}

/** A zombie runs no more. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return process.platform !== 'linux' || !isZombie(pid);
}

function isZombie(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return true;
  }
}
