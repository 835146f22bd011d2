import { cpus, release, totalmem } from 'node:os';
import { ProcessTree } from './tree.ts';
import type { ProcessInfo, ProfileEnvironment, ResourceSample, ResourceSampler } from './types.ts';

/** A row of a process table that a program of the system printed. */
export interface TableRow extends ProcessInfo {
  /** Bytes: highest resident size so far, where the system tells. */
  readonly peakRss?: number;
}

/** Samples a process tree from whole process tables, as systems without /proc print them. */
export class TableSampler implements ResourceSampler {
  readonly environment: ProfileEnvironment;
  readonly #tree: ProcessTree;
  readonly #read: () => Promise<readonly TableRow[]>;
  readonly #end: () => Promise<void>;
  #start: number | undefined;

  constructor(pid: number, cpuStepMs: number, read: () => Promise<readonly TableRow[]>, end: () => Promise<void>) {
    const all = cpus();
    this.environment = {
      os: process.platform === 'win32' ? 'windows' : process.platform === 'darwin' ? 'macos' : process.platform,
      kernel: release(),
      cpuModel: all[0]?.model.trim() ?? 'unknown',
      cores: all.length,
      allottedCores: all.length,
      memoryBytes: totalmem(),
      cpuStepMs,
    };
    this.#tree = new ProcessTree(pid);
    this.#read = read;
    this.#end = end;
  }

  async sample(): Promise<ResourceSample | undefined> {
    const rows = await this.#read();
    // The table is as old as its printing; the time after it is the closest that can be had.
    const now = performance.now();
    const { followed, members, cpuMs } = this.#tree.update(rows);
    if (members.length === 0) return undefined;
    this.#start ??= now;
    const peaks = rows.filter(({ pid }) => followed.has(pid)).map(({ peakRss }) => peakRss);
    const total = (of: (info: ProcessInfo) => number) => members.reduce((sum, info) => sum + of(info), 0);
    return {
      at: now - this.#start,
      processes: members.length,
      threads: total(({ threads }) => threads),
      cpuMs,
      rss: total(({ rss }) => rss),
      ...(peaks.every((peak) => peak !== undefined) && { peakRss: peaks.reduce((sum, peak) => sum + peak, 0) }),
    };
  }

  dispose(): Promise<void> {
    return this.#end();
  }
}
