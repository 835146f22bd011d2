import type { Position, Range } from '../model/source.ts';

/** Turns offsets into positions. Built on first use: most texts have no issue and never need it. */
export class Lines {
  readonly #text: string;
  #starts: number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  position(offset: number): Position {
    this.#starts ??= lineStarts(this.#text);
    const at = Math.min(Math.max(offset, 0), this.#text.length);
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (this.#starts[low] ?? 0) + 1 };
  }

  range(start: number, end: number): Range {
    return { start: this.position(start), end: this.position(Math.max(start, end)) };
  }

  /** The text of the line that holds `offset`, without indentation and line end. */
  lineRange(offset: number): Range {
    const start = this.#text.lastIndexOf('\n', offset - 1) + 1;
    const next = this.#text.indexOf('\n', start);
    const line = this.#text.slice(start, next < 0 ? undefined : next);
    const indent = line.length - line.trimStart().length;
    return this.range(start + indent, start + line.trimEnd().length);
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
