import type { ProcessInfo } from '../types.ts';

/** Units of /proc, read from the auxiliary vector: the kernel's own word, and no program to start. */
export interface KernelUnits {
  /** Clock ticks a second, the step of CPU times. */
  readonly ticksPerSecond: number;
  readonly pageBytes: number;
}

const AT_PAGESZ = 6;
const AT_CLKTCK = 17;

/** Reads `/proc/self/auxv`: pairs of machine words. Throws RangeError where a unit is not there. */
export function parseAuxv(bytes: Buffer, wordBytes: 4 | 8): KernelUnits {
  const values = new Map<number, number>();
  const word = (at: number) => (wordBytes === 8 ? Number(bytes.readBigUInt64LE(at)) : bytes.readUInt32LE(at));
  for (let at = 0; at + 2 * wordBytes <= bytes.length; at += 2 * wordBytes) values.set(word(at), word(at + wordBytes));
  const ticksPerSecond = values.get(AT_CLKTCK);
  const pageBytes = values.get(AT_PAGESZ);
  if (!ticksPerSecond || !pageBytes) throw new RangeError('The auxiliary vector names no clock tick or page size.');
  return { ticksPerSecond, pageBytes };
}

/** Fields of `/proc/<pid>/stat` (proc(5)), counted from the one behind the name. */
const STATE = 0;
const PPID = 1;
const SESSION = 3;
const UTIME = 11;
const STIME = 12;
const CUTIME = 13;
const CSTIME = 14;
const THREADS = 17;
const STARTTIME = 19;
const RSS = 21;

/** A line of `/proc/<pid>/stat`. Split behind the last `)`, because a name may hold blanks and brackets. */
export function parseStat(text: string, units: KernelUnits): ProcessInfo | undefined {
  const name = text.lastIndexOf(')');
  const fields = text.slice(name + 2).split(' ', RSS + 1);
  const pid = Number.parseInt(text, 10);
  if (name === -1 || fields.length <= RSS || Number.isNaN(pid)) return undefined;
  const number = (field: number) => Number(fields[field]);
  const ms = 1000 / units.ticksPerSecond;
  return {
    pid,
    parent: number(PPID),
    start: fields[STARTTIME] ?? '',
    session: number(SESSION),
    zombie: fields[STATE] === 'Z' || fields[STATE] === 'X',
    cpuMs: (number(UTIME) + number(STIME)) * ms,
    childrenCpuMs: (number(CUTIME) + number(CSTIME)) * ms,
    rss: number(RSS) * units.pageBytes,
    threads: number(THREADS),
  };
}

/** A field such as `Pss:  321 kB` of smaps_rollup or status, in bytes. Undefined where it is not there. */
export function parseKilobytes(text: string, field: string): number | undefined {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text);
  return match?.[1] === undefined ? undefined : Number(match[1]) * 1024;
}

/** CPU time that the hypervisor took, in milliseconds since boot, from the first line of `/proc/stat`. */
export function parseSteal(text: string, units: KernelUnits): number | undefined {
  const steal = /^cpu +(?:\d+ ){7}(\d+)/.exec(text)?.[1];
  return steal === undefined ? undefined : (Number(steal) * 1000) / units.ticksPerSecond;
}
