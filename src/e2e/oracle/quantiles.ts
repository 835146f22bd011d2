/** The quantiles that the KPI p95p99_error is about. */
export const QUANTILES = [0.95, 0.99] as const;

/** Position (from 0) of the q-quantile among n sorted values: floor(q * (n - 1)), the lower neighbour. */
export function rankOf(q: number, n: number): number {
  return Math.floor(q * (n - 1));
}

/** The exact q-quantile of values in ascending order; no interpolation. Throws RangeError where there are none. */
export function exactQuantile(sorted: Float64Array, q: number): number {
  const value = sorted[rankOf(q, sorted.length)];
  if (value === undefined) throw new RangeError('A quantile needs at least one value.');
  return value;
}

/** A list of float64 that grows by doubling: 8 bytes a value, no boxing. */
export class Observations {
  #values = new Float64Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(value: number): void {
    if (this.#length === this.#values.length) {
      const wider = new Float64Array(this.#length * 2);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  /** Sorts in place and returns a view; the next `add` makes it stale. */
  sorted(): Float64Array {
    return this.#values.subarray(0, this.#length).sort();
  }
}
