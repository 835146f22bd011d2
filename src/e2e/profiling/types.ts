/** One row of the system's process table. CPU times are cumulative milliseconds since the process started. */
export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  /** When it started, as text that is only compared: (pid, start) is the identity, because pids come back. */
  readonly start: string;
  /** Session of the process; 0 where the system has none. */
  readonly session: number;
  /** Has ended and waits for its parent. */
  readonly zombie: boolean;
  readonly cpuMs: number;
  /** CPU of children that ended and were waited for, and of theirs. */
  readonly childrenCpuMs: number;
  /** Resident bytes. */
  readonly rss: number;
  readonly threads: number;
}

/** What the subject's own cgroup counted; microsecond resolution, and nothing that it started escapes. */
export interface GroupReading {
  /** Milliseconds since the group was made. */
  readonly cpuMs: number;
  /** Bytes charged to the group, file cache included. */
  readonly memory?: number;
  /** Milliseconds that a CPU limit kept it waiting. */
  readonly throttledMs?: number;
}

/** One sample of a process tree. Sums are over the living members. */
export interface ResourceSample {
  /** Milliseconds since the first sample. */
  readonly at: number;
  readonly processes: number;
  readonly threads: number;
  /** CPU milliseconds of the tree since the first sample, ended members included; never falls. */
  readonly cpuMs: number;
  /** Bytes; shared pages count in each process that has them. */
  readonly rss: number;
  /** Bytes; shared pages are divided among those that have them. Only in some samples: it is slow to read. */
  readonly pss?: number;
  /** Bytes: sum of the members' highest resident sizes so far. Beside `pss`. */
  readonly peakRss?: number;
  readonly group?: GroupReading;
  /** CPU milliseconds that the hypervisor took from this machine since the first sample, all cores together. */
  readonly stealMs?: number;
  /** Load average of one minute. */
  readonly load?: number;
}

/** What a figure must be read with. */
export interface ProfileEnvironment {
  readonly os: string;
  readonly kernel: string;
  readonly cpuModel: string;
  readonly cores: number;
  /** Cores that a CPU limit or an affinity leaves to this process; percentages are of one core. */
  readonly allottedCores: number;
  readonly memoryBytes: number;
  /** Smallest step of process CPU time, in milliseconds. */
  readonly cpuStepMs: number;
}

/** Samples the tree of one process. Each system has its own. */
export interface ResourceSampler {
  readonly environment: ProfileEnvironment;
  /** Undefined once no member of the tree lives. */
  sample(): Promise<ResourceSample | undefined>;
  dispose(): Promise<void>;
}
