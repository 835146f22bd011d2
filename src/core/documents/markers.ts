import { compareIssues, type Issue } from '../model/issue.ts';
import { lineRange } from '../model/source.ts';

/**
 * A document in pieces. `text` belongs to whoever wrote it; a `block` is generated and replaced with each run; a `prose`
 * place holds what a person or a model wrote. `digest` is that of the lines as they were generated.
 */
export type Segment =
  | { readonly kind: 'text'; readonly lines: readonly string[] }
  | {
      readonly kind: 'block' | 'prose';
      readonly name: string;
      readonly digest: string | undefined;
      readonly lines: readonly string[];
      /** The line of the opening marker, counted from 1. */
      readonly at: number;
    };

export interface MarkedText {
  /** What the first marker says the document is, such as `plan`; undefined for a text that nobody generated. */
  readonly kind: string | undefined;
  /** Name -> digest of what the document describes. */
  readonly describes: ReadonlyMap<string, string>;
  readonly segments: readonly Segment[];
  /** Broken markers: such a document must not be rewritten. */
  readonly issues: readonly Issue[];
}

const ANY = /<!--\s*infrabuilder:/;
const MARKER = /^\s*<!-- infrabuilder:(document|begin|prose|end) ([A-Za-z][\w-]*)((?: [^\s]+)*) -->\s*$/;

const UNKNOWN =
  'This marker cannot be understood. One begins with "document", "begin", "prose" or "end" and has a name: "<!-- infrabuilder:end risks -->".';

interface Open {
  readonly kind: 'block' | 'prose';
  readonly name: string;
  readonly digest: string | undefined;
  readonly at: number;
  readonly line: string;
  readonly lines: string[];
}

/** Takes a document apart. Never throws; what is wrong with its markers is in `issues`. */
export function readMarkers(text: string, file: string): MarkedText {
  const reader = new Reader(file);
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  for (const [index, line] of lines.entries()) reader.take(line, index + 1);
  return reader.end();
}

class Reader {
  readonly #file: string;
  readonly #segments: Segment[] = [];
  readonly #issues: Issue[] = [];
  readonly #first = new Map<string, number>();
  /** Parts that were told to have no end: one mistake is told once. */
  readonly #endless = new Set<string>();
  #isDouble = false;
  #kind: string | undefined;
  #describes: ReadonlyMap<string, string> = new Map();
  #text: string[] = [];
  #open: Open | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  take(line: string, at: number): void {
    const [, verb, name = '', rest = ''] = MARKER.exec(line) ?? [];
    if (verb === undefined) {
      if (ANY.test(line)) this.#say('document.marker-unknown', at, line, UNKNOWN);
      (this.#open?.lines ?? this.#text).push(line);
    } else if (verb === 'document') this.#header(name, rest, line, at);
    else if (verb === 'end') this.#close(name, line, at);
    else this.#begin(verb === 'begin' ? 'block' : 'prose', name, rest.trim() || undefined, line, at);
  }

  end(): MarkedText {
    const open = this.#open;
    if (open !== undefined) {
      const message = `The part "${open.name}" begins here and never ends. Put "${endMarker(open.name)}" on a line of its own after it.`;
      this.#say('document.marker-unclosed', open.at, open.line, message);
    }
    this.#flush();
    return {
      kind: this.#kind,
      describes: this.#describes,
      segments: this.#segments,
      issues: this.#issues.sort(compareIssues),
    };
  }

  #header(name: string, rest: string, line: string, at: number): void {
    if (this.#kind !== undefined) {
      const message = 'Here a second document begins in the same file. Remove it, or the first one.';
      if (!this.#isDouble) this.#say('document.marker-duplicate', at, line, message);
      this.#isDouble = true;
      return;
    }
    this.#kind = name;
    const pairs = rest.split(' ').flatMap((part): [string, string][] => {
      const [, key, value] = /^([\w.:-]+)=([0-9a-f]+)$/.exec(part) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value]];
    });
    this.#describes = new Map(pairs);
  }

  #begin(kind: Open['kind'], name: string, digest: string | undefined, line: string, at: number): void {
    const open = this.#open;
    if (open !== undefined) {
      const message = `The part "${open.name}" begins here and has not ended where "${name}" begins, in line ${at}. Put "${endMarker(open.name)}" on a line of its own before that.`;
      this.#say('document.marker-unclosed', open.at, open.line, message);
      this.#endless.add(open.name);
    }
    const before = this.#first.get(name);
    if (before !== undefined && !this.#isDouble) {
      const message = `There are two parts "${name}": here and in line ${before}. Keep one of them.`;
      this.#say('document.marker-duplicate', at, line, message);
    }
    this.#first.set(name, before ?? at);
    this.#flush();
    this.#open = { kind, name, digest, at, line, lines: [] };
  }

  #close(name: string, line: string, at: number): void {
    const open = this.#open;
    if (open?.name === name) {
      this.#segments.push({ kind: open.kind, name, digest: open.digest, lines: open.lines, at: open.at });
      this.#open = undefined;
      return;
    }
    if (this.#endless.delete(name)) return;
    const message =
      open === undefined
        ? `The part "${name}" ends here, but does not begin. Restore its first marker, or remove this line.`
        : `The part "${name}" ends here, but "${open.name}" is open since line ${open.at}. Restore the markers in between.`;
    this.#say('document.marker-stray', at, line, message);
  }

  #flush(): void {
    if (this.#text.length > 0) this.#segments.push({ kind: 'text', lines: this.#text });
    this.#text = [];
  }

  #say(code: string, at: number, line: string, message: string): void {
    this.#issues.push({ code, severity: 'error', message, file: this.#file, range: lineRange(at, line) });
  }
}

export function endMarker(name: string): string {
  return `<!-- infrabuilder:end ${name} -->`;
}

/** The lines of a segment with its markers. */
export function segmentLines(segment: Segment): readonly string[] {
  if (segment.kind === 'text') return segment.lines;
  const verb = segment.kind === 'block' ? 'begin' : 'prose';
  const digest = segment.digest === undefined ? '' : ` ${segment.digest}`;
  return [`<!-- infrabuilder:${verb} ${segment.name}${digest} -->`, ...segment.lines, endMarker(segment.name)];
}

export function documentMarker(kind: string, describes: ReadonlyMap<string, string>): string {
  const pairs = [...describes].map(([name, digest]) => ` ${name}=${digest}`);
  return `<!-- infrabuilder:document ${kind}${pairs.join('')} -->`;
}
