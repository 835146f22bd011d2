import { sha256 } from '../base/digest.ts';

/** Characters of a digest that a model is shown and gives back. */
const DIGEST_LENGTH = 12;

/** Names a text as it is: whoever edits must have read this very text. */
export async function shortDigest(text: string): Promise<string> {
  return (await sha256(text)).slice(0, DIGEST_LENGTH);
}

/** Keeps head and tail of a long text, with what was left out between them. `limit` counts characters. */
export function capped(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = Math.ceil(limit * 0.7);
  const tail = limit - head;
  const left = text.length - head - tail;
  return `${text.slice(0, head)}\n[... ${left} characters left out ...]\n${text.slice(text.length - tail)}`;
}

/** `  12  text`, for lines that begin at `first`. */
export function numbered(lines: readonly string[], first: number): string {
  const width = String(first + lines.length - 1).length;
  return lines.map((line, at) => `${String(first + at).padStart(width)}  ${line}`).join('\n');
}

/** A block of foreign text that cannot end itself: its fence is longer than any within. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

/** One line, cut. */
export function oneLine(text: string, limit = 160): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
