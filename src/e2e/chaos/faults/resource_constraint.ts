import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { EnvironmentError, errorMessage, HumanError } from '../../../core/base/errors.ts';
import { identify, type ProcessIdentity, readStat } from '../../reap/identity.ts';
import type { Journal } from '../../reap/journal.ts';
import { type Controller, makeCgroup, placesFor } from '../cgroup.ts';
import { defineFault, type FaultContext, type FaultTarget, type Injection, notPossible, type Proof } from '../fault.ts';
import { throttle } from './throttle.ts';

const run = promisify(execFile);
const CPU_PERIOD_US = 100_000;
const MB = 1024 * 1024;

const params = z
  .object({
    cpu_cores: z.number().min(0.01).max(64).optional(),
    memory_mb: z.number().min(1).optional(),
    /** `cgroup` limits by the kernel, `process` stops and continues (CPU) or sets a limit by prlimit (memory). */
    method: z.enum(['auto', 'cgroup', 'process']).default('auto'),
  })
  .refine((one) => one.cpu_cores !== undefined || one.memory_mb !== undefined, {
    message: 'name cpu_cores, memory_mb or both',
  });

/** Gives the target's processes less CPU or memory: by cgroup where that is permitted, else process by process. */
export const resourceConstraint = defineFault({
  params,
  async inject(context: FaultContext<z.output<typeof params>>) {
    if (process.platform !== 'linux') throw notPossible(`Constraints need Linux; this is ${process.platform}.`);
    const { params, target, journal, id } = context;
    const members = await membersOf(target);
    const parts: Injection[] = [];
    try {
      for (const controller of ['cpu', 'memory'] as const) {
        const amount = controller === 'cpu' ? params.cpu_cores : params.memory_mb;
        if (amount === undefined) continue;
        const limited =
          params.method === 'process'
            ? { reasons: [] }
            : await byCgroup(journal, `infrabuilder-${journal.run}-${id}`, members, controller, amount);
        if (!('reasons' in limited)) parts.push(limited);
        else if (params.method === 'cgroup') {
          throw new EnvironmentError(
            'chaos.no-cgroup',
            `No cgroup for ${controller} can be made: ${limited.reasons.join('; ') || 'the system has none'}.`,
            'Run as root, or use method: process.',
          );
        } else
          parts.push(
            controller === 'cpu' ? throttle(journal, members, amount) : await byPrlimit(journal, members, amount),
          );
      }
    } catch (error) {
      for (const part of parts) await part.resolve();
      throw error;
    }
    return all(parts);
  },
});

async function membersOf(target: FaultTarget): Promise<ProcessIdentity[]> {
  const pids = target.pids?.() ?? (target.service === undefined ? [] : [target.service.pid]);
  const members: ProcessIdentity[] = [];
  for (const pid of pids) {
    const identity = await identify(pid);
    if (identity === undefined)
      throw new HumanError(
        'chaos.no-process',
        `Process ${pid} of ${target.name} is gone.`,
        'Was the target started, and does it still run?',
      );
    members.push(identity);
  }
  if (members.length === 0) throw new HumanError('chaos.wrong-target', `The target ${target.name} has no process.`);
  return members;
}

async function byCgroup(
  journal: Journal,
  name: string,
  members: readonly ProcessIdentity[],
  controller: Controller,
  amount: number,
): Promise<Injection | { readonly reasons: readonly string[] }> {
  const first = members[0];
  if (first === undefined) return { reasons: ['no process'] };
  const made = await makeCgroup(journal, {
    places: await placesFor(first.pid, controller),
    name: `${name}-${controller}`,
    controller,
    members,
    limits: (version) => limitFiles(controller, version, amount),
  });
  if ('reasons' in made) return made;
  const { path, place, debt } = made;
  const inside = async () =>
    (await Promise.all(members.map(({ pid }) => readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '')))).filter(
      (text) => text.includes(basename(path)),
    ).length;
  return {
    method: `cgroup v${place.version} ${controller}`,
    async prove() {
      const count = await inside();
      const kept: string[] = [];
      for (const file of Object.keys(limitFiles(controller, place.version, amount)))
        kept.push(`${file} = ${(await readFile(join(path, file), 'utf8')).trim()}`);
      return {
        holds: count === members.length,
        expected: `${members.length} processes are limited to ${amount} ${controller === 'cpu' ? 'cores' : 'MB'}`,
        observed: `${count} are in ${path}; ${kept.join(', ')}`,
      };
    },
    resolve: () => journal.settle(debt),
    async recovered() {
      const count = await inside();
      return { holds: count === 0, expected: 'no process is in the cgroup', observed: `${count} are` };
    },
  };
}

function limitFiles(controller: Controller, version: 1 | 2, amount: number): Record<string, string> {
  if (controller === 'memory') {
    return { [version === 1 ? 'memory.limit_in_bytes' : 'memory.max']: String(Math.round(amount * MB)) };
  }
  const quota = String(Math.round(amount * CPU_PERIOD_US));
  return version === 1
    ? { 'cpu.cfs_period_us': String(CPU_PERIOD_US), 'cpu.cfs_quota_us': quota }
    : { 'cpu.max': `${quota} ${CPU_PERIOD_US}` };
}

/** RLIMIT_DATA counts private writable memory; an allocation beyond it fails in the process. */
async function byPrlimit(journal: Journal, members: readonly ProcessIdentity[], memoryMb: number): Promise<Injection> {
  const limit = String(Math.round(memoryMb * MB));
  const debts: number[] = [];
  for (const member of members) {
    const [soft = 'unlimited', hard = 'unlimited'] = (await readLimit(member.pid)).split(/\s+/);
    debts.push(journal.owe({ kind: 'limit', resource: 'data', soft, hard, ...member }));
    // The hard limit stays, so that the old soft one can come back without privileges.
    await run('prlimit', ['--pid', String(member.pid), `--data=${limit}:${hard}`]);
  }
  const holding = async (expected: string): Promise<Proof> => {
    const limits = await Promise.all(
      members.map(async ({ pid }) => (await readStat(pid)) && (await readLimit(pid)).split(/\s+/)[0]),
    );
    const hit = limits.filter((one) => one === limit).length;
    return { holds: hit === members.length, expected, observed: `RLIMIT_DATA: ${limits.join(', ')}` };
  };
  return {
    method: 'prlimit data',
    prove: () => holding(`each process has RLIMIT_DATA = ${limit}`),
    async resolve() {
      for (const debt of debts) await journal.settle(debt);
    },
    async recovered() {
      const still = await holding('no process has the limit');
      return { ...still, holds: !still.holds };
    },
  };
}

async function readLimit(pid: number): Promise<string> {
  try {
    const { stdout } = await run('prlimit', [
      '--pid',
      String(pid),
      '--data',
      '--raw',
      '--noheadings',
      '--output',
      'SOFT,HARD',
    ]);
    return stdout.trim();
  } catch (error) {
    throw notPossible(
      `No memory limit can be set for process ${pid}: ${errorMessage(error)}`,
      'It needs the program prlimit (util-linux) and the right to use it.',
    );
  }
}

function all(parts: readonly Injection[]): Injection {
  const join = async (proofs: Promise<Proof>[]): Promise<Proof> => {
    const done = await Promise.all(proofs);
    return {
      holds: done.every((one) => one.holds),
      expected: done.map((one) => one.expected).join('; '),
      observed: done.map((one) => one.observed).join('; '),
    };
  };
  return {
    method: parts.map((part) => part.method).join(', '),
    prove: () => join(parts.map((part) => part.prove())),
    async resolve() {
      for (const part of parts) await part.resolve();
    },
    recovered: () => join(parts.map((part) => part.recovered())),
  };
}
