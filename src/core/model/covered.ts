import type { MeasuredValue } from './check.ts';

const PREFIX = 'violations_covered_by:';

/** How many violations each deviation covers, as values of the evidence; `ids`: the deviation of each violation. */
export function coveredValues(ids: readonly string[]): MeasuredValue[] {
  return [...new Set(ids)].sort().map((id) => {
    return { name: `${PREFIX}${id}`, value: ids.filter((one) => one === id).length, unit: 'count' };
  });
}

/** The deviation whose covered violations the value counts; undefined for any other value. */
export function coveringDeviation({ name }: Pick<MeasuredValue, 'name'>): string | undefined {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : undefined;
}
