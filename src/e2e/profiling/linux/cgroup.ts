import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GroupReading } from '../types.ts';
import { readSmall } from './read.ts';

const BUSY_MS = 10;
const BUSY_ATTEMPTS = 300;

/** Where a process stands in one cgroup hierarchy. */
export interface Hierarchy {
  readonly version: 1 | 2;
  /** Folder of the group the process is in. */
  readonly folder: string;
}

/**
 * The hierarchy that counts CPU time, from the text of `/proc/<pid>/cgroup` and `/proc/self/mountinfo`: version 1's
 * cpuacct where it is mounted, else version 2. Undefined where there is neither, or the group lies outside the mount.
 */
export function accountingHierarchy(cgroup: string, mountinfo: string): Hierarchy | undefined {
  const groups = cgroup.split('\n').map((line) => {
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    return { controllers: controllers.split(','), path };
  });
  const mounts = mountinfo.split('\n').flatMap((line) => {
    const [left = '', right = ''] = line.split(' - ');
    const [, , , root, point] = left.split(' ');
    const [type, , options = ''] = right.split(' ');
    return root === undefined || point === undefined
      ? []
      : [{ root, point: unescapeOctal(point), type, options: options.split(',') }];
  });
  const one = mounts.find(({ type, options }) => type === 'cgroup' && options.includes('cpuacct'));
  const two = mounts.find(({ type }) => type === 'cgroup2');
  const mount = one ?? two;
  if (mount === undefined) return undefined;
  const group = groups.find(({ controllers, path }) =>
    mount === one ? controllers.includes('cpuacct') : controllers[0] === '' && path !== '',
  );
  if (group === undefined) return undefined;
  const inside =
    mount.root === '/'
      ? group.path
      : group.path.startsWith(mount.root)
        ? group.path.slice(mount.root.length)
        : undefined;
  return inside === undefined ? undefined : { version: mount === one ? 1 : 2, folder: join(mount.point, inside) };
}

/** A cgroup of our own that counts what a process and all that it starts later use. */
export interface AccountingGroup {
  readonly folder: string;
  /** The `cgroup.procs` that the process came from, and goes back to. */
  readonly home: string;
  /** Undefined once the process was moved elsewhere: the count would be short. */
  read(): GroupReading | undefined;
  /** Sends the members home and removes the group. Throws what the file system throws where it stays busy. */
  remove(): Promise<void>;
}

/**
 * The group that `name` would get, without making it, so that a caller can note it down first. Undefined where the system
 * has no hierarchy that counts CPU.
 */
export function planAccountingGroup(pid: number, name: string): Hierarchy | undefined {
  const hierarchy = accountingHierarchy(
    readSmall(`/proc/${pid}/cgroup`) ?? '',
    readSmall('/proc/self/mountinfo') ?? '',
  );
  return hierarchy === undefined ? undefined : { version: hierarchy.version, folder: join(hierarchy.folder, name) };
}

/**
 * Makes the planned group and moves the processes into it. Undefined where this is not allowed; nothing is left then. CPU
 * used before the move is not counted.
 */
export async function makeAccountingGroup(
  plan: Hierarchy,
  pids: readonly number[],
): Promise<AccountingGroup | undefined> {
  const { folder, version } = plan;
  const home = join(dirname(folder), 'cgroup.procs');
  try {
    mkdirSync(folder);
  } catch {
    return undefined;
  }
  const remove = async () => {
    for (const pid of membersOf(folder)) moveTo(home, pid);
    // The kernel answers EBUSY for a moment after the last member left.
    for (let attempt = 1; !removed(folder, attempt); attempt += 1) await sleep(BUSY_MS);
  };
  if (!pids.every((pid) => moveTo(join(folder, 'cgroup.procs'), pid))) {
    await remove();
    return undefined;
  }
  const [root] = pids;
  return {
    folder,
    home,
    read: () => (root !== undefined && hasMoved(folder, root) ? undefined : readGroup(version, folder)),
    remove,
  };
}

function readGroup(version: 1 | 2, folder: string): GroupReading | undefined {
  if (version === 1) {
    const usage = readSmall(join(folder, 'cpuacct.usage'));
    return usage === undefined ? undefined : { cpuMs: Number(usage) / 1e6 };
  }
  const stat = parseCpuStat(readSmall(join(folder, 'cpu.stat')) ?? '');
  if (stat === undefined) return undefined;
  const memory = readSmall(join(folder, 'memory.current'));
  return { ...stat, ...(memory !== undefined && { memory: Number(memory) }) };
}

/** `cpu.stat` of version 2. */
export function parseCpuStat(text: string): GroupReading | undefined {
  const usage = /^usage_usec (\d+)$/m.exec(text)?.[1];
  if (usage === undefined) return undefined;
  const throttled = /^throttled_usec (\d+)$/m.exec(text)?.[1];
  return { cpuMs: Number(usage) / 1000, ...(throttled !== undefined && { throttledMs: Number(throttled) / 1000 }) };
}

function removed(folder: string, attempt: number): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EBUSY' && attempt < BUSY_ATTEMPTS) return false;
    throw error;
  }
}

function membersOf(folder: string): number[] {
  return (readSmall(join(folder, 'cgroup.procs')) ?? '').split('\n').filter(Boolean).map(Number);
}

/** A process that ended has left its group, but its time stays counted: only a living one can have moved. */
function hasMoved(folder: string, pid: number): boolean {
  return !membersOf(folder).includes(pid) && readSmall(`/proc/${pid}/stat`) !== undefined;
}

function moveTo(procs: string, pid: number): boolean {
  try {
    writeFileSync(procs, String(pid));
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/** mountinfo writes blanks as \040. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
