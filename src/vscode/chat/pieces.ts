import { type Citation, citationMarks } from '../../core/grounding/citation.ts';
import { RUN_PATTERN } from '../../core/model/evidence.ts';
import { type Stretch, safeStretch, stretchesOf } from './safe.ts';

/** A part of an answer: Markdown that can be shown as it is, or a place that it cites. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'citation'; readonly citation: Citation };

/** Takes a text of a document or a model apart. What is shown between citations is safe. */
export function piecesOf(markdown: string): Piece[] {
  const pieces: Piece[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') pieces.push({ kind: 'text', text });
    text = '';
  };
  for (const stretch of stretchesOf(legibleQuote(markdown))) {
    for (const part of citedParts(stretch)) {
      if (part.kind === 'text') text += part.text;
      else {
        flush();
        pieces.push(part);
      }
    }
  }
  flush();
  return pieces;
}

function citedParts({ text, code }: Stretch): Piece[] {
  const marks = citationMarks(text);
  // Code is as it was written, unless it is nothing but a citation.
  if (code && marks.map(({ start, end }) => text.slice(start, end)).join('') !== text.replaceAll('`', '').trim()) {
    return [{ kind: 'text', text: safeStretch({ text, code }) }];
  }
  const parts: Piece[] = [];
  const add = (raw: string): void => {
    if (raw !== '') parts.push({ kind: 'text', text: code ? '' : safeStretch({ text: raw, code }) });
  };
  let from = 0;
  for (const { start, end, citations } of marks) {
    add(text.slice(from, start));
    citations.forEach((citation, at) => {
      if (at > 0) parts.push({ kind: 'text', text: ', ' });
      parts.push({ kind: 'citation', citation });
    });
    from = end;
  }
  add(text.slice(from));
  return parts;
}

const QUOTE = /^> ?/;
const CODE_FILE = /\.(ya?ml|jsonl?|log|txt|go|ts|py|java|rs|cpp)$/i;

/**
 * A quote as it can be read: of a file that is no prose as code, because Markdown would make lists and headings of it; a
 * row of a table without the table as its cells.
 */
function legibleQuote(markdown: string): string {
  const lines = markdown.trimEnd().split('\n');
  if (!lines.every((line) => QUOTE.test(line))) return markdown;
  const body = lines.map((line) => line.replace(QUOTE, ''));
  const last = body.at(-1) ?? '';
  const [mark] = citationMarks(last);
  if (mark?.start !== 0) return markdown;
  const quoted = body.slice(0, -1).join('\n').trimEnd();
  const isLine = !quoted.includes('\n') && !/^\s/.test(quoted);
  const language = isLine ? undefined : CODE_FILE.exec(mark.citations[0]?.file ?? '')?.[1];
  const shown = language === undefined ? rowCells(quoted) : codeBlock(quoted, language);
  return shown === undefined ? markdown : `${[...shown, '', last].map((line) => `> ${line}`.trimEnd()).join('\n')}\n\n`;
}

function codeBlock(text: string, language: string): string[] {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return [`${fence}${language}`, ...text.split('\n'), fence];
}

function rowCells(text: string): string[] | undefined {
  const [, cells] = /^\s*\|(.*)\|\s*$/.exec(text) ?? [];
  if (cells === undefined || text.includes('\n')) return undefined;
  const shown = cells.split(/(?<!\\)\|/).map((cell) => cell.trim());
  return [shown.filter((cell) => cell !== '').join(' · ')];
}

/** `blueprint_vFinal.md:41-52`: what a cited place is called. Nothing of a file's name can act as Markdown. */
export function placeName({ file, startLine, endLine }: Pick<Citation, 'file' | 'startLine' | 'endLine'>): string {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const run = RUN_PATTERN.exec(name.replace(/\.json$/, ''))?.[2];
  const plain = (run === undefined ? name : `evidence ${run}`).replace(/[^\p{L}\p{N}._ +@,=-]/gu, '_');
  return `${plain}:${startLine}${endLine > startLine ? `-${endLine}` : ''}`;
}
