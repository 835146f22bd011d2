import type { SyntaxLanguage } from '../../model/conformance.ts';
import type { SyntaxMatch } from '../../ports.ts';
import { type ImportFact, oneLine } from '../facts.ts';
import type { Sources, Target } from '../sources.ts';
import { placeOf } from '../tree.ts';

/** One file a language: how its imports are read and what they lead to. */
export interface Language {
  readonly grammars: Readonly<Record<string, SyntaxLanguage>>;
  isTest(path: string): boolean;
  /** Finds imports; absent where the language reads them without a tree. */
  readonly imports?: {
    readonly query: string;
    read(match: SyntaxMatch): readonly ImportFact[];
    /** The package that the file says it belongs to. */
    package?(match: SyntaxMatch): string | undefined;
  };
  resolve(fact: ImportFact, file: string, sources: Sources): Target;
}

type Capture = SyntaxMatch['captures'][number];

export function capture(match: SyntaxMatch, name: string): Capture['node'] | undefined {
  return match.captures.find((one) => one.name === name)?.node;
}

/** An import whose path is the text of `node`, without quotes; `whole` is what a reader calls the import. */
export function importFrom(node: Capture['node'], whole: Capture['node'] = node): ImportFact {
  return { path: node.text.replace(/^["'`<]|["'`>]$/g, ''), place: placeOf(node), text: oneLine(whole.text) };
}
