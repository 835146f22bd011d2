import { errorMessage } from '../../core/base/errors.ts';
import type { Findings } from './findings.ts';
import { LineTooLongError, readLines } from './lines.ts';
import { decodeExported, decodeHeader, decodeSketch, decodeTruth, RecordError } from './records.ts';
import {
  type ExportedTick,
  type GroundTruthTick,
  identityOf,
  type Place,
  type SketchWindow,
  type Source,
} from './types.ts';

export interface RecordFile {
  readonly source: Source;
  /** Absolute. */
  readonly path: string;
  /** Relative to the workspace root, as findings show it. */
  readonly file: string;
}

/**
 * The ticks of `corpus.jsonl` in order, one line in memory at a time. Yields nothing after a header that it cannot read;
 * each fault becomes a finding.
 */
export async function* readCorpus(from: RecordFile, findings: Findings): AsyncGenerator<GroundTruthTick> {
  let ticks: number | undefined;
  let expected = 0;
  let last: Place = placeOf(from, 1);
  for await (const { json, place } of readRecords(from, findings)) {
    last = place;
    if (ticks === undefined) {
      ticks = decode(findings, place, () => decodeHeader(json));
      if (ticks === undefined) return;
      continue;
    }
    const tick = decode(findings, place, () => decodeTruth(json, place));
    if (tick === undefined) continue;
    if (tick.tick < expected) {
      findings.add('oracle.tick-order', place, `Tick ${tick.tick} comes after tick ${expected - 1}.`);
      continue;
    }
    if (tick.tick >= ticks) {
      findings.add('oracle.unknown-tick', place, `Tick ${tick.tick} is beyond the ${ticks} ticks of the header.`);
      continue;
    }
    if (tick.tick > expected) findings.add('oracle.missing-tick', place, missingTicks(expected, tick.tick));
    expected = tick.tick + 1;
    if (allDistinct(tick, findings)) yield tick;
  }
  if (ticks !== undefined && expected < ticks) findings.add('oracle.missing-tick', last, missingTicks(expected, ticks));
}

/** The lines of `topn.jsonl` by rising tick; those that repeat or go back become findings. */
export async function* readExports(from: RecordFile, findings: Findings): AsyncGenerator<ExportedTick> {
  let last: ExportedTick | undefined;
  for await (const { json, place } of readRecords(from, findings)) {
    const tick = decode(findings, place, () => decodeExported(json, place));
    if (tick === undefined) continue;
    if (last !== undefined && tick.tick <= last.tick) {
      if (tick.tick === last.tick)
        findings.add('oracle.duplicate-tick', place, `Tick ${tick.tick} is there twice.`, last.place);
      else findings.add('oracle.tick-order', place, `Tick ${tick.tick} comes after tick ${last.tick}.`);
      continue;
    }
    last = tick;
    yield tick;
  }
}

/** The lines of `sketches.jsonl` as they come. */
export async function* readSketches(from: RecordFile, findings: Findings): AsyncGenerator<SketchWindow> {
  for await (const { json, place } of readRecords(from, findings)) {
    const window = decode(findings, place, () => decodeSketch(json, place));
    if (window !== undefined) yield window;
  }
}

/** `Ticks 3 to 6 are missing.` for the half-open range from `from` to `to`. */
export function missingTicks(from: number, to: number): string {
  return to - from === 1 ? `Tick ${from} is missing.` : `Ticks ${from} to ${to - 1} are missing.`;
}

function allDistinct(tick: GroundTruthTick, findings: Findings): boolean {
  const seen = new Set<string>();
  for (const process of tick.processes) {
    const identity = identityOf(process);
    if (seen.has(identity)) {
      findings.add(
        'oracle.duplicate-identity',
        tick.place,
        `Process ${identity} is listed twice at tick ${tick.tick}.`,
      );
      return false;
    }
    seen.add(identity);
  }
  return true;
}

interface JsonLine {
  readonly json: unknown;
  readonly place: Place;
}

async function* readRecords(from: RecordFile, findings: Findings): AsyncGenerator<JsonLine> {
  let lines = 0;
  try {
    for await (const line of readLines(from.path)) {
      lines += 1;
      const place = placeOf(from, line.number);
      try {
        yield { json: JSON.parse(line.text) as unknown, place };
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        if (line.terminated) findings.add('oracle.malformed', place, `The line is not JSON: ${errorMessage(error)}.`);
        else
          findings.add(
            'oracle.truncated',
            place,
            'The last line is cut off; the program that wrote it did not finish.',
          );
      }
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') {
      findings.add('oracle.missing-file', placeOf(from, 1), 'The file is not there; run the replay first.');
    } else if (error instanceof LineTooLongError) {
      findings.add('oracle.unreadable', placeOf(from, error.line), error.message);
    } else if (code !== undefined) {
      findings.add('oracle.unreadable', placeOf(from, 1), `The file cannot be read: ${errorMessage(error)}.`);
    } else throw error;
    return;
  }
  if (lines === 0) findings.add('oracle.empty-file', placeOf(from, 1), 'The file is empty; the replay wrote nothing.');
}

function decode<T>(findings: Findings, place: Place, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    findings.add(error.code, place, `Cannot use the line: ${error.message}.`);
    return undefined;
  }
}

function placeOf({ source, file }: RecordFile, line: number): Place {
  return { source, file, line };
}
