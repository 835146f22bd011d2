import type { DeliveredTick } from './liveExports.ts';
import type { TrueTick } from './liveTruth.ts';
import { SumErrors, type TailError } from './tail.ts';

/** How many processes all ticks together may account for beyond or below what we saw. */
const COUNT_SLACK = 0.05;

/** The ticks of a live run against the processes that we saw ourselves. */
export class LiveTail {
  readonly #sums = new SumErrors();
  #accounted = 0;
  #lived = 0;

  add(tick: DeliveredTick, truth: TrueTick): void {
    this.#accounted += tick.top.length + tick.other.count;
    this.#lived += truth.processes.length;
    this.#sums.add(tick.tick, truth.processes, tick);
  }

  /** One per metric; empty where there was no tick. */
  errors(): TailError[] {
    return this.#sums.errors();
  }

  faults(): string[] {
    if (Math.abs(this.#accounted - this.#lived) <= COUNT_SLACK * this.#lived) return [];
    return [
      `The ticks account for ${this.#accounted} processes (one by one and in other_count); we saw ${this.#lived}.`,
    ];
  }
}
