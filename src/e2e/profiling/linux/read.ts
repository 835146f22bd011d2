import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import type { Disposable } from '../../../core/base/disposable.ts';
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
const STRANGER_MS = 5000;
/** Reading again through an open descriptor costs half as much as opening; beyond so many, files are opened each time. */
const MOST_OPEN = 2000;

/** Reads the process table: all of it every five seconds, and in between only members and newcomers. */
export class ProcessTable implements Disposable {
  readonly #units: KernelUnits;
  #open = new Map<string, number>();
  #strangers = new Set<number>();
  #last: readonly ProcessInfo[] = [];
  #readAllAt = Number.NEGATIVE_INFINITY;

  constructor(units: KernelUnits) {
    this.#units = units;
  }

  /** `members`: who of the table before is followed. `now` in milliseconds on a clock that never goes back. */
  read(members: ReadonlyMap<number, unknown>, now: number): readonly ProcessInfo[] {
    if (now - this.#readAllAt >= STRANGER_MS) {
      this.#strangers = new Set();
      this.#readAllAt = now;
    } else {
      for (const { pid } of this.#last) if (!members.has(pid)) this.#strangers.add(pid);
    }
    const before = this.#open;
    this.#open = new Map();
    const table: ProcessInfo[] = [];
    for (const name of readdirSync('/proc')) {
      const first = name.charCodeAt(0);
      if (first < 0x31 || first > 0x39) continue;
      const fd = before.get(name);
      before.delete(name);
      if (this.#strangers.has(Number(name))) {
        if (fd !== undefined) this.#open.set(name, fd);
        continue;
      }
      const text = this.#readStat(name, fd);
      const info = text === undefined ? undefined : parseStat(text, this.#units);
      if (info !== undefined) table.push(info);
    }
    for (const fd of before.values()) closeSync(fd);
    this.#last = table;
    return table;
  }

  dispose(): void {
    for (const fd of this.#open.values()) closeSync(fd);
    this.#open = new Map();
  }

  /** A descriptor stays with its process: when the pid went to another, reading fails and the file is opened anew. */
  #readStat(name: string, kept: number | undefined): string | undefined {
    const path = `/proc/${name}/stat`;
    if (kept !== undefined) {
      const text = readOpen(kept);
      if (text !== undefined) {
        this.#open.set(name, kept);
        return text;
      }
      closeSync(kept);
    }
    if (this.#open.size >= MOST_OPEN) return readSmall(path);
    let fd: number;
    try {
      fd = openSync(path, 'r');
    } catch {
      return undefined;
    }
    this.#open.set(name, fd);
    return readOpen(fd);
  }
}

function readOpen(fd: number): string | undefined {
  try {
    return buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, 0));
  } catch {
    return undefined;
  }
}
