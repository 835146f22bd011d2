export const DIMENSIONS = ['ratio', 'data', 'time', 'count', 'rate', 'data rate', 'frequency'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

interface Unit {
  readonly dimension: Dimension;
  /** How many of the dimension's base unit one of this makes: percent, bytes, seconds, things, things a second. */
  readonly factor: number;
  readonly names: readonly string[];
}

/** Names are matched as written first, so that `MB` and `Mb` stay apart, and in lower case after that. */
const UNITS: Readonly<Record<string, Unit>> = {
  percent: { dimension: 'ratio', factor: 1, names: ['%', 'pct', 'percentage'] },
  ratio: { dimension: 'ratio', factor: 100, names: ['fraction'] },
  bytes: { dimension: 'data', factor: 1, names: ['B', 'byte'] },
  kB: { dimension: 'data', factor: 1e3, names: ['KB', 'kilobytes', 'kilobyte'] },
  MB: { dimension: 'data', factor: 1e6, names: ['megabytes', 'megabyte', 'mb'] },
  GB: { dimension: 'data', factor: 1e9, names: ['gigabytes', 'gigabyte', 'gb'] },
  TB: { dimension: 'data', factor: 1e12, names: ['terabytes', 'terabyte', 'tb'] },
  KiB: { dimension: 'data', factor: 2 ** 10, names: ['kibibytes', 'kib'] },
  MiB: { dimension: 'data', factor: 2 ** 20, names: ['mebibytes', 'mib'] },
  GiB: { dimension: 'data', factor: 2 ** 30, names: ['gibibytes', 'gib'] },
  TiB: { dimension: 'data', factor: 2 ** 40, names: ['tebibytes', 'tib'] },
  nanoseconds: { dimension: 'time', factor: 1e-9, names: ['ns', 'nanosecond', 'ns/op'] },
  microseconds: { dimension: 'time', factor: 1e-6, names: ['us', 'µs', 'μs', 'microsecond'] },
  milliseconds: { dimension: 'time', factor: 1e-3, names: ['ms', 'millisecond', 'msec'] },
  seconds: { dimension: 'time', factor: 1, names: ['s', 'sec', 'secs', 'second'] },
  minutes: { dimension: 'time', factor: 60, names: ['min', 'mins', 'minute'] },
  hours: { dimension: 'time', factor: 3600, names: ['h', 'hr', 'hrs', 'hour'] },
  days: { dimension: 'time', factor: 86400, names: ['d', 'day'] },
  count: { dimension: 'count', factor: 1, names: ['counts'] },
  'per second': { dimension: 'rate', factor: 1, names: ['/s', 'per sec', 'ops', 'rps', 'qps'] },
  'per minute': { dimension: 'rate', factor: 1 / 60, names: ['/min', 'rpm'] },
  'bytes per second': { dimension: 'data rate', factor: 1, names: ['B/s', 'bytes/s'] },
  'kB per second': { dimension: 'data rate', factor: 1e3, names: ['KB/s', 'kB/s'] },
  'MB per second': { dimension: 'data rate', factor: 1e6, names: ['MB/s'] },
  'MiB per second': { dimension: 'data rate', factor: 2 ** 20, names: ['MiB/s'] },
  Hz: { dimension: 'frequency', factor: 1, names: ['hertz', 'hz'] },
};

const EXACT = new Map(
  Object.entries(UNITS).flatMap(([name, unit]) => [name, ...unit.names].map((alias) => [alias, name])),
);
const WORDS = new Map(
  [...EXACT].filter(([alias]) => alias.length > 2).map(([alias, name]) => [alias.toLowerCase(), name]),
);

/** `events/s`, `PIDs per second`: whatever is counted, it is a rate. Bits and bytes are not counted but measured. */
const COUNTED_RATE = /^(?!\w*(?:bit|byte|iB))[A-Za-z]{3,}(?:\/s| per sec(?:ond)?)$/;

/** The name of a unit as this project writes it: `%` is `percent`, `ms` is `milliseconds`. Undefined for an unknown one. */
export function unitName(text: string): string | undefined {
  const trimmed = text.trim();
  const known = EXACT.get(trimmed) ?? WORDS.get(trimmed.toLowerCase());
  return known ?? (COUNTED_RATE.test(trimmed) ? 'per second' : undefined);
}

export function dimensionOf(unit: string): Dimension | undefined {
  return unitOf(unit)?.dimension;
}

/** Whether two units measure the same thing, so that one converts to the other. Unknown units never do, unless equal. */
export function sameDimension(a: string, b: string): boolean {
  const first = dimensionOf(a);
  return first === undefined ? a.trim() === b.trim() : first === dimensionOf(b);
}

/** `convert(1.5, 'min', 's')` is 90. Undefined where the units do not measure the same thing. */
export function convert(value: number, from: string, to: string): number | undefined {
  if (from.trim() === to.trim()) return value;
  const source = unitOf(from);
  const target = unitOf(to);
  if (source === undefined || target === undefined || source.dimension !== target.dimension) return undefined;
  if (source === target) return value;
  return source.factor >= target.factor
    ? value * (source.factor / target.factor)
    : value / (target.factor / source.factor);
}

function unitOf(unit: string): Unit | undefined {
  const name = unitName(unit);
  return name === undefined ? undefined : UNITS[name];
}
