import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, machine, release, totalmem } from 'node:os';
import { join } from 'node:path';
import type { ProfileEnvironment } from '../types.ts';
import { type Hierarchy, planAccountingGroup } from './cgroup.ts';
import { type KernelUnits, parseAuxv } from './procfs.ts';
import { readSmall } from './read.ts';

const NARROW = new Set(['arm', 'armv7l', 'armv6l', 'i386', 'i686', 'mips']);

export function readUnits(): KernelUnits {
  return parseAuxv(readFileSync('/proc/self/auxv'), NARROW.has(machine()) ? 4 : 8);
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

/** Cores that the CPU quota of the process's cgroup (version 2) leaves; a parent's quota holds for its children. */
function quotaCores(pid: number): number {
  let cores = Number.POSITIVE_INFINITY;
  const plan: Hierarchy | undefined = planAccountingGroup(pid, '');
  if (plan?.version !== 2) return cores;
  for (let folder = plan.folder; ; folder = join(folder, '..')) {
    const text = readSmall(join(folder, 'cpu.max'));
    if (text === undefined) return cores;
    cores = Math.min(cores, parseCpuMax(text));
  }
}

/** `cpu.max`: quota and period in microseconds, or `max`. In cores. */
export function parseCpuMax(text: string): number {
  const [quota = 'max', period = '100000'] = text.trim().split(/\s+/);
  return quota === 'max' ? Number.POSITIVE_INFINITY : Number(quota) / Number(period);
}
