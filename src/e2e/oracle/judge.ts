import { type CaptureSummary, captureOf, summarizeCapture, type TickCapture } from './capture.ts';
import { missingTicks } from './corpus.ts';
import { Fidelity, type QuantileError } from './fidelity.ts';
import type { Findings } from './findings.ts';
import { type TailError, TailSums } from './tail.ts';
import { type ExportedTick, type GroundTruthTick, METRICS, type SketchWindow, type Stream } from './types.ts';

/** Ground truth beside what the subject exported, both by rising tick; from files or from a live run. */
export interface RunRecord {
  readonly truth: Stream<GroundTruthTick>;
  readonly exported: Stream<ExportedTick>;
  readonly windows: readonly SketchWindow[];
}

export interface Judgement {
  /** Ticks of ground truth. */
  readonly ticks: number;
  /** Per tick, for charts; empty where nothing was exported. */
  readonly captures: readonly TickCapture[];
  readonly capture: CaptureSummary | undefined;
  readonly tails: readonly TailError[];
  readonly quantiles: readonly QuantileError[];
  /** Observations that the quantiles were judged on, all metrics together. */
  readonly observed: number;
  readonly mergeLeftOut: boolean;
}

/**
 * Reads truth and exports side by side, one tick in memory at a time; beside it a window's values (8 bytes each) and,
 * up to `LARGEST_MERGE`, the run's. What is wrong goes into `findings`; figures are worked out all the same.
 */
export async function judgeRun(record: RunRecord, findings: Findings): Promise<Judgement> {
  const tails = new TailSums(findings);
  const fidelities = METRICS.map((metric) => new Fidelity(metric, record.windows, findings));
  const exports = new ExportReader(record.exported, findings);
  const captures: TickCapture[] = [];
  let ticks = 0;
  await exports.open();
  for await (const truth of record.truth) {
    ticks += 1;
    const exported = await exports.at(truth.tick);
    captures.push(captureOf(truth, exported, findings));
    tails.add(truth, exported);
    for (const fidelity of fidelities) fidelity.add(truth);
  }
  if (ticks > 0) {
    await exports.finish();
    for (const fidelity of fidelities) fidelity.finish();
  }
  return {
    ticks,
    captures: exports.seen ? captures : [],
    capture: exports.seen ? summarizeCapture(captures) : undefined,
    tails: exports.seen ? tails.errors() : [],
    quantiles: fidelities.flatMap((fidelity) => fidelity.errors),
    observed: fidelities.reduce((sum, fidelity) => sum + fidelity.observed, 0),
    mergeLeftOut: fidelities.some((fidelity) => fidelity.mergeLeftOut),
  };
}

/** Hands out the export of each tick and reports the ones that are missing or that nobody asked for. */
class ExportReader {
  readonly #records: AsyncGenerator<ExportedTick>;
  readonly #findings: Findings;
  #current: ExportedTick | undefined;
  #last: ExportedTick | undefined;
  #missing: { from: number; to: number } | undefined;

  constructor(exported: Stream<ExportedTick>, findings: Findings) {
    this.#records = each(exported);
    this.#findings = findings;
  }

  get seen(): boolean {
    return this.#last !== undefined;
  }

  /** Starts to read, so that a missing file is found even where there is no ground truth. */
  async open(): Promise<void> {
    await this.#advance();
  }

  async at(tick: number): Promise<ExportedTick | undefined> {
    if (this.#current === undefined) await this.#advance();
    while (this.#current !== undefined && this.#current.tick < tick) {
      this.#unknown(this.#current);
      await this.#advance();
    }
    const found = this.#current;
    if (found === undefined || found.tick > tick) {
      this.#missing = { from: this.#missing?.from ?? tick, to: tick + 1 };
      return undefined;
    }
    this.#reportMissing(found);
    this.#current = undefined;
    return found;
  }

  async finish(): Promise<void> {
    if (this.#last !== undefined) this.#reportMissing(this.#last);
    while (this.#current !== undefined || (await this.#advance())) {
      if (this.#current !== undefined) this.#unknown(this.#current);
      this.#current = undefined;
    }
  }

  async #advance(): Promise<boolean> {
    const next = await this.#records.next();
    this.#current = next.done === true ? undefined : next.value;
    this.#last = this.#current ?? this.#last;
    return this.#current !== undefined;
  }

  #reportMissing({ place }: ExportedTick): void {
    if (this.#missing === undefined) return;
    this.#findings.add('oracle.missing-tick', place, missingTicks(this.#missing.from, this.#missing.to));
    this.#missing = undefined;
  }

  #unknown({ tick, place }: ExportedTick): void {
    this.#findings.add(
      'oracle.unknown-tick',
      place,
      `Tick ${tick} is exported, but the ground truth has no such tick.`,
    );
  }
}

async function* each<T>(stream: Stream<T>): AsyncGenerator<T> {
  yield* stream;
}
