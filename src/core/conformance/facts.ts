import type { SyntaxLanguage } from '../model/conformance.ts';

/** Where something stands; numbers count from 1, columns in UTF-16 units, the end is exclusive. Lean, as it is cached. */
export type Place = readonly [line: number, column: number, endLine: number, endColumn: number];

export interface ImportFact {
  /** As written, without quotes: `net/http`, `./peer`, `crate::export`. */
  readonly path: string;
  readonly place: Place;
  /** The import's text on one line: what a baseline remembers. */
  readonly text: string;
  /** `.` and `_` are Go's dot and blank imports. */
  readonly alias?: string;
  /** C++: `<x>`; Python: the names after `from x import`. */
  readonly system?: boolean;
  readonly names?: readonly string[];
}

export interface MethodFact {
  readonly name: string;
  /** Parameter and result types without names: `(context.Context) error`. */
  readonly signature: string;
}

export interface TypeFact {
  readonly name: string;
  readonly kind: 'struct' | 'interface' | 'alias' | 'other';
  readonly place: Place;
  /** Only an interface has them here; those of other types are in `FileFacts.methods`. */
  readonly methods: readonly MethodFact[];
  /** Embedded types as written: `Base`, `agent.Module`; of an alias the type that it stands for. */
  readonly embeds: readonly string[];
  /** Named fields of a struct: they hide methods that lie deeper. */
  readonly fields: readonly string[];
}

export interface ReceiverMethodFact extends MethodFact {
  readonly receiver: string;
}

export interface HitFact {
  /** Which of the patterns of the language. */
  readonly pattern: string;
  readonly place: Place;
  readonly text: string;
}

/** All that the rules need to know of one file; a pure function of its path, its bytes and the patterns. */
export interface FileFacts {
  readonly language: SyntaxLanguage;
  readonly digest: string;
  /** Go: the name in the package clause. Java: the package. */
  readonly package?: string;
  readonly test: boolean;
  readonly generated: boolean;
  /** Go: the build constraint of the file as one expression, from its name and its comments. */
  readonly constraint?: string;
  readonly imports: readonly ImportFact[];
  readonly types: readonly TypeFact[];
  readonly methods: readonly ReceiverMethodFact[];
  readonly hits: readonly HitFact[];
  /** Places that do not parse; the facts around them are there. */
  readonly broken: readonly Place[];
  readonly notUtf8: boolean;
  /** Too large for a tree: only its imports are known, of other languages than Go nothing. */
  readonly cut?: boolean;
}

export function placeRange(place: Place) {
  return { start: { line: place[0], column: place[1] }, end: { line: place[2], column: place[3] } };
}

/** One line, single spaces, at most 200 characters. */
export function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
