/** A change of share from `at` on; a negative value keeps the old one. */
export interface PlannedChange {
  readonly at: number;
  readonly cpu: number;
  readonly rss: number;
}

/** One long-lived process. Times are milliseconds after the start. */
export interface PlannedProcess {
  readonly id: string;
  /** At most 15 characters: what the kernel keeps. */
  readonly name: string;
  /** What its command line shows behind the name. */
  readonly args: string;
  readonly at: number;
  /** CPU milliseconds per second. */
  readonly cpu: number;
  /** Bytes it holds beyond what every process holds. */
  readonly rss: number;
  /** Sorted by time. */
  readonly changes: readonly PlannedChange[];
}

/** A stream of short-lived processes; `churnedProcess` foretells each of them. */
export interface PlannedChurn {
  readonly perSecond: number;
  readonly from: number;
  readonly lifetimeMinMs: number;
  readonly lifetimeMaxMs: number;
  /** How many distinct names are used. */
  readonly names: number;
  readonly prefix: string;
  /** With a command line and memory of their own; dearer, so for modest rates only. */
  readonly titles: boolean;
}

/** What a workload will do: a pure function of type, parameters and seed. */
export interface WorkloadPlan {
  readonly workload: string;
  readonly seed: number;
  readonly params: Readonly<Record<string, number>>;
  /** All processes planned up to here belong to the first picture; the workload is ready when they run. */
  readonly rampMs: number;
  /** Sorted by start. */
  readonly processes: readonly PlannedProcess[];
  readonly churn: PlannedChurn | null;
  /** Which figure the workload is about: it decides whether the load was held. */
  readonly figure: LoadName;
}

export type LoadName = 'live_processes' | 'new_processes' | 'distinct_names' | 'cpu' | 'memory';

/** CPU (milliseconds per second) and memory (bytes) that the plan asks for at one instant. */
export function askedAt(plan: WorkloadPlan, ms: number): { live: number; cpu: number; rss: number } {
  const asked = { live: 0, cpu: 0, rss: 0 };
  for (const process of plan.processes) {
    if (process.at > ms) continue;
    let { cpu, rss } = process;
    for (const change of process.changes) {
      if (change.at > ms) break;
      if (change.cpu >= 0) cpu = change.cpu;
      if (change.rss >= 0) rss = change.rss;
    }
    asked.live++;
    asked.cpu += cpu;
    asked.rss += rss;
  }
  return asked;
}

/** The most memory that the plan ever holds at once, in bytes. */
export function peakMemory(plan: WorkloadPlan): number {
  const instants = new Set([plan.rampMs]);
  for (const process of plan.processes) {
    instants.add(process.at);
    for (const change of process.changes) if (change.rss >= 0) instants.add(change.at);
  }
  return Math.max(...[...instants].map((ms) => askedAt(plan, ms).rss));
}

/** Scales all memory of a plan down so that its peak is at most `bytes`. */
export function boundMemory(plan: WorkloadPlan, bytes: number): { plan: WorkloadPlan; bounded: boolean } {
  const peak = peakMemory(plan);
  if (peak <= bytes) return { plan, bounded: false };
  const scale = (rss: number) => (rss < 0 ? rss : toPages((rss * bytes) / peak));
  const processes = plan.processes.map((process) => ({
    ...process,
    rss: scale(process.rss),
    changes: process.changes.map((change) => ({ ...change, rss: scale(change.rss) })),
  }));
  return { plan: { ...plan, processes }, bounded: true };
}

const PAGE = 4096;

/** Whole pages, at least one. */
export function toPages(bytes: number): number {
  return Math.max(1, Math.floor(bytes / PAGE)) * PAGE;
}
