import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HumanError } from '../core/base/errors.ts';

const RETRY_MS = 20;
const GIVE_UP_MS = 10_000;

/**
 * Runs `action` while this process holds the lock `name`. A lock is a file that names its holder and is created in one
 * step by a hard link; one whose holder on this machine has died is taken over.
 */
export async function withLock<T>(folder: string, name: string, action: () => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true });
  const lock = join(folder, `${name}.lock`);
  const claim = join(folder, `${name}.${randomUUID()}`);
  writeFileSync(claim, JSON.stringify({ pid: process.pid, host: hostname() }));
  try {
    const deadline = performance.now() + GIVE_UP_MS;
    while (!tryLink(claim, lock)) {
      if (performance.now() > deadline) {
        throw new HumanError(
          'file.locked',
          `Another process holds ${lock}.`,
          'Wait for it to end, or remove that file if no InfraBuilder is running.',
        );
      }
      if (!removeIfDead(lock)) await sleep(RETRY_MS);
    }
    try {
      return await action();
    } finally {
      rmSync(lock, { force: true });
    }
  } finally {
    rmSync(claim, { force: true });
  }
}

function tryLink(claim: string, lock: string): boolean {
  try {
    linkSync(claim, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function removeIfDead(lock: string): boolean {
  try {
    const holder = JSON.parse(readFileSync(lock, 'utf8')) as { pid: number; host: string };
    if (holder.host !== hostname() || isAlive(holder.pid)) return false;
    unlinkSync(lock);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
