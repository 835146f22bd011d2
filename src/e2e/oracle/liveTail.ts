import type { DeliveredTick } from './liveExports.ts';
import type { TrueTick } from './liveTruth.ts';
import { relativeErrorPercent, Sum, sumOf } from './sum.ts';
import type { TailError } from './tail.ts';
import { METRICS } from './types.ts';

/** How many processes all ticks together may account for beyond or below what we saw. */
const COUNT_SLACK = 0.05;

/** Exported sums (top and other) against the sums of all processes that we saw, per tick and over the run. */
export class LiveTail {
  readonly #sums = METRICS.map((metric) => ({
    metric,
    exported: new Sum(),
    exact: new Sum(),
    worst: -1,
    worstTick: 0,
  }));
  #ticks = 0;
  #accounted = 0;
  #lived = 0;

  add(tick: DeliveredTick, truth: TrueTick): void {
    this.#ticks++;
    this.#accounted += tick.top.length + tick.other.count;
    this.#lived += truth.processes.length;
    for (const sum of this.#sums) {
      const exact = sumOf(truth.processes.map((process) => process[sum.metric]));
      const exported = sumOf([...tick.top.map((process) => process[sum.metric]), tick.other[sum.metric]]);
      sum.exact.add(exact);
      sum.exported.add(exported);
      const error = relativeErrorPercent(exported, exact);
      if (error > sum.worst) {
        sum.worst = error;
        sum.worstTick = tick.tick;
      }
    }
  }

  errors(): TailError[] {
    if (this.#ticks === 0) return [];
    return this.#sums.map(({ metric, exported, exact, worst, worstTick }) => ({
      metric,
      percent: relativeErrorPercent(exported.value, exact.value),
      exported: exported.value,
      exact: exact.value,
      worstPercent: worst,
      worstTick,
      ticks: this.#ticks,
    }));
  }

  faults(): string[] {
    if (Math.abs(this.#accounted - this.#lived) <= COUNT_SLACK * this.#lived) return [];
    return [
      `The ticks account for ${this.#accounted} processes (one by one and in other_count); we saw ${this.#lived}.`,
    ];
  }
}
