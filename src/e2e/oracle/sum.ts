/** A float64 sum with Neumaier's compensation: its error does not grow with the number of terms. */
export class Sum {
  #sum = 0;
  #lost = 0;

  add(value: number): void {
    const next = this.#sum + value;
    this.#lost += Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - next + value : value - next + this.#sum;
    this.#sum = next;
  }

  get value(): number {
    return this.#sum + this.#lost;
  }
}

export function sumOf(values: Iterable<number>): number {
  const sum = new Sum();
  for (const value of values) sum.add(value);
  return sum.value;
}

/** |measured - exact| / exact in percent. Where exact is 0 there is no ratio: 0 for a measured 0, else 100. */
export function relativeErrorPercent(measured: number, exact: number): number {
  if (exact === 0) return measured === 0 ? 0 : 100;
  return (Math.abs(measured - exact) / Math.abs(exact)) * 100;
}

/** Written and read back as decimal text, a float64 stays the same; this leaves room for a subject that sums differently. */
const SAME = 1e-9;

export function nearlyEqual(a: number, b: number, tolerance = SAME): boolean {
  return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));
}
