import {
  type CaptureSummary,
  CPU_WEIGHT,
  largestN,
  RSS_WEIGHT,
  summarizeCapture,
  type TickCapture,
} from './capture.ts';
import type { DeliveredTick } from './liveExports.ts';
import type { Ledger, TrueProcess, TrueTick } from './liveTruth.ts';
import { sumOf } from './sum.ts';
import { identityOf } from './types.ts';

/** How far an exported value may be from ours: the two looks are not the same instant. */
const CPU_STEPS = 2;
const CPU_SHARE = 0.1;
const RSS_SHARE = 0.05;
const RSS_BYTES = 1_000_000;
/** Of the entries about the workload's processes, so many may differ: a value may jump between the two looks. */
export const MOST_DIFFERING = 0.02;
/** A stranger that lives for milliseconds may be seen by one side only. */
export const MOST_UNKNOWN = 0.1;
/** Fewer of either say nothing. */
export const FEWEST_ODD = 3;
/** Ledger times and looks are both a little late. */
const LEDGER_SLACK_MS = 500;

/** What was odd about the exported entries, with the first examples. */
export interface Oddities {
  entries: number;
  /** Entries about the workload's planned processes: what these use is known. */
  checked: number;
  unknown: number;
  differing: number;
  duplicates: number;
  overCap: number;
  readonly examples: string[];
}

const MOST_EXAMPLES = 10;

/**
 * Captured score per tick; the population is the workload's processes that lived through the tick. `hostPercents` has the
 * same over all processes of the machine: what strangers take from the first, they give to the second.
 */
export class LiveCapture {
  readonly captures: TickCapture[] = [];
  readonly hostPercents: number[] = [];
  readonly odd: Oddities = {
    entries: 0,
    checked: 0,
    unknown: 0,
    differing: 0,
    duplicates: 0,
    overCap: 0,
    examples: [],
  };
  /** CPU milliseconds of the ledger's processes and of all others. */
  ledgerCpu = 0;
  foreignCpu = 0;
  readonly #ledger: Ledger;
  readonly #stepMs: number;

  constructor(ledger: Ledger, stepMs: number) {
    this.#ledger = ledger;
    this.#stepMs = stepMs;
  }

  add(tick: DeliveredTick, truth: TrueTick): void {
    const seen = new Map(truth.processes.map((process) => [identityOf(process), process]));
    const population = truth.processes.filter(
      (process) => process.lived && this.#ledger.get(identityOf(process))?.planned === true,
    );
    for (const process of truth.processes) {
      if (this.#ledger.has(identityOf(process))) this.ledgerCpu += process.cpu_ms;
      else this.foreignCpu += process.cpu_ms;
    }
    const wanted = new Set<string>();
    for (const entry of tick.top) {
      const identity = identityOf(entry);
      this.odd.entries++;
      if (wanted.has(identity)) this.odd.duplicates++;
      wanted.add(identity);
      this.#check(tick, identity, entry, seen.get(identity), Math.abs(truth.skewMs));
    }
    const live = truth.processes.length;
    if (tick.top.length > largestN(live)) {
      this.odd.overCap++;
      this.#example(`tick ${tick.tick} exports ${tick.top.length} of ${live} processes; ${largestN(live)} are allowed`);
    }
    const percent = capturedPercent(population, wanted);
    this.captures.push({ tick: tick.tick, live, n: tick.top.length, percent });
    const host = capturedPercent(truth.processes, wanted);
    if (host !== undefined) this.hostPercents.push(host);
  }

  summary(): CaptureSummary | undefined {
    return summarizeCapture(this.captures);
  }

  #check(
    tick: DeliveredTick,
    identity: string,
    entry: { readonly cpu_ms: number; readonly rss: number },
    ours: TrueProcess | undefined,
    skewMs: number,
  ): void {
    if (ours === undefined) {
      const span = this.#ledger.get(identity);
      const lived =
        span !== undefined && span.from - LEDGER_SLACK_MS <= tick.at && span.to + LEDGER_SLACK_MS >= tick.at;
      if (lived) return;
      this.odd.unknown++;
      this.#example(`process ${identity} at tick ${tick.tick}: nobody of this identity was there`);
      return;
    }
    if (this.#ledger.get(identity)?.planned !== true) return;
    this.odd.checked++;
    const cpuSlack = Math.max(CPU_STEPS * this.#stepMs + skewMs, CPU_SHARE * ours.cpu_ms);
    const rssSlack = RSS_BYTES + RSS_SHARE * ours.rss;
    if (Math.abs(entry.cpu_ms - ours.cpu_ms) <= cpuSlack && Math.abs(entry.rss - ours.rss) <= rssSlack) return;
    this.odd.differing++;
    this.#example(
      `process ${identity} at tick ${tick.tick}: exported ${entry.cpu_ms} ms and ${entry.rss} bytes, we saw ${ours.cpu_ms} ms and ${ours.rss} bytes`,
    );
  }

  #example(text: string): void {
    if (this.odd.examples.length < MOST_EXAMPLES) this.odd.examples.push(text);
  }
}

function capturedPercent(population: readonly TrueProcess[], wanted: ReadonlySet<string>): number | undefined {
  const score = scorerOf(population);
  const all = sumOf(population.map(score));
  const captured = sumOf(population.filter((process) => wanted.has(identityOf(process))).map(score));
  return all > 0 ? (captured / all) * 100 : undefined;
}

/** Shares within the population, weighted as on replay; a part without any load leaves its weight to the other. */
function scorerOf(population: readonly TrueProcess[]): (process: TrueProcess) => number {
  const cpu = sumOf(population.map((process) => process.cpu_ms));
  const rss = sumOf(population.map((process) => process.rss));
  const cpuFactor = cpu > 0 ? CPU_WEIGHT / cpu : 0;
  const rssFactor = rss > 0 ? RSS_WEIGHT / rss : 0;
  return (process) => process.cpu_ms * cpuFactor + process.rss * rssFactor;
}
