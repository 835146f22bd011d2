import { readSections, readYamlSections, type Section } from '../parse/sections.ts';
import { TextLines } from '../parse/textLines.ts';

/** A stretch of a document that is found as one. Lines count from 1, both ends inclusive; offsets are UTF-16 units. */
export interface Chunk {
  readonly startLine: number;
  readonly endLine: number;
  readonly start: number;
  readonly end: number;
}

/** A document cut up: chunks in order, and the sections that say which headings stand above a line. */
export interface ChunkedDocument {
  readonly lines: TextLines;
  readonly sections: readonly Section[];
  readonly chunks: readonly Chunk[];
}

/** Sections are put together until a chunk has this many characters, */
const WANTED = 1500;
/** and no chunk has more, but for the rest of a paragraph. */
const LIMIT = 2000;

export function chunkDocument(file: string, text: string): ChunkedDocument {
  const lines = new TextLines(text);
  const sections = sectionsOf(file, lines);
  return { lines, sections, chunks: [...chunksOf(lines, sections)] };
}

function sectionsOf(file: string, lines: TextLines): Section[] {
  return /\.ya?ml$/i.test(file) ? readYamlSections(lines) : readSections(lines);
}

/** The headings that stand above a line, outermost first. */
export function headingsAt(sections: readonly Section[], line: number): readonly string[] {
  return sectionAt(sections, line)?.path ?? [];
}

export function sectionAt(sections: readonly Section[], line: number): Section | undefined {
  let low = 0;
  let high = sections.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sections[middle]?.startLine ?? 0) <= line) low = middle;
    else high = middle - 1;
  }
  return sections[low];
}

function* chunksOf(lines: TextLines, sections: readonly Section[]): Generator<Chunk> {
  let from = 0;
  let length = 0;
  let to = 0;
  for (const { startLine, endLine } of sections) {
    const size = lines.start(endLine + 1) - lines.start(startLine);
    if (length > 0 && length + size > LIMIT) {
      yield* cut(lines, from, to);
      length = 0;
    }
    if (length === 0) from = startLine;
    length += size;
    to = endLine;
    if (length >= WANTED) {
      yield* cut(lines, from, to);
      length = 0;
    }
  }
  if (length > 0) yield* cut(lines, from, to);
}

/** Cuts lines `from` to `to` into chunks, at empty lines where there are any in reach, else between lines or inside one. */
function* cut(lines: TextLines, from: number, to: number): Generator<Chunk> {
  let startLine = from;
  while (startLine <= to) {
    const start = lines.start(startLine);
    let endLine = startLine;
    let lastGap = 0;
    while (endLine < to && lines.start(endLine + 2) - start <= LIMIT) {
      endLine++;
      if (lines.start(endLine) - start >= WANTED / 2 && lines.line(endLine).trim() === '') lastGap = endLine;
    }
    if (endLine < to && lastGap > startLine) endLine = lastGap;
    yield* split({ startLine, endLine, start, end: lines.start(endLine + 1) }, lines);
    startLine = endLine + 1;
  }
}

/** A line that is longer than a chunk becomes several, all of that line; lines with nothing in them become none. */
function* split(chunk: Chunk, lines: TextLines): Generator<Chunk> {
  if (chunk.end - chunk.start > LIMIT && chunk.startLine === chunk.endLine) {
    for (let start = chunk.start; start < chunk.end; start += LIMIT) {
      yield { ...chunk, start, end: Math.min(start + LIMIT, chunk.end) };
    }
  } else if (lines.text.slice(chunk.start, chunk.end).trim() !== '') {
    yield chunk;
  }
}
