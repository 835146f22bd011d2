import { type Citation, type CitationMark, citationMarks } from './citation.ts';
import { figuresOf, identifiersOf } from './facets.ts';
import { tellingTerms } from './tokens.ts';
import type { Claim } from './verify.ts';

/** A part of an answer: a claim, or what claims nothing (a line break, a bare heading). All `raw` together are the answer. */
export interface AnswerPart {
  readonly raw: string;
  readonly claim: Claim | undefined;
}

const FENCE = /^\s*(`{3,}|~{3,})/;
const QUOTE = /^\s*>/;
const STRUCTURE = /^\s*(?:#{1,6}\s.*|[-*_]{3,}|\|?[\s:|-]+\|?|\*\*[^*]+\*\*:?)\s*$/;
const MARKER = /^(\s*(?:[-*+]|\d+[.)])\s+)/;
/** A sentence ends here, unless an abbreviation does. */
const SENTENCE_END = /(?<!\b(?:e\.g|i\.e|etc|vs|cf|no|approx|resp))[.!?]["”)*`]*(?=\s|$)/gi;
/** Words of lead-ins and headings that claim nothing by themselves. */
const LEAD_IN = new Set(
  'answer summary evidence document following source reason note conclusion detail overview quote passage short found relevant'
    .split(' ')
    .flatMap(tellingTerms),
);

/**
 * Cuts an answer in Markdown into claims: sentences, items, table rows, quoted blocks and code blocks, each with the
 * citations in it or right behind it. A quoted or code block is a quote as a whole. `before`: what was cut up earlier, on
 * whose citations a code block may rest.
 */
export function splitAnswer(text: string, before: readonly AnswerPart[] = []): AnswerPart[] {
  const parts = before.slice(-1);
  const known = parts.length;
  const lines = text.split(/(?<=\n)/);
  for (let at = 0; at < lines.length; ) {
    const size = blockSize(lines, at);
    const raw = lines.slice(at, at + size).join('');
    at += size;
    if (FENCE.test(raw)) parts.push(codeBlock(raw, parts, lines[at]));
    else if (QUOTE.test(raw)) parts.push(quotedBlock(raw));
    else addLine(raw, parts);
  }
  return parts.slice(known);
}

function blockSize(lines: readonly string[], at: number): number {
  const mark = FENCE.exec(lines[at] ?? '')?.[1];
  let end = at + 1;
  if (mark !== undefined) {
    while (end < lines.length && !(lines[end] ?? '').trim().startsWith(mark)) end++;
    return Math.min(end + 1, lines.length) - at;
  }
  if (!QUOTE.test(lines[at] ?? '')) return 1;
  while (QUOTE.test(lines[end] ?? '')) end++;
  return end - at;
}

/** Citations count only at the end: the quoted text may hold some of its own. */
function quotedBlock(raw: string): AnswerPart {
  const body = raw.replace(/^\s*> ?/gm, '').trimEnd();
  const { rest, citations } = trailing(body);
  return { raw, claim: { text: rest.trim(), quotes: [rest.trim()], citations } };
}

/** A block of code rests on what the line before cites, or the line behind it if that has nothing but citations. */
function codeBlock(raw: string, before: readonly AnswerPart[], next: string | undefined): AnswerPart {
  const body = raw.replace(/^.*\n?/, '').replace(/\n?\s*(?:`{3,}|~{3,})\s*$/, '');
  if (body.trim() === '') return { raw, claim: undefined };
  const behind = next === undefined ? undefined : trailing(next);
  const citations =
    behind?.rest.trim() === '' && behind.citations.length > 0
      ? behind.citations
      : (before.findLast((part) => part.claim !== undefined)?.claim?.citations ?? []);
  return { raw, claim: { text: body, quotes: [body], citations } };
}

/** The text before the citations at its end. */
function trailing(text: string): { rest: string; citations: readonly Citation[] } {
  const marks = citationMarks(text);
  let end = text.length;
  let first = marks.length;
  for (let at = marks.length - 1; at >= 0; at--) {
    const mark = marks[at];
    if (mark === undefined || !/^[\s,;.]*$/.test(text.slice(mark.end, end))) break;
    end = mark.start;
    first = at;
  }
  return { rest: text.slice(0, end), citations: marks.slice(first).flatMap((mark) => mark.citations) };
}

function addLine(raw: string, parts: AnswerPart[]): void {
  const marks = citationMarks(raw);
  const bare = without(raw, marks, 0, raw.length);
  const last = parts.findLastIndex((part) => part.claim !== undefined);
  if (marks.length > 0 && !/[\p{L}\p{N}]/u.test(bare)) {
    citeBehind(raw, marks, parts, last);
    return;
  }
  if (isStructure(bare)) {
    parts.push({ raw, claim: undefined });
    return;
  }
  let start = 0;
  for (const end of sentenceEnds(raw, marks)) {
    const inside = marks.filter((mark) => mark.start >= start && mark.start < end);
    const text = without(raw, inside, start, end).replace(MARKER, '').trim();
    const piece = raw.slice(start, end);
    start = end;
    if (text === '') parts.push({ raw: piece, claim: undefined });
    else {
      const citations = inside.flatMap((mark) => mark.citations);
      parts.push({ raw: piece, claim: { text, quotes: quotesOf(text), citations } });
    }
  }
}

/** A line of nothing but citations belongs to the claim before it. */
function citeBehind(raw: string, marks: readonly CitationMark[], parts: AnswerPart[], last: number): void {
  const part = parts[last];
  if (part?.claim !== undefined && part.claim.quotes[0] !== part.claim.text) {
    const citations = [...part.claim.citations, ...marks.flatMap((mark) => mark.citations)];
    parts[last] = { ...part, claim: { ...part.claim, citations } };
  } else if (part?.claim !== undefined && part.claim.citations.length === 0) {
    parts[last] = { ...part, claim: { ...part.claim, citations: marks.flatMap((mark) => mark.citations) } };
  }
  parts.push({ raw, claim: undefined });
}

/** A heading, a rule or a lead-in, as long as it holds neither a figure nor a name nor a statement. */
function isStructure(line: string): boolean {
  const text = line.replace(/^[\s#>*_-]+|[\s*_:]+$/g, '');
  if (text === '') return true;
  const isLabel = STRUCTURE.test(line) || /:\s*$/.test(line);
  if (!isLabel || figuresOf(text).length > 0 || identifiersOf(text).length > 0) return false;
  return tellingTerms(text).every((term) => LEAD_IN.has(term));
}

/** Offsets behind the sentences of a line; citations behind a full stop belong to the sentence before it. */
function sentenceEnds(raw: string, marks: readonly CitationMark[]): number[] {
  if (raw.trimStart().startsWith('|')) return [raw.length];
  const ends: number[] = [];
  const spans = [
    ...marks.map(({ start, end }) => [start, end] as const),
    ...spansOf(raw, /`[^`\n]*`|"[^"\n]*"|“[^”\n]*”/g),
  ];
  for (const match of raw.matchAll(SENTENCE_END)) {
    let end = match.index + match[0].length;
    if (spans.some(([from, to]) => match.index > from && match.index < to - 1)) continue;
    if (/^\s*\d+[.)]$/.test(raw.slice(0, match.index + 1))) continue;
    for (const mark of marks) if (mark.start >= end && /^[\s,;]*$/.test(raw.slice(end, mark.start))) end = mark.end;
    if (/^[.!?]?\s*$/.test(raw.slice(end))) end = raw.length;
    if (end > (ends.at(-1) ?? 0)) ends.push(end);
  }
  if (ends.at(-1) !== raw.length) ends.push(raw.length);
  return ends;
}

function spansOf(text: string, pattern: RegExp): (readonly [number, number])[] {
  return [...text.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length] as const);
}

function without(raw: string, marks: readonly CitationMark[], start: number, end: number): string {
  let text = '';
  let from = start;
  for (const mark of marks) {
    text += raw.slice(from, mark.start);
    from = mark.end;
  }
  return (text + raw.slice(from, end)).replace(/[ \t]+([.,;:!?])/g, '$1');
}

function quotesOf(text: string): string[] {
  const quoted = text.replace(/`[^`\n]+`/g, (code) => code.replace(/["“”]/g, ' '));
  return [...quoted.matchAll(/"([^"\n]+)"|“([^”\n]+)”/g)]
    .map((match) => text.slice(match.index + 1, match.index + match[0].length - 1).trim())
    .filter((quote) => quote !== '');
}
