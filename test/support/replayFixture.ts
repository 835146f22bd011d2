import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Lines of the replay's files, as the corpus generator and the agent write them. */
export interface ProcessLine {
  pid: number;
  start: number;
  name: string;
  cpu_ms: number;
  rss: number;
}

export interface TickLine {
  type: string;
  tick: number;
  processes: ProcessLine[];
}

export interface TopLine {
  tick: number;
  n: number;
  top: ProcessLine[];
  other: { count: number; cpu_ms: number; rss: number };
}

export interface SketchLine {
  metric: string;
  from_tick: number;
  to_tick: number;
  alpha: number;
  gamma: number;
  zero_count: number;
  positive: { offset: number; counts: number[] };
  count: number;
  sum: number;
  min: number;
  max: number;
}

export interface Replay {
  header: Record<string, unknown>;
  ticks: TickLine[];
  topn: TopLine[];
  sketches: SketchLine[];
}

export interface ReplayOptions {
  seed?: number;
  processes?: number;
  ticks?: number;
  /** Ticks per sketch. */
  window?: number;
}

export const ALPHA = 0.0075;
export const GAMMA = (1 + ALPHA) / (1 - ALPHA);

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A corpus with heavy hitters, drift and churn, and what an honest agent makes of it. */
export function honestReplay({ seed = 1, processes = 60, ticks = 12, window = 4 }: ReplayOptions = {}): Replay {
  const random = randomOf(seed);
  const live = Array.from({ length: processes }, (_, index) => ({ pid: 100 + index, start: 1000 }));
  const truth: TickLine[] = [];
  for (let tick = 0; tick < ticks; tick += 1) {
    const renewed = live[Math.floor(random() * processes)];
    if (renewed !== undefined) renewed.start += 1;
    truth.push({ type: 'tick', tick, processes: live.map((each, rank) => processAt(each, rank, random)) });
  }
  return replayOf(truth, window);
}

function processAt({ pid, start }: { pid: number; start: number }, rank: number, random: () => number): ProcessLine {
  const idle = random() < 0.1;
  const share = 0.75 ** rank * (0.8 + 0.4 * random());
  return { pid, start, name: `worker-${pid}`, cpu_ms: idle ? 0 : 400 * share, rss: Math.round(4e9 * share) + 4096 };
}

/** The replay of any ticks: an exact top-N (smallest N with 97 % of the score, at most half) and a right DDSketch. */
export function replayOf(ticks: TickLine[], window: number): Replay {
  return {
    header: {
      type: 'header',
      version: 1,
      seed: 1,
      processes: ticks[0]?.processes.length ?? 0,
      ticks: ticks.length,
      interval_seconds: 1,
      profile: 'standard',
    },
    ticks,
    topn: ticks.map((tick) => exportOf(tick)),
    sketches: sketchesOf(ticks, window),
  };
}

/** Exports the best `n` processes by score; without `n`, the smallest number that holds 97 % of the score. */
export function exportOf({ tick, processes }: TickLine, n?: number): TopLine {
  const cpu = total(processes, 'cpu_ms');
  const rss = total(processes, 'rss');
  const score = (process: ProcessLine) => 0.7 * (process.cpu_ms / cpu) + 0.3 * (process.rss / rss);
  const ranked = [...processes].sort((a, b) => score(b) - score(a));
  let enough = 0;
  for (let captured = 0; captured < 0.97 && enough < Math.floor(processes.length / 2); enough += 1) {
    captured += score(ranked[enough] ?? ranked[0] ?? fail());
  }
  const top = ranked.slice(0, n ?? enough);
  const rest = ranked.slice(n ?? enough);
  return {
    tick,
    n: top.length,
    top,
    other: { count: rest.length, cpu_ms: total(rest, 'cpu_ms'), rss: total(rest, 'rss') },
  };
}

export function sketchesOf(ticks: readonly TickLine[], window: number): SketchLine[] {
  const lines: SketchLine[] = [];
  for (let from = 0; from < ticks.length; from += window) {
    const part = ticks.slice(from, from + window);
    for (const metric of ['cpu_ms', 'rss'] as const) {
      const values = part.flatMap((tick) => tick.processes.map((process) => process[metric]));
      lines.push({ metric, from_tick: from, to_tick: from + part.length, ...sketchOf(values) });
    }
  }
  return lines;
}

export type SketchBody = Omit<SketchLine, 'metric' | 'from_tick' | 'to_tick'>;

/** A DDSketch with an unlimited store. `index` gives the bucket of a value above 1e-9. */
export function sketchOf(
  values: readonly number[],
  index = (value: number) => Math.ceil(Math.log(value) / Math.log(GAMMA)),
): SketchBody {
  const positive = values.filter((value) => value > 1e-9).map(index);
  const offset = Math.min(...(positive.length > 0 ? positive : [0]));
  const counts: number[] = Array.from(
    { length: positive.length > 0 ? Math.max(...positive) - offset + 1 : 0 },
    () => 0,
  );
  for (const each of positive) counts[each - offset] = (counts[each - offset] ?? 0) + 1;
  return {
    alpha: ALPHA,
    gamma: GAMMA,
    zero_count: values.length - positive.length,
    positive: { offset, counts },
    count: values.length,
    sum: values.reduce((sum, value) => sum + value, 0),
    min: Math.min(...values),
    max: Math.max(...values),
  };
}

/** Keeps at most `limit` buckets: what lies beyond is counted in the outermost bucket that stays. */
export function collapse(line: SketchLine, limit: number, end: 'lowest' | 'highest'): SketchLine {
  const { offset, counts } = line.positive;
  const surplus = counts.length - limit;
  if (surplus <= 0) return line;
  const sum = (part: number[]) => part.reduce((a, b) => a + b, 0);
  if (end === 'lowest') {
    const kept = counts.slice(surplus);
    kept[0] = sum(counts.slice(0, surplus + 1));
    return { ...line, positive: { offset: offset + surplus, counts: kept } };
  }
  const kept = counts.slice(0, limit);
  kept[limit - 1] = sum(counts.slice(limit - 1));
  return { ...line, positive: { offset, counts: kept } };
}

export const CORPUS = 'corpus.jsonl';
export const OUT = 'out';

/** Writes the replay's files into `root`; `summary.json` and `events.jsonl` boast on purpose. */
export async function writeReplay(root: string, replay: Replay): Promise<void> {
  await mkdir(join(root, OUT), { recursive: true });
  await writeFile(join(root, CORPUS), jsonLines([replay.header, ...replay.ticks]));
  await writeFile(join(root, OUT, 'topn.jsonl'), jsonLines(replay.topn));
  await writeFile(join(root, OUT, 'sketches.jsonl'), jsonLines(replay.sketches));
  await writeFile(join(root, OUT, 'summary.json'), '{"topn_capture_ratio":100,"p95p99_error":0,"tail_error":0}\n');
  await writeFile(join(root, OUT, 'events.jsonl'), '');
}

export function jsonLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

function total(processes: readonly ProcessLine[], metric: 'cpu_ms' | 'rss'): number {
  return processes.reduce((sum, process) => sum + process[metric], 0);
}

function fail(): never {
  throw new Error('The fixture ran out of processes.');
}
