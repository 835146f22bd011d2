import { ProcessTree } from '../tree.ts';
import type { ProcessInfo, ProfileEnvironment, ResourceSample, ResourceSampler } from '../types.ts';
import type { AccountingGroup } from './cgroup.ts';
import { linuxEnvironment, readUnits } from './environment.ts';
import { type KernelUnits, parseKilobytes, parseSteal } from './procfs.ts';
import { ProcessTable, readSmall } from './read.ts';
import { SchedulerClock } from './scheduler.ts';

/** Share of the time that may go into smaps_rollup, which walks page tables: 0.1 ms a process and more. */
const DETAIL_SHARE = 0.002;

/** Samples a process tree from /proc and, where one was made, from its cgroup. */
export class LinuxSampler implements ResourceSampler {
  readonly environment: ProfileEnvironment;
  readonly #units: KernelUnits;
  readonly #table: ProcessTable;
  readonly #tree: ProcessTree;
  readonly #clock: SchedulerClock;
  readonly #group: AccountingGroup | undefined;
  #followed: ReadonlyMap<number, ProcessInfo> = new Map();
  #start: number | undefined;
  #steal: number | undefined;
  #groupStart: number | undefined;
  #detailAt = Number.NEGATIVE_INFINITY;

  constructor(pid: number, group?: AccountingGroup) {
    this.#units = readUnits();
    this.environment = linuxEnvironment(pid, this.#units);
    this.#table = new ProcessTable(this.#units);
    this.#tree = new ProcessTree(pid);
    this.#clock = new SchedulerClock(this.environment.cpuStepMs);
    this.#group = group;
  }

  async sample(): Promise<ResourceSample | undefined> {
    const now = performance.now();
    const table = this.#table.read(this.#followed, now);
    const { followed, members, cpuMs } = this.#tree.update(table, this.#clock.ownCpuMs);
    this.#clock.turn();
    this.#followed = followed;
    if (members.length === 0) return undefined;
    this.#start ??= now;
    return {
      at: now - this.#start,
      processes: members.length,
      threads: sum(members, ({ threads }) => threads),
      cpuMs,
      rss: sum(members, ({ rss }) => rss),
      ...this.#detail(members),
      ...this.#groupReading(),
      ...this.#host(),
    };
  }

  async dispose(): Promise<void> {
    this.#table.dispose();
  }

  /** PSS and peaks, as often as their cost allows. */
  #detail(members: readonly ProcessInfo[]): Pick<ResourceSample, 'pss' | 'peakRss'> {
    const started = performance.now();
    if (started < this.#detailAt) return {};
    let pss: number | undefined = 0;
    let peakRss: number | undefined = 0;
    for (const { pid } of members) {
      pss = plus(pss, parseKilobytes(readSmall(`/proc/${pid}/smaps_rollup`) ?? '', 'Pss'));
      peakRss = plus(peakRss, parseKilobytes(readSmall(`/proc/${pid}/status`) ?? '', 'VmHWM'));
    }
    const ended = performance.now();
    this.#detailAt = ended + (ended - started) / DETAIL_SHARE;
    return { ...(pss !== undefined && { pss }), ...(peakRss !== undefined && { peakRss }) };
  }

  #groupReading(): Pick<ResourceSample, 'group'> {
    const group = this.#group?.read();
    if (group === undefined) return {};
    this.#groupStart ??= group.cpuMs;
    return { group: { ...group, cpuMs: group.cpuMs - this.#groupStart } };
  }

  #host(): Pick<ResourceSample, 'stealMs' | 'load'> {
    const steal = parseSteal(readSmall('/proc/stat') ?? '', this.#units);
    const load = Number.parseFloat(readSmall('/proc/loadavg') ?? '');
    this.#steal ??= steal;
    return {
      ...(steal !== undefined && this.#steal !== undefined && { stealMs: steal - this.#steal }),
      ...(Number.isFinite(load) && { load }),
    };
  }
}

/** A member that ended or may not be read leaves the sum without a meaning. */
function plus(total: number | undefined, part: number | undefined): number | undefined {
  return total === undefined || part === undefined ? undefined : total + part;
}

function sum(members: readonly ProcessInfo[], of: (info: ProcessInfo) => number): number {
  return members.reduce((total, info) => total + of(info), 0);
}
