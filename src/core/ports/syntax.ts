import type { Disposable } from '../base/disposable.ts';

/** Syntax trees by grammar, for every language of `SYNTAX_LANGUAGES`. */
export interface SyntaxTrees {
  /** Loads a grammar once. Throws EnvironmentError `syntax.no-grammar` where its file is missing. */
  grammar(language: import('../model/conformance.ts').SyntaxLanguage): Promise<Grammar>;
}

export interface Grammar {
  /** Changes whenever the grammar does: part of the key of what is cached. */
  readonly version: string;
  /** Throws QueryError for a query that the grammar refuses. */
  compile(source: string): SyntaxQuery;
  /** Parses, hands over the tree and frees it when `use` returns: nothing of the tree may be kept. */
  read<T>(text: string, use: (root: SyntaxNode) => T): T;
}

/** One or more patterns. Must be disposed of: it lives outside the garbage collector's reach. */
export interface SyntaxQuery extends Disposable {
  readonly captureNames: readonly string[];
  /** How many patterns there are. */
  readonly patterns: number;
  /** False where the pattern of that number cannot match: the text lacks a word that its predicates ask for. */
  mayMatch(pattern: number, text: string): boolean;
  matches(root: SyntaxNode): readonly SyntaxMatch[];
}

export interface SyntaxMatch {
  /** Which pattern of the query, from 0. */
  readonly pattern: number;
  readonly captures: readonly { readonly name: string; readonly node: SyntaxNode }[];
}

/** A node of a tree. Offsets and columns count UTF-16 units; rows and columns count from 0. */
export interface SyntaxNode {
  readonly id: number;
  readonly type: string;
  readonly text: string;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly startPosition: { readonly row: number; readonly column: number };
  readonly endPosition: { readonly row: number; readonly column: number };
  readonly hasError: boolean;
  readonly isError: boolean;
  readonly isMissing: boolean;
  readonly parent: SyntaxNode | null;
  readonly children: readonly (SyntaxNode | null)[];
  readonly namedChildren: readonly (SyntaxNode | null)[];
  childForFieldName(name: string): SyntaxNode | null;
}

/** A query that the grammar refuses; `offset` counts UTF-16 units into the query's text. */
export class QueryError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'QueryError';
    this.offset = offset;
  }
}
