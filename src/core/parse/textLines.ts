/** A text by its lines, counted from 1. Lines end with LF, CRLF or CR, as editors count them; the ends are no part of a line. */
export class TextLines {
  readonly text: string;
  /** Offsets at which lines start; one more at the end, past the last line's end. */
  readonly #starts: number[];

  constructor(text: string) {
    this.text = text;
    this.#starts = lineStarts(text);
  }

  /** An empty text has one empty line; a line end at the end of the text starts no further line. */
  get count(): number {
    return this.#starts.length - 1;
  }

  /** The offset at which a line starts; for `count + 1` the length of the text. */
  start(line: number): number {
    return this.#starts[line - 1] ?? this.text.length;
  }

  line(line: number): string {
    let end = this.start(line + 1);
    const start = this.start(line);
    while (end > start && isLineEnd(this.text.charCodeAt(end - 1))) end--;
    return this.text.slice(start, end);
  }

  /** Lines `from` to `to`, both inclusive, joined by LF. */
  slice(from: number, to: number): string {
    const lines: string[] = [];
    for (let at = Math.max(1, from); at <= Math.min(to, this.count); at++) lines.push(this.line(at));
    return lines.join('\n');
  }

  /** The line that holds the character at `offset`. */
  lineAt(offset: number): number {
    let low = 1;
    let high = this.count;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.start(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

const LF = 10;
const CR = 13;

function isLineEnd(code: number): boolean {
  return code === LF || code === CR;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  const hasCr = text.includes('\r');
  for (let at = nextEnd(text, 0, hasCr); at >= 0; at = nextEnd(text, at, hasCr)) {
    at += text.charCodeAt(at) === CR && text.charCodeAt(at + 1) === LF ? 2 : 1;
    starts.push(at);
  }
  if (starts.length === 1 || starts.at(-1) !== text.length) starts.push(text.length);
  return starts;
}

function nextEnd(text: string, from: number, hasCr: boolean): number {
  if (!hasCr) return text.indexOf('\n', from);
  for (let at = from; at < text.length; at++) if (isLineEnd(text.charCodeAt(at))) return at;
  return -1;
}
