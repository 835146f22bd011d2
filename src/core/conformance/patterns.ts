import type { SyntaxLanguage } from '../model/conformance.ts';
import type { Grammar, SyntaxMatch, SyntaxNode, SyntaxQuery } from '../ports.ts';
import { type HitFact, oneLine } from './facts.ts';
import { placeOf } from './tree.ts';

export type NotPlace = 'inside' | 'around' | 'function' | 'file';

export interface Pattern {
  readonly id: string;
  readonly language: SyntaxLanguage;
  readonly query: string;
  readonly not: readonly { readonly query: string; readonly where: NotPlace }[];
}

const FUNCTIONS = new Set([
  'function_declaration',
  'function_definition',
  'function_item',
  'function_expression',
  'generator_function_declaration',
  'method_declaration',
  'method_definition',
  'constructor_declaration',
  'func_literal',
  'arrow_function',
  'closure_expression',
  'lambda',
  'lambda_expression',
]);

interface Match {
  readonly node: SyntaxNode;
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * All patterns of one grammar. Their hits are found by one joined query, so one walk over a tree serves them all; the
 * `not` conditions of a pattern run only on a file where it has hits.
 */
export class PatternSet {
  readonly #hits: SyntaxQuery | undefined;
  /** Whose pattern the joined query's pattern of that number is. */
  readonly #owners: Pattern[] = [];
  readonly #words: (readonly (readonly string[])[])[] = [];
  readonly #nots = new Map<Pattern, readonly SyntaxQuery[]>();

  /** Throws QueryError for a query that the grammar refuses; compile each alone first to know whose. */
  constructor(grammar: Grammar, patterns: readonly Pattern[]) {
    for (const pattern of patterns) {
      const query = grammar.compile(pattern.query);
      for (const words of query.words) {
        this.#owners.push(pattern);
        this.#words.push(words);
      }
      query.dispose();
      this.#nots.set(
        pattern,
        pattern.not.map((not) => grammar.compile(not.query)),
      );
    }
    this.#hits = patterns.length === 0 ? undefined : grammar.compile(patterns.map(({ query }) => query).join('\n'));
  }

  /** False where no pattern can match, judged by the words that it needs. */
  mayMatch(text: string): boolean {
    return this.#words.some((lists) => lists.every((list) => list.some((word) => text.includes(word))));
  }

  hits(root: SyntaxNode): HitFact[] {
    const groups = new Map<Pattern, Match[]>();
    for (const match of this.#hits?.matches(root) ?? []) {
      const owner = this.#owners[match.pattern];
      const read = readMatch(match);
      if (owner === undefined || read === undefined) continue;
      const group = groups.get(owner);
      if (group === undefined) groups.set(owner, [read]);
      else if (!group.some(({ node }) => node.id === read.node.id)) group.push(read);
    }
    return [...groups].flatMap(([pattern, group]) => this.#unexcused(pattern, group, root));
  }

  #unexcused(pattern: Pattern, group: readonly Match[], root: SyntaxNode): HitFact[] {
    let left = group;
    for (const [index, query] of (this.#nots.get(pattern) ?? []).entries()) {
      if (left.length === 0) break;
      const where = pattern.not[index]?.where ?? 'inside';
      const nots = query.matches(root).flatMap((match) => readMatch(match) ?? []);
      left = left.filter((hit) => !nots.some((not) => isAt(where, hit.node, not.node) && agree(hit, not)));
    }
    return left.map(({ node }) => ({ pattern: pattern.id, place: placeOf(node), text: oneLine(node.text) }));
  }

  dispose(): void {
    this.#hits?.dispose();
    for (const queries of this.#nots.values()) for (const query of queries) query.dispose();
  }
}

function readMatch(match: SyntaxMatch): Match | undefined {
  const node = (match.captures.find(({ name }) => name === 'hit') ?? match.captures[0])?.node;
  if (node === undefined) return undefined;
  return { node, texts: new Map(match.captures.map(({ name, node: { text } }) => [name, text])) };
}

/** Captures of the same name must have the same text: `@name` that is opened is the `@name` that is closed. */
function agree(hit: Match, not: Match): boolean {
  for (const [name, text] of not.texts) {
    const other = name === 'hit' ? undefined : hit.texts.get(name);
    if (other !== undefined && other !== text) return false;
  }
  return true;
}

function isAt(where: NotPlace, hit: SyntaxNode, not: SyntaxNode): boolean {
  switch (where) {
    case 'inside':
      return holds(hit, not);
    case 'around':
      return not.id !== hit.id && holds(not, hit);
    case 'function':
      return holds(outermostFunction(hit) ?? hit, not);
    case 'file':
      return true;
  }
}

function holds(outer: SyntaxNode, inner: SyntaxNode): boolean {
  return outer.startIndex <= inner.startIndex && inner.endIndex <= outer.endIndex;
}

function outermostFunction(node: SyntaxNode): SyntaxNode | undefined {
  let found: SyntaxNode | undefined;
  for (let at = node.parent; at !== null; at = at.parent) if (FUNCTIONS.has(at.type)) found = at;
  return found;
}
