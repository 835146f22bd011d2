import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import type { ProfileEnvironment } from '../types.ts';
import { planAccountingGroup } from './cgroup.ts';
import { type KernelUnits, parseAuxv } from './procfs.ts';
import { readSmall } from './read.ts';

const NARROW = new Set(['arm', 'ia32', 'mips', 'mipsel']);

export function readUnits(): KernelUnits {
  return parseAuxv(readFileSync('/proc/self/auxv'), NARROW.has(process.arch) ? 4 : 8);
}

export function linuxEnvironment(pid: number, units: KernelUnits): ProfileEnvironment {
  const all = cpus();
  return {
    os: 'linux',
    kernel: release(),
    cpuModel: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    allottedCores: Math.min(availableParallelism(), quotaCores(pid)),
    memoryBytes: totalmem(),
    cpuStepMs: 1000 / units.ticksPerSecond,
  };
}

/** Cores that the CPU quota of the process's cgroup leaves; a parent's quota holds for its children. */
function quotaCores(pid: number): number {
  let cores = Number.POSITIVE_INFINITY;
  const group = planAccountingGroup(pid, '');
  for (let folder = group?.folder; folder !== undefined && folder !== '/'; folder = join(folder, '..')) {
    cores = Math.min(cores, quotaOf(folder));
  }
  return cores;
}

function quotaOf(folder: string): number {
  const two = readSmall(join(folder, 'cpu.max'));
  if (two !== undefined) return parseCpuMax(two);
  const quota = Number(readSmall(join(folder, 'cpu.cfs_quota_us')) ?? -1);
  const period = Number(readSmall(join(folder, 'cpu.cfs_period_us')) ?? 0);
  return quota > 0 && period > 0 ? quota / period : Number.POSITIVE_INFINITY;
}

/** `cpu.max`: quota and period in microseconds, or `max`. In cores. */
export function parseCpuMax(text: string): number {
  const [quota = 'max', period = '100000'] = text.trim().split(/\s+/);
  return quota === 'max' ? Number.POSITIVE_INFINITY : Number(quota) / Number(period);
}
