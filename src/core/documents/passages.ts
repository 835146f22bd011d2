import type { Located } from '../model/source.ts';
import { readSections, type Section } from '../parse/sections.ts';
import { TextLines } from '../parse/textLines.ts';

/** Lines of a document that speak of something; both ends inclusive. */
export interface Passage {
  readonly file: string;
  readonly startLine: number;
  readonly endLine: number;
  /** The headings above, outermost first. */
  readonly heading: readonly string[];
  readonly text: string;
}

const ITEM = /^(\s*)(?:[-*+]|\d+[.)])\s/;
const ROW = /^\s*\|/;
const FENCE = /^\s*(?:`{3}|~{3})/;
const HEADING = /^\s{0,3}#{1,6}\s/;
/** A section is quoted to its end where it is this short, else to the end of its first paragraph. */
const SHORT_SECTION = 12;

/** A text with its sections, for finding passages. */
export class Pages {
  readonly file: string;
  readonly lines: TextLines;
  readonly #sections: readonly Section[];

  constructor(file: string, text: string) {
    this.file = file;
    this.lines = new TextLines(text);
    this.#sections = readSections(this.lines);
  }

  /**
   * The item, row, paragraph or section that holds each place where an id stands; the first `most`, in order. Where one
   * begins with the id, it defines what the others only mention: then only such.
   */
  about(id: string, ids: readonly Located<string>[], most: number): Passage[] {
    const places = ids.filter((one) => one.value === id).map((one) => one.range.start.line);
    const defining = places.filter((line) =>
      this.lines
        .line(line)
        .replace(/^[\s#>*+|-]+/, '')
        .startsWith(id),
    );
    return this.#passages(defining.length > 0 ? defining : places, most);
  }

  /** Lines that hold a text, each as a passage. */
  holding(text: string): Passage[] {
    const found: Passage[] = [];
    for (let at = 1; at <= this.lines.count; at++) if (this.lines.line(at).includes(text)) found.push(this.at(at));
    return found;
  }

  /** Passages that name a module in code marks, such as `sampler` or `sampler/heap.go`. */
  naming(module: string, most: number): Passage[] {
    const name = module.replace(/^\.\/|\/+$/g, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const pattern = new RegExp(`\`${name}(?:/[^\`]*)?\``);
    const found: number[] = [];
    for (let at = 1; at <= this.lines.count; at++) if (pattern.test(this.lines.line(at))) found.push(at);
    return this.#passages(found, most);
  }

  #passages(lines: readonly number[], most: number): Passage[] {
    const found: Passage[] = [];
    for (const line of lines) {
      if (found.some(({ startLine, endLine }) => startLine <= line && line <= endLine)) continue;
      found.push(this.at(line));
      if (found.length === most) break;
    }
    return found;
  }

  at(line: number): Passage {
    const section = this.#sections.find(({ startLine, endLine }) => startLine <= line && line <= endLine);
    const [startLine, endLine] = this.#extent(line, section);
    return {
      file: this.file,
      startLine,
      endLine,
      heading: section?.path ?? [],
      text: this.lines.slice(startLine, endLine),
    };
  }

  #extent(line: number, section: Section | undefined): [number, number] {
    const text = this.lines.line(line);
    const last = section?.endLine ?? this.lines.count;
    if (ROW.test(text)) return [line, line];
    if (HEADING.test(text)) {
      const end = this.#lastText(line, last);
      if (end - line < SHORT_SECTION) return [line, end];
      return [line, this.#paragraphEnd(this.#nextText(line + 1, last), last)];
    }
    let start = line;
    while (start > (section?.startLine ?? 1) && !ITEM.test(this.lines.line(start)) && this.#continues(start)) start--;
    return [start, this.#paragraphEnd(line, last)];
  }

  #continues(line: number): boolean {
    const before = this.lines.line(line - 1);
    return before.trim() !== '' && !HEADING.test(before) && !ROW.test(before) && !FENCE.test(before);
  }

  #paragraphEnd(line: number, last: number): number {
    let end = line;
    while (end < last) {
      const next = this.lines.line(end + 1);
      if (next.trim() === '' || ITEM.test(next) || ROW.test(next) || FENCE.test(next)) break;
      end++;
    }
    return end;
  }

  #nextText(line: number, last: number): number {
    let at = line;
    while (at < last && this.lines.line(at).trim() === '') at++;
    return at;
  }

  #lastText(line: number, last: number): number {
    let at = last;
    while (at > line && this.lines.line(at).trim() === '') at--;
    return at;
  }
}

/** `docs/blueprint_vFinal.md#L266-L269`. */
export function citation({ file, startLine, endLine }: Pick<Passage, 'file' | 'startLine' | 'endLine'>): string {
  return startLine === endLine ? `${file}#L${startLine}` : `${file}#L${startLine}-L${endLine}`;
}
