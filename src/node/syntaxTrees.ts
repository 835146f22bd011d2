import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language, Node, Parser, Query } from 'web-tree-sitter';
import { EnvironmentError } from '../core/base/errors.ts';
import type { SyntaxLanguage } from '../core/model/conformance.ts';
import { type Grammar, QueryError, type SyntaxNode, type SyntaxQuery, type SyntaxTrees } from '../core/ports.ts';

type TreeSitter = typeof import('web-tree-sitter');

export interface SyntaxTreesOptions {
  /** Folder with `tree-sitter-<language>.wasm`; absolute. */
  readonly grammarDir: string;
  /** Path of `web-tree-sitter.wasm`; by default in `grammarDir`. */
  readonly engine?: string;
}

/** The SyntaxTrees port on web-tree-sitter. Engine and grammars load on first use. */
export function createSyntaxTrees(options: SyntaxTreesOptions): SyntaxTrees {
  const engine = options.engine ?? join(options.grammarDir, 'web-tree-sitter.wasm');
  const grammars = new Map<SyntaxLanguage, Promise<Grammar>>();
  let started: Promise<{ library: TreeSitter; parser: Parser }> | undefined;

  async function start() {
    requireFile(engine);
    const library = await startLibrary(engine);
    return { library, parser: new library.Parser() };
  }

  async function load(name: SyntaxLanguage): Promise<Grammar> {
    started ??= start();
    const { library, parser } = await started;
    const file = join(options.grammarDir, `tree-sitter-${name}.wasm`);
    requireFile(file);
    const bytes = readFileSync(file);
    const language = await library.Language.load(bytes);
    return new WasmGrammar(library, parser, language, createHash('sha256').update(bytes).digest('hex'));
  }

  return {
    grammar(language) {
      const known = grammars.get(language);
      if (known !== undefined) return known;
      const loading = load(language);
      grammars.set(language, loading);
      return loading;
    },
  };
}

let library: Promise<TreeSitter> | undefined;

/** The library has one engine for the whole process: two that start it at once would each spoil the other's. */
function startLibrary(engine: string): Promise<TreeSitter> {
  library ??= import('web-tree-sitter').then(async (loaded) => {
    await loaded.Parser.init({ locateFile: () => engine });
    return loaded;
  });
  library.catch(() => {
    library = undefined;
  });
  return library;
}

function requireFile(path: string): void {
  if (existsSync(path)) return;
  throw new EnvironmentError('syntax.no-grammar', `The grammar ${path} is missing.`, 'Install InfraBuilder again.');
}

class WasmGrammar implements Grammar {
  readonly version: string;
  readonly #library: TreeSitter;
  readonly #parser: Parser;
  readonly #language: Language;

  constructor(library: TreeSitter, parser: Parser, language: Language, version: string) {
    this.#library = library;
    this.#parser = parser;
    this.#language = language;
    this.version = version;
  }

  compile(source: string): SyntaxQuery {
    let query: Query;
    try {
      query = new this.#library.Query(this.#language, source);
    } catch (error) {
      const offset = (error as { index?: unknown }).index;
      if (typeof offset !== 'number') throw new QueryError(String((error as Error).message ?? error), 0);
      throw new QueryError((error as Error).message.replace(/ at offset .*$/s, ''), offset);
    }
    return new WasmQuery(query, source, this.#library.CaptureQuantifier.One);
  }

  read<T>(text: string, use: (root: SyntaxNode) => T): T {
    this.#parser.setLanguage(this.#language);
    const tree = this.#parser.parse(text);
    if (tree === null) throw new Error('The parser gave no tree.');
    try {
      return use(tree.rootNode);
    } finally {
      tree.delete();
    }
  }
}

class WasmQuery implements SyntaxQuery {
  readonly captureNames: readonly string[];
  readonly patterns: number;
  readonly #query: Query;
  readonly #needs: readonly (readonly Need[])[];

  constructor(query: Query, source: string, one: number) {
    this.#query = query;
    this.captureNames = query.captureNames;
    this.patterns = query.patternCount();
    const bytes = Buffer.from(source);
    this.#needs = Array.from({ length: this.patterns }, (_, pattern) => {
      const own = bytes.subarray(query.startIndexForPattern(pattern), query.endIndexForPattern(pattern)).toString();
      return needsOf(query, withoutComments(own), pattern, one);
    });
  }

  mayMatch(pattern: number, text: string): boolean {
    return this.#needs[pattern]?.every((need) => need(text)) ?? true;
  }

  matches(root: SyntaxNode) {
    return this.#query.matches(root as Node).map(({ patternIndex, captures }) => ({ pattern: patternIndex, captures }));
  }

  dispose(): void {
    this.#query.delete();
  }
}

type Need = (text: string) => boolean;

const PREDICATE = /\(#(eq|any-of|match)\?\s+@([\w.-]+)((?:\s+"(?:[^"\\]|\\.)*")+)\s*\)/g;

/**
 * What a text must hold for a pattern to match in it. A predicate binds only where its capture is in every match (`One`:
 * neither optional nor in an alternation). An expression binds without its anchors, since a node is a part of the text.
 */
function needsOf(query: Query, source: string, pattern: number, one: number): Need[] {
  const quantifiers = query.captureQuantifiers[pattern] ?? [];
  return [...source.matchAll(PREDICATE)].flatMap(([, predicate, capture = '', list = '']): Need[] => {
    if (quantifiers[query.captureIndexForName(capture)] !== one) return [];
    const words = [...list.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word]) => word ?? '');
    if (words.some((word) => word === '' || word.includes('\\'))) return [];
    if (predicate !== 'match') return [(text) => words.some((word) => text.includes(word))];
    const expression = words[0] ?? '';
    if (expression.includes('(?')) return [];
    const free = new RegExp(expression.replace(/\[[^\]]*\]|[$^]/g, (part) => (part.length > 1 ? part : '')));
    return [(text) => free.test(text)];
  });
}

function withoutComments(query: string): string {
  return query.replace(/("(?:[^"\\]|\\.)*")|;[^\n]*/g, (_, text: string | undefined) => text ?? '');
}
