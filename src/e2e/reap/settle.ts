import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { HumanError } from '../../core/base/errors.ts';
import type { Debt, DebtOf } from './debt.ts';
import { isAlive, processesOfRun, readStat } from './identity.ts';

const run = promisify(execFile);
const GONE_WITHIN_MS = 5000;

/** Gives back what is owed; doing it twice does no harm. Throws where it could not, with what is left to do by hand. */
export async function settle(debt: Debt, runId: string): Promise<void> {
  switch (debt.kind) {
    case 'process':
      return endGroup(debt, runId);
    case 'folder':
      return rm(debt.path, { recursive: true, force: true, maxRetries: 3 });
    case 'cgroup':
      return removeCgroup(debt);
    case 'stopped':
      if (await isAlive(debt)) process.kill(debt.pid, 'SIGCONT');
      return;
    case 'limit':
      if (await isAlive(debt))
        await run('prlimit', ['--pid', String(debt.pid), `--${debt.resource}=${debt.soft}:${debt.hard}`]);
      return;
    case 'file':
      return restoreFile(debt);
    case 'toxic':
      return removeToxic(debt);
    case 'disabled-proxy':
      await request(debt.api, 'POST', `/proxies/${encodeURIComponent(debt.proxy)}`, { enabled: true });
  }
}

/** Ends every process that inherited the run's mark, wherever it went. */
export async function sweep(runId: string): Promise<number> {
  const strays = (await processesOfRun(runId)).filter((pid) => pid !== process.pid);
  for (const pid of strays) signal(pid, 'SIGKILL');
  await waitFor(async () => (await processesOfRun(runId)).every((pid) => pid === process.pid));
  return strays.length;
}

async function endGroup(debt: DebtOf<'process'>, runId: string): Promise<void> {
  if (process.platform === 'win32') {
    if (await isAlive(debt)) await run('taskkill', ['/PID', String(debt.pid), '/T', '/F']).catch(() => undefined);
    return;
  }
  const leader = await isAlive(debt);
  if (!leader && !(await groupIsOurs(debt.pid, runId))) return;
  signal(-debt.pid, 'SIGKILL');
  if (!(await waitFor(async () => !(await isAlive(debt)) && !(await groupIsOurs(debt.pid, runId))))) {
    throw new HumanError(
      'e2e.cannot-end',
      `Process group ${debt.pid} (${debt.name}) does not end.`,
      `Look at it with: ps -g ${debt.pid}`,
    );
  }
}

/** A leader that has gone leaves its number to its group, but the number alone does not prove whose group it is. */
async function groupIsOurs(group: number, runId: string): Promise<boolean> {
  for (const pid of await processesOfRun(runId)) {
    const stat = await readStat(pid);
    if (stat?.group === group && stat.state !== 'Z') return true;
  }
  return false;
}

async function removeCgroup(debt: DebtOf<'cgroup'>): Promise<void> {
  const left = await readFile(join(debt.path, 'cgroup.procs'), 'utf8').catch(() => undefined);
  if (left === undefined) return;
  for (const line of left.split('\n').filter(Boolean)) {
    const member = debt.members.find((one) => one.pid === Number(line));
    const home = member?.home ?? join(dirname(debt.path), 'cgroup.procs');
    await writeFile(home, line).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ESRCH') throw error;
    });
  }
  for (const entry of await readdir(debt.path, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeCgroup({ ...debt, path: join(debt.path, entry.name) });
  }
  // The kernel answers EBUSY for a moment after the last member left.
  if (
    !(await waitFor(() =>
      rmdir(debt.path).then(
        () => true,
        (error) => error.code === 'ENOENT',
      ),
    ))
  ) {
    throw new HumanError(
      'e2e.cannot-remove-cgroup',
      `The cgroup ${debt.path} is still busy.`,
      `Remove it with: rmdir ${debt.path}`,
    );
  }
}

async function restoreFile(debt: DebtOf<'file'>): Promise<void> {
  const now = await readFile(debt.path).catch(() => undefined);
  const backup = await readFile(debt.backup).catch(() => undefined);
  if (backup === undefined) return;
  if (now !== undefined && sha256(now) !== debt.damaged && !now.equals(backup)) {
    throw new HumanError(
      'e2e.file-changed',
      `${debt.path} was changed after its bytes were damaged, so it was not put back.`,
      `Its content from before is in ${debt.backup}.`,
    );
  }
  await copyFile(debt.backup, debt.path);
  await rm(debt.backup, { force: true });
}

async function removeToxic(debt: DebtOf<'toxic'>): Promise<void> {
  const proxy = `/proxies/${encodeURIComponent(debt.proxy)}`;
  await request(debt.api, 'DELETE', debt.toxic === null ? proxy : `${proxy}/toxics/${encodeURIComponent(debt.toxic)}`);
}

/** A server that has gone took its toxics along; one that answers must confirm. */
async function request(api: string, method: string, path: string, body?: unknown): Promise<void> {
  let reply: Response;
  try {
    reply = await fetch(api + path, {
      method,
      signal: AbortSignal.timeout(GONE_WITHIN_MS),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  } catch (error) {
    if ((error as { cause?: { code?: string } }).cause?.code === 'ECONNREFUSED') return;
    throw error;
  }
  if (!reply.ok && reply.status !== 404) {
    throw new HumanError(
      'e2e.toxic-left',
      `${method} ${api}${path} answered ${reply.status}.`,
      'Reset the proxy server by hand.',
    );
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function waitFor(condition: () => Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + GONE_WITHIN_MS; ; await sleep(10)) {
    if (await condition()) return true;
    if (Date.now() > end) return false;
  }
}
