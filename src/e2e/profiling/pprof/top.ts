import type { GoProfile } from './profile.ts';

export interface TopFunction {
  readonly name: string;
  readonly file: string;
  /** In the function itself. */
  readonly flat: number;
  /** In it and all that it called; a recursive function counts once per stack. */
  readonly cumulative: number;
  /** Shares of the total in percent. */
  readonly flatPercent: number;
  readonly cumulativePercent: number;
}

export interface ProfileTop {
  /** What was counted, such as `cpu` or `inuse_space`. */
  readonly type: string;
  readonly unit: string;
  readonly total: number;
  readonly samples: number;
  /** By flat value, the largest first. */
  readonly functions: readonly TopFunction[];
}

/**
 * The functions that hold most of a profile, as `go tool pprof -top` lists them. `type` is one of the profile's sample
 * types; by default the one that the profile names, else its last, as pprof does. Undefined for a type it does not have.
 */
export function topFunctions(profile: GoProfile, limit: number, type?: string): ProfileTop | undefined {
  const wanted = type ?? (profile.defaultType || profile.types.at(-1)?.name);
  const index = profile.types.findIndex(({ name }) => name === wanted);
  const counted = profile.types[index];
  if (counted === undefined) return undefined;
  const sums = new Map<string, { name: string; file: string; flat: number; cumulative: number }>();
  const sumOf = (id: number) => {
    const { name, file } = profile.functions.get(id) ?? { name: `function ${id}`, file: '' };
    const key = `${name}\n${file}`;
    const sum = sums.get(key) ?? { name, file, flat: 0, cumulative: 0 };
    sums.set(key, sum);
    return sum;
  };
  let total = 0;
  for (const { stack, values } of profile.samples) {
    const value = values[index] ?? 0;
    total += value;
    const frames = stack.flatMap((location) => profile.locations.get(location) ?? []);
    const [leaf] = frames;
    if (leaf !== undefined) sumOf(leaf).flat += value;
    for (const sum of new Set(frames.map(sumOf))) sum.cumulative += value;
  }
  const percent = (value: number) => (total === 0 ? 0 : (value / total) * 100);
  const functions = [...sums.values()]
    .filter(({ flat, cumulative }) => flat !== 0 || cumulative !== 0)
    .sort((a, b) => b.flat - a.flat || b.cumulative - a.cumulative || (a.name < b.name ? -1 : 1))
    .slice(0, limit)
    .map((sum) => ({ ...sum, flatPercent: percent(sum.flat), cumulativePercent: percent(sum.cumulative) }));
  return { type: counted.name, unit: counted.unit, total, samples: profile.samples.length, functions };
}
