import { readLedger } from '../workload/ledger.ts';
import type { DeliveredTick } from './liveExports.ts';
import type { Look, Seen } from './liveProc.ts';
import { identityOf } from './types.ts';

/** The subject's tick and our look belong together when they are this near; nothing is interpolated. */
export const LARGEST_SKEW_MS = 60;

/** One process over one tick, as we saw it. */
export interface TrueProcess {
  readonly pid: number;
  readonly start: number;
  /** CPU milliseconds since the look before; of a newcomer, all that it used. */
  readonly cpu_ms: number;
  readonly rss: number;
  /** It was there at the look before too. */
  readonly lived: boolean;
}

/** Our own reading of the system at one tick of the subject. */
export interface TrueTick {
  /** Our look minus the subject's, in milliseconds. */
  readonly skewMs: number;
  readonly processes: readonly TrueProcess[];
}

export interface LedgerSpan {
  readonly from: number;
  to: number;
  /** A planned process, not one of the short-lived stream. */
  readonly planned: boolean;
}

/** Who the workload started, by identity, with times in milliseconds since the epoch. */
export type Ledger = ReadonlyMap<string, LedgerSpan>;

export async function readSpans(path: string): Promise<Ledger> {
  const spans = new Map<string, LedgerSpan>();
  for await (const line of readLedger(path)) {
    if (line.type === 'start') {
      const planned = line.id !== undefined;
      spans.set(identityOf(line), { from: line.at, to: Number.POSITIVE_INFINITY, planned });
    } else if (line.type === 'end') {
      const span = spans.get(identityOf(line));
      if (span !== undefined) span.to = line.at;
    }
  }
  return spans;
}

/**
 * Pairs the subject's ticks with our looks, one tick at a time. `undefined` where we did not look near enough, at the tick
 * or at the one before it: such a tick is not judged.
 */
export async function* pairTicks(
  ticks: readonly DeliveredTick[],
  looks: AsyncIterable<Look>,
  intervalMs: number,
): AsyncGenerator<{ readonly tick: DeliveredTick; readonly truth: TrueTick | undefined }> {
  const near = new NearLooks(looks);
  for (const [index, tick] of ticks.entries()) {
    const before = ticks[index - 1];
    const since = before !== undefined && before.tick === tick.tick - 1 ? before.at : tick.at - intervalMs;
    const first = await near.at(since);
    const second = await near.at(tick.at);
    const truth = first === undefined || second === undefined ? undefined : between(first, second, tick.at);
    yield { tick, truth };
  }
}

function between(first: Look, second: Look, at: number): TrueTick {
  const before = new Map(first.processes.map((process) => [identityOf(process), process.cpu]));
  const processes = second.processes.map((process: Seen): TrueProcess => {
    const cpu = before.get(identityOf(process));
    return {
      pid: process.pid,
      start: process.start,
      cpu_ms: process.cpu - (cpu ?? 0),
      rss: process.rss,
      lived: cpu !== undefined,
    };
  });
  return { skewMs: second.at - at, processes };
}

/** Keeps the few looks around the time that is asked for; times are asked for in rising order, give or take a tick. */
class NearLooks {
  readonly #looks: AsyncIterator<Look>;
  #window: Look[] = [];
  #done = false;

  constructor(looks: AsyncIterable<Look>) {
    this.#looks = looks[Symbol.asyncIterator]();
  }

  async at(time: number): Promise<Look | undefined> {
    while (!this.#done && (this.#window.at(-1)?.at ?? 0) < time + LARGEST_SKEW_MS) {
      const next = await this.#looks.next();
      if (next.done === true) this.#done = true;
      else this.#window.push(next.value);
    }
    const KEPT = 64;
    if (this.#window.length > KEPT) this.#window = this.#window.slice(-KEPT);
    let best: Look | undefined;
    for (const look of this.#window) {
      if (best === undefined || Math.abs(look.at - time) < Math.abs(best.at - time)) best = look;
    }
    return best !== undefined && Math.abs(best.at - time) <= LARGEST_SKEW_MS ? best : undefined;
  }
}
