import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HumanError, throwIfCancelled } from '../core/base/errors.ts';
import type { LockOptions, Locks } from '../core/ports.ts';
import { isAlive } from './alive.ts';
import { makeFolders } from './folders.ts';

export const LOCK_FOLDER = '.infrabuilder/locks';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 250;
const GIVE_UP_MS = 10_000;

/** The Locks port on the workspace at `root`. */
export function createLocks(root: string): Locks {
  return {
    async hold(name, action, options) {
      const folder = options.reach === 'machine' ? machineFolder() : join(root, LOCK_FOLDER);
      const lock = await tryAcquire(folder, name, options);
      try {
        return await action();
      } finally {
        lock?.release();
      }
    },
  };
}

/** Of one user: another one could not remove the lock of a process that has died. */
function machineFolder(): string {
  return join(tmpdir(), `infrabuilder-${userInfo().uid}`, 'locks');
}

/** Undefined where no lock can be written: a read-only workspace is better used without one than not at all. */
async function tryAcquire(folder: string, name: string, options: LockOptions): Promise<Lock | undefined> {
  try {
    return await acquire(folder, name, options);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return undefined;
    throw error;
  }
}

/** Runs `action` while this process holds the lock `name`. HumanError `file.locked` where it is not let go of soon. */
export async function withLock<T>(folder: string, name: string, action: () => Promise<T>): Promise<T> {
  const lock = await acquire(folder, name, { waitMs: GIVE_UP_MS });
  try {
    return await action();
  } finally {
    lock.release();
  }
}

/** Whether a process that lives holds the lock `name`; one on another machine counts as alive. */
export function isHeld(folder: string, name: string): boolean {
  try {
    const holder = JSON.parse(readFileSync(join(folder, `${name}.lock`), 'utf8')) as { pid: number; host: string };
    return holder.host !== hostname() || isAlive(holder.pid);
  } catch {
    return false;
  }
}

interface Lock {
  release(): void;
}

/**
 * A lock is a file that names its holder and is created in one step by a hard link; one whose holder on this machine has
 * died is taken over.
 */
async function acquire(folder: string, name: string, { waitMs, signal, onWait }: LockOptions): Promise<Lock> {
  makeFolders(folder);
  const lock = join(folder, `${name}.lock`);
  const claim = join(folder, `${name}.${randomUUID()}`);
  writeFileSync(claim, JSON.stringify({ pid: process.pid, host: hostname() }));
  try {
    const deadline = performance.now() + waitMs;
    let pause = FIRST_PAUSE_MS;
    let told = false;
    while (!tryLink(claim, lock)) {
      throwIfCancelled(signal);
      if (performance.now() > deadline) {
        throw new HumanError(
          'file.locked',
          `Another process holds ${lock}.`,
          'Wait for it to end, or remove that file if no InfraBuilder is running.',
        );
      }
      if (removeIfDead(lock)) continue;
      if (!told) onWait?.();
      told = true;
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
    return { release: () => rmSync(lock, { force: true }) };
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
    const text = readFileSync(lock, 'utf8');
    const holder = JSON.parse(text) as { pid: number; host: string };
    if (holder.host !== hostname() || isAlive(holder.pid)) return false;
    return remove(lock, text);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/** Somebody else may have taken the lock over since its text was read: theirs is put back. */
function remove(lock: string, text: string): boolean {
  const aside = `${lock}.${randomUUID()}`;
  renameSync(lock, aside);
  try {
    const isDead = readFileSync(aside, 'utf8') === text;
    if (!isDead) tryLink(aside, lock);
    return isDead;
  } finally {
    rmSync(aside, { force: true });
  }
}
