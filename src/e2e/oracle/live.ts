import type { MeasuredValue } from '../../core/model/check.ts';
import type { PlannedLimit } from '../../core/model/scenarioPlan.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { type CaptureSummary, CPU_WEIGHT, LARGEST_N, RSS_WEIGHT, type TickCapture } from './capture.ts';
import type { QuantileError } from './fidelity.ts';
import { FEWEST_ODD, LiveCapture, MOST_DIFFERING, MOST_UNKNOWN } from './liveCapture.ts';
import type { Delivered } from './liveExports.ts';
import { COUNT_SLACK, LiveFidelity, RANK_SLACK } from './liveFidelity.ts';
import { LiveTail } from './liveTail.ts';
import { LARGEST_SKEW_MS, pairTicks, readSpans } from './liveTruth.ts';
import { readLooks } from './liveWitness.ts';
import { sumOf } from './sum.ts';
import type { TailError } from './tail.ts';
import { METRICS } from './types.ts';

export interface LiveRecord {
  readonly delivered: Delivered;
  /** JSON lines of the witness, and of the workload. */
  readonly looks: string;
  readonly ledger: string;
  readonly intervalMs: number;
  /** Step of CPU time in milliseconds. */
  readonly stepMs: number;
  /** The window that is judged, in milliseconds since the epoch; sketches are judged over all their ticks. */
  readonly from: number;
  readonly to: number;
  /** While the subject itself is held back, its look takes long and is no moment: these spans are left out. */
  readonly without?: readonly { readonly from: number; readonly to: number }[];
}

export interface LiveJudgement {
  /** Ticks in the window that came, and those of them that we could compare. */
  readonly ticks: number;
  readonly paired: number;
  readonly captures: readonly (TickCapture & { readonly at: number })[];
  readonly capture: CaptureSummary | undefined;
  readonly tails: readonly TailError[];
  readonly quantiles: readonly QuantileError[];
  readonly values: readonly MeasuredValue[];
  /** What is wrong with the exported data, one sentence each, by the KPI that it spoils. */
  readonly faults: Readonly<Record<'topn_capture_ratio' | 'p95p99_error' | 'tail_error', readonly string[]>>;
  readonly notes: readonly string[];
}

/** With less of the ticks compared, our own looks came too late to tell. */
const LEAST_PAIRED = 0.8;
/** When others than the workload use more of the CPU, a low capture says little about the subject. */
const MOST_FOREIGN = 0.3;
/** Percent: strangers grow and shrink between our look and the subject's. */
const STRANGERS_ERROR = 10;
const FEWEST_TICKS = 5;
const HOST_CAPTURE = 'topn_capture_ratio.host';

/** How the figures of a live run are defined. */
export const LIVE_METHOD: readonly string[] = [
  `topn_capture_ratio: mean over the ticks of the score that the exported processes really hold among the workload's processes that lived through the tick; score = ${CPU_WEIGHT} * CPU share + ${RSS_WEIGHT} * RSS share from our own reading of /proc; N at most ${LARGEST_N} and half of the live processes.`,
  `p95p99_error: worst relative error of the delivered sketches against our own reading over the same ticks, at the exact rank floor(q * (n - 1)) within ±${RANK_SLACK * 100} percent of the ranks; counts within ${COUNT_SLACK * 100} percent.`,
  `tail_error: worst over the metrics of |delivered sum - our sum| / our sum over the window; delivered sum = top + other, our sum = all processes.`,
  `Our looks are at most ${LARGEST_SKEW_MS} ms from the subject's; ticks without such a look are left out. Of the exported entries about the workload at most ${MOST_DIFFERING * 100} percent may differ, of all at most ${MOST_UNKNOWN * 100} percent may name strangers that we did not see.`,
];

/** Judges what a subject delivered against our own reading of the system and the workload's ledger. */
export async function judgeLive(record: LiveRecord): Promise<LiveJudgement> {
  const { delivered, from, to } = record;
  const capture = new LiveCapture(await readSpans(record.ledger), record.stepMs);
  const tail = new LiveTail();
  const fidelity = new LiveFidelity(delivered.windows, record.stepMs);
  const times = new Map(delivered.ticks.map(({ tick, at }) => [tick, at]));
  let ticks = 0;
  let paired = 0;
  let skew = 0;
  for await (const { tick, truth } of pairTicks(delivered.ticks, readLooks(record.looks), record.intervalMs)) {
    const inside = tick.at >= from && tick.at <= to;
    const left = record.without?.some((span) => tick.at >= span.from && tick.at <= span.to) === true;
    if (inside && !left) ticks++;
    if (truth === undefined || left) continue;
    fidelity.add(tick.tick, truth);
    if (!inside) continue;
    paired++;
    skew += Math.abs(truth.skewMs);
    capture.add(tick, truth);
    tail.add(tick, truth);
  }
  fidelity.finish();
  const summary = capture.summary();
  const total = capture.ledgerCpu + capture.foreignCpu;
  const foreign = total === 0 ? 0 : capture.foreignCpu / total;
  const strange = foreign > MOST_FOREIGN;
  const faults = {
    topn_capture_ratio: [...oddities(capture), ...overCap(capture)],
    p95p99_error: [...fidelity.faults, ...(strange ? [] : fidelity.doubts), ...delivered.faults],
    tail_error: [...oddities(capture), ...tail.faults()],
  };
  const tooFew = ticks > 0 && (paired < LEAST_PAIRED * ticks || paired < FEWEST_TICKS);
  const judgement = {
    ticks,
    paired,
    captures: capture.captures.map((one) => ({ ...one, at: times.get(one.tick) ?? 0 })),
    capture: summary,
    tails: tail.errors(),
    quantiles: fidelity.errors,
    faults,
  };
  const notes = [
    ...LIVE_METHOD,
    `${paired} of ${ticks} ticks were compared${paired === 0 ? '' : `, our looks ${(skew / paired).toFixed(1)} ms from the subject's on average`}.`,
    `Others than the workload used ${(foreign * 100).toFixed(0)} percent of the CPU.`,
    ...(strange ? fidelity.doubts.map((text) => `${text} With so many strangers that is no fault.`) : []),
    ...(fidelity.unseen > 0 ? [`${fidelity.unseen} sketches were left out: we saw too little of their ticks.`] : []),
  ];
  const hosts = capture.hostPercents;
  const host = hosts.length === 0 ? undefined : sumOf(hosts) / hosts.length;
  return {
    ...judgement,
    notes,
    values: valuesOf(judgement, {
      tooFew,
      foreign,
      host,
      observed: fidelity.observed,
      miscounted: strange && fidelity.doubts.length > 0,
    }),
  };
}

function oddities({ odd }: LiveCapture): string[] {
  const tooMany = (found: number, share: number, all: number) => found >= FEWEST_ODD && found > share * all;
  const found = [
    ...(tooMany(odd.unknown, MOST_UNKNOWN, odd.entries)
      ? [`${odd.unknown} of ${odd.entries} exported entries name processes that were not there`]
      : []),
    ...(tooMany(odd.differing, MOST_DIFFERING, odd.checked)
      ? [`${odd.differing} of ${odd.checked} exported entries about the workload differ from what we saw`]
      : []),
    ...(odd.duplicates > 0 ? [`${odd.duplicates} processes are exported twice in one tick`] : []),
  ];
  return found.map((text) => `${text}; for example: ${odd.examples[0] ?? 'none kept'}.`);
}

function overCap({ odd }: LiveCapture): string[] {
  return odd.overCap === 0 ? [] : [`${odd.overCap} ticks export more processes than are allowed.`];
}

function valuesOf(
  judged: Pick<LiveJudgement, 'capture' | 'tails' | 'quantiles' | 'faults' | 'paired'>,
  doubt: {
    readonly tooFew: boolean;
    readonly foreign: number;
    readonly host: number | undefined;
    readonly observed: number;
    /** A sketch counts otherwise than we do, and strangers may be the reason. */
    readonly miscounted: boolean;
  },
): MeasuredValue[] {
  const spoiled = (kpi: keyof LiveJudgement['faults']): Verdict | undefined =>
    judged.faults[kpi].length > 0 ? 'fail' : doubt.tooFew ? 'inconclusive' : undefined;
  const kpi = (name: keyof LiveJudgement['faults'], value: number | undefined, n: number, extra?: Verdict) => {
    if (value === undefined) return [];
    const verdict = spoiled(name) ?? extra;
    return [{ name, value, unit: 'percent', n, ...(verdict !== undefined && { verdict }) }];
  };
  const part = (name: string, value: number, n: number, unit = 'percent'): MeasuredValue => ({ name, value, unit, n });
  const { capture, tails, quantiles } = judged;
  return [
    ...kpi('topn_capture_ratio', capture?.percent, capture?.ticks ?? 0),
    ...(capture === undefined
      ? []
      : [
          part('topn_capture_ratio.min', capture.min, capture.ticks),
          part('topn_capture_ratio.p5', capture.p5, capture.ticks),
          part('topn_n.mean', capture.meanN, capture.ticks, 'count'),
          part('topn_n.max', capture.maxN, capture.ticks, 'count'),
          ...(doubt.host === undefined ? [] : [part(HOST_CAPTURE, doubt.host, capture.ticks)]),
          part('foreign_cpu', doubt.foreign * 100, capture.ticks),
        ]),
    ...kpi(
      'p95p99_error',
      quantiles.length === 0 ? undefined : worst(quantiles),
      doubt.observed,
      doubt.miscounted ? 'inconclusive' : undefined,
    ),
    ...METRICS.flatMap((metric) => {
      const of = quantiles.filter((one) => one.metric === metric);
      return of.length === 0 ? [] : [part(`p95p99_error.${metric}`, worst(of), of.length)];
    }),
    ...kpi('tail_error', tails.length === 0 ? undefined : worst(tails), judged.paired),
    ...tails.flatMap((one) => [
      part(`tail_error.${one.metric}`, one.percent, one.ticks),
      part(`tail_error.${one.metric}.worst_tick`, one.worstPercent, one.ticks),
    ]),
  ];
}

/**
 * The KPIs whose failure may be the doing of strangers that use much of the machine: a low capture where the subject
 * captures enough over all processes, and a small error of sketches that are mostly about them.
 */
export function strangersExplain(
  values: readonly MeasuredValue[],
  limits: readonly PlannedLimit[],
): ReadonlySet<string> {
  const figure = (wanted: string) => values.find(({ name }) => name === wanted)?.value;
  const limit = (kpi: string) => limits.find((each) => each.kpi === kpi);
  const explained = new Set<string>();
  if ((figure('foreign_cpu') ?? 0) <= MOST_FOREIGN * 100) return explained;
  const least = limit('topn_capture_ratio')?.min;
  if (least !== undefined && (figure(HOST_CAPTURE) ?? 0) >= least) explained.add('topn_capture_ratio');
  if ((figure('p95p99_error') ?? 0) <= STRANGERS_ERROR) explained.add('p95p99_error');
  return explained;
}

function worst(list: readonly { readonly percent: number }[]): number {
  return list.reduce((most, { percent }) => Math.max(most, percent), 0);
}
