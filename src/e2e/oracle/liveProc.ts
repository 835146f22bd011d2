import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { readUnits } from '../profiling/linux/environment.ts';
import type { KernelUnits } from '../profiling/linux/procfs.ts';

/** What our own look at the system saw of one process. */
export interface Seen {
  readonly pid: number;
  /** Clock ticks after boot, as in `/proc/<pid>/stat`. */
  readonly start: number;
  /** CPU milliseconds since it started, in steps of the clock. */
  readonly cpu: number;
  /** Resident bytes. */
  readonly rss: number;
}

export interface Look {
  /** When it began, in milliseconds since the epoch. */
  readonly at: number;
  /** How long it took. */
  readonly ms: number;
  readonly processes: readonly Seen[];
}

/** Looks at all processes of this machine. */
export interface Eyes {
  /** Smallest step of CPU time in milliseconds. */
  readonly stepMs: number;
  look(): Look;
  close(): void;
}

/** Undefined on a system without /proc: nothing can be compared with the truth there. */
export function openEyes(): Eyes | undefined {
  return process.platform === 'linux' ? new ProcEyes(readUnits()) : undefined;
}

const UTIME = 11;
const STIME = 12;
const STARTTIME = 19;
const RSS = 21;
/** Files stay open from look to look, which halves the time that a look takes. */
const MOST_OPEN = 4000;
const LONGEST_STAT = 4096;

class ProcEyes implements Eyes {
  readonly stepMs: number;
  readonly #units: KernelUnits;
  readonly #buffer = Buffer.alloc(LONGEST_STAT);
  #open = new Map<string, number>();

  constructor(units: KernelUnits) {
    this.#units = units;
    this.stepMs = 1000 / units.ticksPerSecond;
  }

  look(): Look {
    const at = Date.now();
    const began = performance.now();
    const processes: Seen[] = [];
    const before = this.#open;
    this.#open = new Map();
    for (const name of readdirSync('/proc')) {
      const first = name.charCodeAt(0);
      if (first < 0x31 || first > 0x39) continue;
      const text = this.#read(name, before.get(name));
      before.delete(name);
      const seen = text === undefined ? undefined : this.#parse(Number(name), text);
      if (seen !== undefined) processes.push(seen);
    }
    for (const fd of before.values()) closeSync(fd);
    return { at, ms: performance.now() - began, processes };
  }

  close(): void {
    for (const fd of this.#open.values()) closeSync(fd);
    this.#open = new Map();
  }

  #parse(pid: number, text: string): Seen | undefined {
    // A name may hold blanks and brackets.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ', RSS + 1);
    if (fields.length <= RSS) return undefined;
    return {
      pid,
      start: Number(fields[STARTTIME]),
      cpu: (Number(fields[UTIME]) + Number(fields[STIME])) * this.stepMs,
      rss: Number(fields[RSS]) * this.#units.pageBytes,
    };
  }

  #read(name: string, kept: number | undefined): string | undefined {
    if (kept !== undefined) {
      const text = this.#readOpen(kept);
      if (text !== undefined) {
        this.#open.set(name, kept);
        return text;
      }
      // The process has gone; another may have its number.
      closeSync(kept);
    }
    let fd: number;
    try {
      fd = openSync(`/proc/${name}/stat`, 'r');
    } catch {
      return undefined;
    }
    const text = this.#readOpen(fd);
    if (text === undefined || this.#open.size >= MOST_OPEN) closeSync(fd);
    else this.#open.set(name, fd);
    return text;
  }

  #readOpen(fd: number): string | undefined {
    try {
      const length = readSync(fd, this.#buffer, 0, LONGEST_STAT, 0);
      return length === 0 ? undefined : this.#buffer.toString('latin1', 0, length);
    } catch {
      return undefined;
    }
  }
}
