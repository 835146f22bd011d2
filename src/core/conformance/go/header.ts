import { Lines } from '../../parse/lines.ts';
import { type ImportFact, oneLine, type Place } from '../facts.ts';

export interface GoHeader {
  readonly package: string | undefined;
  readonly imports: readonly ImportFact[];
  /** `//go:build` where there is one, else the `// +build` lines as one expression. */
  readonly constraint: string | undefined;
  readonly generated: boolean;
  readonly broken: readonly Place[];
}

const IDENTIFIER = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
const GENERATED = /^\/\/ Code generated .* DO NOT EDIT\.\r?$/m;

/**
 * Reads what a Go file says before its first declaration: constraints, package and imports. The language puts all
 * imports there, so this is exact, needs no tree, and costs the same for a file of five megabytes.
 */
export function readGoHeader(text: string): GoHeader {
  return new Scanner(text).read();
}

class Scanner {
  readonly #text: string;
  readonly #lines: Lines;
  #at = 0;
  /** A line break since the last token: Go ends a statement there. */
  #newline = true;
  readonly #comments: { readonly start: number; readonly text: string }[] = [];
  readonly #imports: ImportFact[] = [];
  readonly #broken: Place[] = [];

  constructor(text: string) {
    this.#text = text;
    this.#lines = new Lines(text);
  }

  read(): GoHeader {
    this.#skip();
    const header = this.#text.slice(0, this.#at);
    const constraint = this.#constraint();
    let name: string | undefined;
    if (this.#word('package')) {
      this.#skip();
      name = this.#identifier();
      if (name === undefined) this.#complain();
      this.#end();
      while (this.#word('import')) this.#declaration();
    } else this.#complain();
    const generated = GENERATED.test(header);
    return { package: name, imports: this.#imports, constraint, generated, broken: this.#broken };
  }

  #declaration(): void {
    this.#skip();
    if (this.#text[this.#at] !== '(') {
      this.#spec();
      this.#end();
      return;
    }
    this.#at++;
    for (;;) {
      this.#skip();
      while (this.#text[this.#at] === ';') {
        this.#at++;
        this.#skip();
      }
      if (this.#text[this.#at] === ')') {
        this.#at++;
        break;
      }
      if (!this.#spec()) return;
    }
    this.#end();
  }

  #spec(): boolean {
    const start = this.#at;
    const alias = this.#text[this.#at] === '.' ? this.#character() : this.#identifier();
    if (alias !== undefined) this.#skip();
    const from = this.#at;
    const path = this.#string();
    if (path === undefined) {
      this.#complain();
      return false;
    }
    const place = this.#place(from, this.#at);
    const text = oneLine(this.#text.slice(start, this.#at));
    this.#imports.push({ path, place, text, ...(alias === undefined ? {} : { alias }) });
    return true;
  }

  #character(): string | undefined {
    return this.#text[this.#at++];
  }

  #identifier(): string | undefined {
    IDENTIFIER.lastIndex = this.#at;
    const found = IDENTIFIER.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #string(): string | undefined {
    const quote = this.#text[this.#at];
    if (quote !== '"' && quote !== '`') return undefined;
    const end = this.#text.indexOf(quote, this.#at + 1);
    const raw = end < 0 ? undefined : this.#text.slice(this.#at + 1, end);
    if (raw === undefined || (quote === '"' && raw.includes('\n'))) return undefined;
    this.#at = end + 1;
    if (!raw.includes('\\')) return raw;
    try {
      return JSON.parse(`"${raw.replace(/\\x([0-9a-fA-F]{2})/g, '\\u00$1')}"`) as string;
    } catch {
      return raw;
    }
  }

  #word(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at) || /[\p{L}\p{Nd}_]/u.test(this.#text[this.#at + word.length] ?? ''))
      return false;
    this.#at += word.length;
    return true;
  }

  #end(): void {
    this.#newline = false;
    this.#skip();
    if (this.#text[this.#at] === ';') {
      this.#at++;
      this.#skip();
    } else if (!this.#newline && this.#at < this.#text.length) this.#complain();
  }

  /** Past space and comments. Comments before the package clause are kept for constraints. */
  #skip(): void {
    const text = this.#text;
    for (; this.#at < text.length; ) {
      const character = text[this.#at];
      if (character === '\n') this.#newline = true;
      if (character === '\n' || character === ' ' || character === '\t' || character === '\r') this.#at++;
      else if (text.startsWith('//', this.#at)) {
        const end = text.indexOf('\n', this.#at);
        this.#comment(end < 0 ? text.length : end);
      } else if (text.startsWith('/*', this.#at)) {
        const end = text.indexOf('*/', this.#at + 2);
        if (end < 0) {
          this.#complain();
          this.#at = text.length;
        } else {
          if (text.slice(this.#at, end).includes('\n')) this.#newline = true;
          this.#at = end + 2;
        }
      } else break;
    }
  }

  #comment(end: number): void {
    const text = this.#text.slice(this.#at, end).trimEnd();
    this.#comments.push({ start: this.#at, text });
    this.#at = end;
  }

  #constraint(): string | undefined {
    const lineStart = (at: number) => /(?:^|\n)[ \t]*$/.test(this.#text.slice(Math.max(0, at - 80), at));
    const own = this.#comments.filter(({ start }) => lineStart(start));
    const modern = own.find(({ text }) => /^\/\/go:build[ \t]/.test(text));
    if (modern !== undefined) return modern.text.slice('//go:build'.length).trim();
    // Old-style lines count only above the blank line before the package clause.
    const blank = this.#lastBlankLine();
    const old = own
      .filter(({ start, text }) => start < blank && /^\/\/[ \t]*\+build([ \t]|$)/.test(text))
      .map(({ text }) => plusBuild(text.replace(/^\/\/[ \t]*\+build/, '')));
    return old.length === 0 ? undefined : old.map((line) => `(${line})`).join(' && ');
  }

  #lastBlankLine(): number {
    return [...this.#text.slice(0, this.#at).matchAll(/\n[ \t\r]*(?=\n)/g)].at(-1)?.index ?? 0;
  }

  #complain(): void {
    this.#broken.push(this.#place(this.#at, Math.min(this.#at + 1, this.#text.length)));
  }

  #place(start: number, end: number): Place {
    const from = this.#lines.position(start);
    const to = this.#lines.position(end);
    return [from.line, from.column, to.line, to.column];
  }
}

/** `linux,!cgo darwin` is `(linux && !cgo) || (darwin)`. */
function plusBuild(line: string): string {
  const options = line.trim().split(/[ \t]+/);
  return options.map((option) => `(${option.split(',').join(' && ')})`).join(' || ');
}
