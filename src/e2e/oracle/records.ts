import type { OracleCode } from './findings.ts';
import {
  type ExportedTick,
  type GroundTruthTick,
  METRICS,
  type Metric,
  type Place,
  type ProcessReading,
  type SketchWindow,
} from './types.ts';

/** A record that was valid JSON but not what the format says; `code` is the finding it becomes. */
export class RecordError extends Error {
  readonly code: OracleCode;

  constructor(code: OracleCode, message: string) {
    super(message);
    this.name = 'RecordError';
    this.code = code;
  }
}

export const CORPUS_VERSION = 1;

/** First line of a corpus: returns its number of ticks. Throws RecordError. */
export function decodeHeader(json: unknown): number {
  const header = objectOf(json, 'the header');
  if (header.type !== 'header') throw malformed('the first line must be the header ({"type":"header",...})');
  if (header.version !== CORPUS_VERSION) {
    throw new RecordError(
      'oracle.version',
      `the corpus has version ${JSON.stringify(header.version)}, this oracle reads version ${CORPUS_VERSION}; generate the corpus again`,
    );
  }
  return countOf(header.ticks, 'ticks');
}

/** A tick line of a corpus. Throws RecordError. */
export function decodeTruth(json: unknown, place: Place): GroundTruthTick {
  const line = objectOf(json, 'the line');
  if (line.type !== 'tick') throw malformed(`"type" must be "tick", not ${JSON.stringify(line.type)}`);
  return { tick: countOf(line.tick, 'tick'), place, processes: readingsOf(line.processes, 'processes') };
}

/** A line of `topn.jsonl`. Throws RecordError. */
export function decodeExported(json: unknown, place: Place): ExportedTick {
  const line = objectOf(json, 'the line');
  const other = objectOf(line.other, '"other"');
  return {
    tick: countOf(line.tick, 'tick'),
    place,
    n: countOf(line.n, 'n'),
    top: readingsOf(line.top, 'top'),
    other: {
      count: countOf(other.count, 'other.count'),
      cpu_ms: amountOf(other.cpu_ms, 'other.cpu_ms'),
      rss: amountOf(other.rss, 'other.rss'),
    },
  };
}

/** A line of `sketches.jsonl`. Throws RecordError. */
export function decodeSketch(json: unknown, place: Place): SketchWindow {
  const line = objectOf(json, 'the line');
  const positive = objectOf(line.positive, '"positive"');
  const from = countOf(line.from_tick, 'from_tick');
  const to = countOf(line.to_tick, 'to_tick');
  if (to <= from) throw malformed(`the window is empty: from_tick ${from}, to_tick ${to}`);
  const gamma = amountOf(line.gamma, 'gamma');
  if (gamma <= 1) throw new RecordError('oracle.invalid-number', `"gamma" must be above 1, not ${gamma}`);
  const offset = positive.offset;
  if (typeof offset !== 'number') throw malformed('"positive.offset" must be a whole number');
  const counts = arrayOf(positive.counts, 'positive.counts').map((count) => countOf(count, 'positive.counts'));
  if (!Number.isSafeInteger(offset) || !bucketsAreFinite(gamma, offset, counts.length)) {
    throw new RecordError('oracle.invalid-number', `buckets from ${offset} lie outside what a float64 can hold`);
  }
  return {
    metric: metricOf(line.metric),
    place,
    from,
    to,
    alpha: amountOf(line.alpha, 'alpha'),
    gamma,
    zeroCount: countOf(line.zero_count, 'zero_count'),
    offset,
    counts,
    count: countOf(line.count, 'count'),
    ...(line.sum !== undefined && { sum: amountOf(line.sum, 'sum') }),
    ...(line.min !== undefined && { min: amountOf(line.min, 'min') }),
    ...(line.max !== undefined && { max: amountOf(line.max, 'max') }),
  };
}

function bucketsAreFinite(gamma: number, offset: number, length: number): boolean {
  return gamma ** offset > 0 && Number.isFinite(gamma ** (offset + Math.max(0, length - 1)));
}

function metricOf(value: unknown): Metric {
  const metric = METRICS.find((name) => name === value);
  if (metric === undefined)
    throw malformed(`"metric" must be one of ${METRICS.join(', ')}, not ${JSON.stringify(value)}`);
  return metric;
}

function readingsOf(value: unknown, name: string): readonly ProcessReading[] {
  const items = arrayOf(value, name);
  for (const item of items) {
    const reading = objectOf(item, `an entry of "${name}"`);
    countOf(reading.pid, 'pid');
    countOf(reading.start, 'start');
    amountOf(reading.cpu_ms, 'cpu_ms');
    countOf(reading.rss, 'rss');
    if (typeof reading.name !== 'string') throw malformed(`"name" of process ${reading.pid} must be a string`);
  }
  return items as readonly ProcessReading[];
}

function objectOf(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(`${name} must be an object`);
  return value as Record<string, unknown>;
}

function arrayOf(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(`"${name}" must be a list`);
  return value;
}

function amountOf(value: unknown, name: string): number {
  if (typeof value !== 'number') throw malformed(`"${name}" must be a number, not ${JSON.stringify(value)}`);
  if (!Number.isFinite(value) || value < 0) {
    throw new RecordError('oracle.invalid-number', `"${name}" must be a finite number of at least 0, not ${value}`);
  }
  return value;
}

function countOf(value: unknown, name: string): number {
  const amount = amountOf(value, name);
  if (!Number.isSafeInteger(amount)) {
    throw new RecordError('oracle.invalid-number', `"${name}" must be a whole number, not ${amount}`);
  }
  return amount;
}

function malformed(message: string): RecordError {
  return new RecordError('oracle.malformed', message);
}
