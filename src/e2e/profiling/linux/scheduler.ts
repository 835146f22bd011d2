import { readdirSync } from 'node:fs';
import type { ProcessInfo } from '../types.ts';
import { readSmall } from './read.ts';

/** Each thread is a file to read: beyond so many processes or threads, the clock's steps must do. */
const MOST_PROCESSES = 32;
const MOST_THREADS = 64;
/** Time may pass between reading stat and reading schedstat, once for each thread. */
const LATE_MS = 50;

/**
 * A process's own CPU time by the scheduler's count in nanoseconds: stat cuts user and system time down to clock steps,
 * which hides up to 20 ms a process. Threads that ended are not in the scheduler's files; where its count does not fit
 * the clock's, the clock's holds, and the middle of the step it lies in.
 */
export class SchedulerClock {
  readonly #stepMs: number;
  /** Whether a process is counted exactly; it stays with what it was first, so that its time does not jump. */
  #exact: ReadonlyMap<string, boolean> = new Map();
  #next = new Map<string, boolean>();

  constructor(stepMs: number) {
    this.#stepMs = stepMs;
  }

  /** Own CPU milliseconds of a process. */
  readonly ownCpuMs = (info: ProcessInfo): number => {
    const key = `${info.pid} ${info.start}`;
    const exact = this.#exact.get(key) ?? (info.threads <= MOST_THREADS && this.#next.size < MOST_PROCESSES);
    this.#next.set(key, exact);
    if (!exact) return info.cpuMs;
    const counted = info.threads > 1 ? threadsMs(info.pid) : parseSchedstat(readSmall(`/proc/${info.pid}/schedstat`));
    const least = info.cpuMs - this.#stepMs;
    const most = info.cpuMs + 2 * this.#stepMs + LATE_MS * info.threads;
    return counted !== undefined && counted >= least && counted < most ? counted : info.cpuMs + this.#stepMs;
  };

  /** Ends a round: processes that it did not ask for are forgotten. */
  turn(): void {
    this.#exact = this.#next;
    this.#next = new Map();
  }
}

/** The first field of schedstat is the time on the CPU in nanoseconds. */
export function parseSchedstat(text: string | undefined): number | undefined {
  const ns = /^(\d+) /.exec(text ?? '')?.[1];
  return ns === undefined ? undefined : Number(ns) / 1e6;
}

function threadsMs(pid: number): number | undefined {
  try {
    return readdirSync(`/proc/${pid}/task`).reduce(
      (sum, thread) => sum + (parseSchedstat(readSmall(`/proc/${pid}/task/${thread}/schedstat`)) ?? 0),
      0,
    );
  } catch {
    return undefined;
  }
}
