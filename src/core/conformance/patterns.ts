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

interface Part {
  readonly pattern: Pattern;
  readonly query: SyntaxQuery;
  readonly nots: readonly SyntaxQuery[];
}

/** Joined queries are kept for this many sets of patterns; above, one query for all serves. */
const MAX_JOINED = 64;

/**
 * All patterns of one grammar. Those that may match in a text, judged by its words, are joined to one query, so one walk
 * over the tree serves them all; the `not` conditions of a pattern run only on a file where it has hits.
 */
export class PatternSet {
  readonly #grammar: Grammar;
  readonly #parts: readonly Part[];
  readonly #joined = new Map<string, SyntaxQuery>();

  /** Throws QueryError for a query that the grammar refuses. */
  constructor(grammar: Grammar, patterns: readonly Pattern[]) {
    this.#grammar = grammar;
    this.#parts = patterns.map((pattern) => ({
      pattern,
      query: grammar.compile(pattern.query),
      nots: pattern.not.map((not) => grammar.compile(not.query)),
    }));
  }

  /** The patterns that may match in a text; with none of them it needs no tree. */
  candidates(text: string): readonly Part[] {
    return this.#parts.filter(({ query }) => {
      for (let index = 0; index < query.patterns; index++) if (query.mayMatch(index, text)) return true;
      return false;
    });
  }

  /** What the candidates find in a tree of their text. */
  hits(root: SyntaxNode, candidates: readonly Part[] = this.#parts): HitFact[] {
    if (candidates.length === 0) return [];
    const [query, owners] = this.#join(candidates);
    const groups = new Map<Part, Map<number, SyntaxMatch>>();
    for (const match of query.matches(root)) {
      const owner = owners[match.pattern];
      const node = nodeOf(match);
      if (owner === undefined || node === undefined) continue;
      const group = groups.get(owner) ?? new Map<number, SyntaxMatch>();
      groups.set(owner, group);
      if (!group.has(node.id)) group.set(node.id, match);
    }
    return [...groups].flatMap(([part, group]) => this.#unexcused(part, [...group.values()], root));
  }

  #join(candidates: readonly Part[]): readonly [SyntaxQuery, readonly Part[]] {
    const parts = this.#joined.size < MAX_JOINED ? candidates : this.#parts;
    const key = parts.map(({ pattern }) => pattern.id).join(' ');
    const known = this.#joined.get(key);
    const query = known ?? this.#grammar.compile(parts.map(({ pattern }) => pattern.query).join('\n'));
    if (known === undefined) this.#joined.set(key, query);
    return [query, parts.flatMap((part) => Array.from({ length: part.query.patterns }, () => part))];
  }

  #unexcused({ pattern, nots }: Part, group: readonly SyntaxMatch[], root: SyntaxNode): HitFact[] {
    let left = group;
    for (const [index, query] of nots.entries()) {
      const where = pattern.not[index]?.where ?? 'inside';
      const known = new Map<number, readonly SyntaxMatch[]>();
      left = left.filter((hit) => {
        const node = nodeOf(hit) ?? root;
        const scope = scopeOf(where, node, root);
        const excuses = known.get(scope.id) ?? query.matches(scope);
        known.set(scope.id, excuses);
        return !excuses.some((excuse) => isAt(where, node, nodeOf(excuse)) && agree(hit, excuse));
      });
    }
    return left.flatMap((hit) => {
      const node = nodeOf(hit);
      return node === undefined ? [] : [{ pattern: pattern.id, place: placeOf(node), text: oneLine(node.text) }];
    });
  }

  dispose(): void {
    for (const query of this.#joined.values()) query.dispose();
    for (const part of this.#parts) for (const query of [part.query, ...part.nots]) query.dispose();
  }
}

function nodeOf(match: SyntaxMatch): SyntaxNode | undefined {
  return (match.captures.find(({ name }) => name === 'hit') ?? match.captures[0])?.node;
}

/** Captures of the same name must have the same text: `@name` that is opened is the `@name` that is closed. */
function agree(hit: SyntaxMatch, excuse: SyntaxMatch): boolean {
  return excuse.captures.every(({ name, node }) => {
    const other = name === 'hit' ? undefined : hit.captures.find((one) => one.name === name);
    return other === undefined || other.node.text === node.text;
  });
}

/** The tree to search for an excuse: small where it can be, as one query over a large file costs milliseconds. */
function scopeOf(where: NotPlace, hit: SyntaxNode, root: SyntaxNode): SyntaxNode {
  if (where === 'inside') return hit;
  return where === 'function' ? (outermostFunction(hit) ?? hit) : root;
}

function isAt(where: NotPlace, hit: SyntaxNode, excuse: SyntaxNode | undefined): boolean {
  if (excuse === undefined || where !== 'around') return excuse !== undefined;
  return excuse.id !== hit.id && excuse.startIndex <= hit.startIndex && hit.endIndex <= excuse.endIndex;
}

function outermostFunction(node: SyntaxNode): SyntaxNode | undefined {
  let found: SyntaxNode | undefined;
  for (let at = node.parent; at !== null; at = at.parent) if (FUNCTIONS.has(at.type)) found = at;
  return found;
}
