import { type Chunk, headingsAt } from './chunk.ts';
import type { Document } from './library.ts';
import { termsOf } from './tokens.ts';

/** A few lines of a document that can be quoted: a paragraph, an item of a list, a row of a table, a block of code. */
export interface Passage {
  readonly file: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly text: string;
  /** Headings above, outermost first, and the head row of a table: they say what the passage is about. */
  readonly context: readonly string[];
}

const ITEM = /^\s*(?:[-*+]|\d+[.)])\s/;
const ROW = /^\s*\|.*\|\s*$/;
const RULE = /^\s*\|?[\s:|-]*-[\s:|-]*\|?\s*$/;
const FENCE = /^\s*(?:`{3,}|~{3,})/;
const HEADING = /^ {0,3}#{1,6}(?:\s|$)/;
/** A block of more lines is quoted in parts. */
const MOST_LINES = 12;
/** Rows above a chunk that are searched for the head of their table. */
const LONGEST_TABLE = 300;
/** A line of more characters is not quoted: nobody would read it. */
const LONGEST_LINE = 1500;

/** All passages of a chunk, in order. */
export function passagesOf(document: Document, chunk: Chunk): Passage[] {
  const blocks = /\.ya?ml$/i.test(document.file) ? yamlBlocks(document, chunk) : markdownBlocks(document, chunk);
  const passages: Passage[] = [];
  for (const { from, to, head } of blocks) {
    for (let startLine = from; startLine <= to; startLine += MOST_LINES) {
      const endLine = Math.min(to, startLine + MOST_LINES - 1);
      const text = document.lines.slice(startLine, endLine);
      if (text.trim() === '' || text.split('\n').some((line) => line.length > LONGEST_LINE)) continue;
      const context = [...headingsAt(document.sections, startLine), ...(head === undefined ? [] : [head])];
      passages.push({ file: document.file, startLine, endLine, text, context });
    }
  }
  return passages;
}

interface Block {
  readonly from: number;
  readonly to: number;
  readonly head?: string | undefined;
}

function* markdownBlocks({ lines }: Document, { startLine, endLine }: Chunk): Generator<Block> {
  let from = 0;
  let head: string | undefined;
  for (let at = startLine; at <= endLine; at++) {
    const line = lines.line(at);
    const isRow = ROW.test(line);
    const ends = line.trim() === '' || isRow || ITEM.test(line) || FENCE.test(line) || HEADING.test(line);
    if (ends && from > 0) {
      yield { from, to: at - 1 };
      from = 0;
    }
    if (!isRow) head = undefined;
    if (FENCE.test(line)) {
      const to = fenceEnd(lines.line.bind(lines), at, endLine);
      if (to - at > 1) yield { from: at + 1, to: to - 1 };
      at = to;
    } else if (isRow) {
      if (RULE.test(line)) continue;
      if (RULE.test(lines.line(at + 1))) head = line;
      else yield { from: at, to: at, head: head ?? headOf(lines.line.bind(lines), at) };
    } else if (from === 0 && line.trim() !== '' && !HEADING.test(line)) {
      from = at;
    }
  }
  if (from > 0) yield { from, to: endLine };
}

function fenceEnd(line: (at: number) => string, from: number, last: number): number {
  const mark = FENCE.exec(line(from))?.[0].trim() ?? '';
  for (let at = from + 1; at <= last; at++) {
    const closing = line(at).trim();
    if (closing.startsWith(mark) && /^(?:`+|~+)$/.test(closing)) return at;
  }
  return last + 1;
}

/** The head row of the table that a row stands in; a chunk may begin below it. */
function headOf(line: (at: number) => string, row: number): string | undefined {
  for (let at = row - 1; at > Math.max(1, row - LONGEST_TABLE) && ROW.test(line(at)); at--) if (RULE.test(line(at))) return line(at - 1);
  return undefined;
}

/** Lines that belong together: a key or an item of the outermost list with all that is indented below it. */
function* yamlBlocks({ lines }: Document, { startLine, endLine }: Chunk): Generator<Block> {
  let from = 0;
  for (let at = startLine; at <= endLine; at++) {
    const line = lines.line(at);
    const begins = /^(?:[^\s#-]| {0,4}- )/.test(line);
    if (from > 0 && (begins || line.trim() === '')) {
      yield { from, to: at - 1 };
      from = 0;
    }
    if (from === 0 && line.trim() !== '') from = at;
  }
  if (from > 0) yield { from, to: endLine };
}

export interface RankedPassage extends Passage {
  readonly score: number;
}

/** What a term in the context counts, against one in the passage itself. */
const CONTEXT_WEIGHT = 0.5;
/** How much a passage is held back for its length: long ones have every term by chance. */
const LENGTH_PENALTY = 0.12;
const USUAL_TERMS = 20;

/**
 * Scores a passage by the weight of the question's terms that it has. `weights` maps the question's terms to how telling
 * they are; `share` is the rank of its chunk as a share of the best chunk's score, 0 to 1.
 */
export function scorePassage(passage: Passage, weights: ReadonlyMap<string, number>, share: number): number {
  const own = termsOf(passage.text);
  const has = new Set(own);
  const above = new Set([...termsOf(passage.context.join(' ')), ...termsOf(passage.file)]);
  let score = 0;
  for (const [term, weight] of weights) {
    if (has.has(term)) score += weight;
    else if (above.has(term)) score += weight * CONTEXT_WEIGHT;
  }
  return (score * (0.5 + share / 2)) / (1 + LENGTH_PENALTY * Math.log1p(own.length / USUAL_TERMS));
}
