import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import type { ProcessInfo } from '../types.ts';
import { type KernelUnits, parseStat } from './procfs.ts';

/** One stat or status file is below 4 KB. */
const buffer = Buffer.allocUnsafeSlow(16 * 1024);

/**
 * The text of a small file of /proc or /sys; undefined where it went away or may not be read. Synchronous on purpose:
 * such a read takes microseconds, and a thread pool would cost ten times as much CPU as the reading itself.
 */
export function readSmall(path: string): string | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    return buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, null));
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** How long a stranger is taken for a stranger before it is read again: its pid may have gone to a member. */
const STRANGER_MS = 1000;

/** Reads the process table: all of it once a second, and in between only members and newcomers. */
export class ProcessTable {
  readonly #units: KernelUnits;
  #strangers = new Set<number>();
  #last: readonly ProcessInfo[] = [];
  #readAllAt = Number.NEGATIVE_INFINITY;

  constructor(units: KernelUnits) {
    this.#units = units;
  }

  /** `members`: who of the table before is followed. `now` in milliseconds on a clock that never goes back. */
  read(members: ReadonlySet<number>, now: number): readonly ProcessInfo[] {
    if (now - this.#readAllAt >= STRANGER_MS) {
      this.#strangers = new Set();
      this.#readAllAt = now;
    } else {
      for (const { pid } of this.#last) if (!members.has(pid)) this.#strangers.add(pid);
    }
    const table: ProcessInfo[] = [];
    for (const name of readdirSync('/proc')) {
      const first = name.charCodeAt(0);
      if (first < 0x31 || first > 0x39 || this.#strangers.has(Number(name))) continue;
      const text = readSmall(`/proc/${name}/stat`);
      const info = text === undefined ? undefined : parseStat(text, this.#units);
      if (info !== undefined) table.push(info);
    }
    this.#last = table;
    return table;
  }
}
