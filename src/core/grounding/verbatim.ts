import type { TextLines } from '../parse/textLines.ts';

/** Text without line breaks, runs of white space, and the marks of emphasis and code, which a reader does not see. */
export function plainText(text: string): string {
  return text.replace(/[*`]/g, '').replace(/[“”]/g, '"').replace(/[‘’]/g, "'").replace(/\s+/g, ' ').trim();
}

/** True where `quote` stands word for word in `text`. */
export function isVerbatim(quote: string, text: string): boolean {
  return plainText(text).includes(plainText(quote));
}

/** A shorter text could be anywhere by chance. */
const SHORTEST_UNIQUE = 12;

/** The lines where `quote` stands, where it stands exactly once. Lines count from 1, both inclusive. */
export function findUnique(quote: string, lines: TextLines): { startLine: number; endLine: number } | undefined {
  const wanted = plainText(quote);
  if (wanted.length < SHORTEST_UNIQUE) return undefined;
  const starts: number[] = [];
  const numbers: number[] = [];
  const parts: string[] = [];
  let length = 0;
  for (let at = 1; at <= lines.count; at++) {
    const part = plainText(lines.line(at));
    if (part === '') continue;
    starts.push(length);
    numbers.push(at);
    parts.push(part);
    length += part.length + 1;
  }
  const whole = parts.join(' ');
  const first = whole.indexOf(wanted);
  if (first < 0 || whole.indexOf(wanted, first + 1) >= 0) return undefined;
  const lineOf = (offset: number) => numbers[starts.findLastIndex((start) => start <= offset)] ?? 1;
  return { startLine: lineOf(first), endLine: lineOf(first + wanted.length - 1) };
}
