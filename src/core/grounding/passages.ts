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
      if (!isQuotable(text)) continue;
      const context = [...headingsAt(document.sections, startLine), ...(head === undefined ? [] : [head])];
      passages.push({ file: document.file, startLine, endLine, text, context });
    }
  }
  return passages;
}

/** Not what nobody could read, and not a table of contents, which only says where an answer is. */
function isQuotable(text: string): boolean {
  const lines = text.split('\n');
  if (text.trim() === '' || lines.some((line) => line.length > LONGEST_LINE)) return false;
  return !lines.every((line) => /^\s*(?:[-*+]|\d+[.)])?\s*\[[^\]]*\]\(#[^)]*\)\s*$/.test(line));
}

interface Block {
  readonly from: number;
  readonly to: number;
  readonly head?: string | undefined;
}

function* markdownBlocks({ lines }: Document, { startLine, endLine }: Chunk): Generator<Block> {
  const line = (at: number) => lines.line(at);
  let from = 0;
  let head: string | undefined;
  for (let at = startLine; at <= endLine; at++) {
    const text = line(at);
    const isRow = ROW.test(text);
    const begins = isRow || FENCE.test(text) || HEADING.test(text) || (ITEM.test(text) && !belongs(line, from, at));
    if (from > 0 && (begins || (text.trim() === '' && !leadsIn(line, from, at)))) {
      yield { from, to: at - 1 };
      from = 0;
    }
    if (!isRow) head = undefined;
    if (FENCE.test(text)) {
      const to = fenceEnd(line, at, endLine);
      if (to - at > 1) yield { from: at + 1, to: to - 1 };
      at = to;
    } else if (isRow) {
      if (RULE.test(text)) continue;
      if (RULE.test(line(at + 1))) head = text;
      else yield { from: at, to: at, head: head ?? headOf(line, at) };
    } else if (from === 0 && text.trim() !== '' && !HEADING.test(text)) {
      from = at;
    }
  }
  if (from > 0) yield { from, to: endLine };
}

/** Steps that are numbered belong together, and a list belongs to the words that lead into it. */
function belongs(line: (at: number) => string, from: number, at: number): boolean {
  if (from === 0) return false;
  const step = /^\s*\d+[.)]\s/;
  return (step.test(line(from)) && step.test(line(at))) || /:\s*$/.test(line(from)) || isLead(line, from, at);
}

/** True where the empty line at `at` stands between words that end with a colon and the list below them. */
function leadsIn(line: (at: number) => string, from: number, at: number): boolean {
  return isLead(line, from, at) && ITEM.test(line(at + 1));
}

function isLead(line: (at: number) => string, from: number, at: number): boolean {
  if (ITEM.test(line(from)) || at - from > MOST_LINES) return false;
  for (let before = from; before < at; before++) if (/:\s*$/.test(line(before))) return true;
  return false;
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
  for (let at = row - 1; at > Math.max(1, row - LONGEST_TABLE) && ROW.test(line(at)); at--)
    if (RULE.test(line(at))) return line(at - 1);
  return undefined;
}

/** Sections of the file, which are keys and named items, with the lines below them. */
function* yamlBlocks({ lines, sections }: Document, { startLine, endLine }: Chunk): Generator<Block> {
  for (const section of sections) {
    let from = Math.max(section.startLine, startLine);
    let to = Math.min(section.endLine, endLine);
    while (from <= to && lines.line(from).trim() === '') from++;
    while (to >= from && lines.line(to).trim() === '') to--;
    if (from <= to) yield { from, to };
  }
}

export interface RankedPassage extends Passage {
  readonly score: number;
}

/** What a term in the context counts, against one in the passage itself. */
const CONTEXT_WEIGHT = 0.7;
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
