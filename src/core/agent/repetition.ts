/** After so many the model is told, after so many the run ends. */
export const WARN_AFTER = 3;
export const END_AFTER = 6;
/** Calls that alternate are a loop as well. */
const LONGEST_CYCLE = 3;

/** Notices a model that does the same again and again with the same result. */
export class Repetition {
  readonly #seen: string[] = [];

  /** How often the last one, or the last few in turn, happened without anything else between. At least 1. */
  add(what: string): number {
    this.#seen.push(what);
    const most = LONGEST_CYCLE * END_AFTER;
    if (this.#seen.length > most) this.#seen.splice(0, this.#seen.length - most);
    const cycles = Array.from({ length: LONGEST_CYCLE }, (_, at) => this.#rounds(at + 1));
    return Math.max(1, ...cycles);
  }

  #rounds(period: number): number {
    const last = this.#seen.slice(-period);
    if (last.length < period) return 0;
    let rounds = 1;
    for (let end = this.#seen.length - period; end >= period; end -= period, rounds++) {
      if (this.#seen.slice(end - period, end).some((one, at) => one !== last[at])) break;
    }
    return rounds;
  }
}
