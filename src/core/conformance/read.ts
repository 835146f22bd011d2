import { posix } from 'node:path';
import { sha256 } from '../base/digest.ts';
import type { SyntaxLanguage } from '../model/conformance.ts';
import type { Grammar, SyntaxNode, SyntaxQuery, SyntaxTrees } from '../ports.ts';
import type { FileFacts, ImportFact } from './facts.ts';
import { constraintOf, isEverBuilt } from './go/constraints.ts';
import { readGoDeclarations } from './go/declarations.ts';
import { readGoHeader } from './go/header.ts';
import { languageOf } from './languages/index.ts';
import type { Language } from './languages/language.ts';
import type { Plan } from './plan.ts';
import { brokenPlaces } from './tree.ts';

/** Above this a tree would cost seconds and gigabytes. In UTF-16 units. */
const MAX_TREE_TEXT = 16_000_000;
/** A generated file above this is read for its imports only, unless a rule asks for generated files. */
const MAX_GENERATED_TREE_TEXT = 1_000_000;

const GENERATED = /@generated\b|\bcode generated\b.*\bdo not edit\b|\bautomatically generated\b/i;
const HEAD = 2_000;

/** Reads the facts of files by a plan. Grammars and their import queries are kept between files. */
export class FactReader {
  readonly #trees: SyntaxTrees;
  readonly #plan: Plan;
  readonly #queries = new Map<SyntaxLanguage, { grammar: Grammar; query: SyntaxQuery | undefined }>();

  constructor(trees: SyntaxTrees, plan: Plan) {
    this.#trees = trees;
    this.#plan = plan;
  }

  /** `path` names a source file. The result depends on nothing but path, bytes and plan. */
  async read(path: string, bytes: Uint8Array<ArrayBuffer>, digest?: string): Promise<FileFacts> {
    const found = languageOf(path);
    if (found === undefined) throw new Error(`${path} is no source file.`);
    const { text, notUtf8 } = decode(bytes);
    const base = {
      language: found.grammar,
      digest: digest ?? (await sha256(bytes)),
      test: found.language.isTest(path),
      notUtf8,
    };
    return found.grammar === 'go'
      ? { ...base, ...(await this.#go(path, text)) }
      : { ...base, ...(await this.#other(found.language, found.grammar, text)) };
  }

  async #go(path: string, text: string) {
    const header = readGoHeader(text);
    const constraint = constraintOf(posix.basename(path), header.constraint);
    const facts = {
      ...(header.package === undefined ? {} : { package: header.package }),
      ...(constraint === undefined ? {} : { constraint }),
      generated: header.generated,
      imports: header.imports,
      broken: header.broken,
    };
    const patterns = this.#plan.patterns('go');
    const candidates = patterns?.candidates(text) ?? [];
    const wanted = this.#plan.declarations || candidates.length > 0;
    const nothing = { ...facts, types: [], methods: [], hits: [] };
    if (!wanted || !isEverBuilt(constraint)) return nothing;
    if (isTooLarge(text, header.generated, this.#plan)) return { ...nothing, cut: true };
    const { grammar } = await this.#grammar('go');
    return grammar.read(withNewline(text), (root) => ({
      ...facts,
      ...(this.#plan.declarations ? readGoDeclarations(root) : { types: [], methods: [] }),
      hits: patterns?.hits(root, candidates) ?? [],
      broken: facts.broken.length > 0 ? facts.broken : brokenPlaces(root),
    }));
  }

  async #other(language: Language, grammarName: SyntaxLanguage, text: string) {
    const generated = GENERATED.test(text.slice(0, HEAD));
    const nothing = { generated, types: [], methods: [], hits: [], imports: [], broken: [] };
    if (text.length > MAX_TREE_TEXT) return { ...nothing, cut: true };
    const { grammar, query } = await this.#grammar(grammarName, language);
    const patterns = this.#plan.patterns(grammarName);
    return grammar.read(withNewline(text), (root) => ({
      ...nothing,
      ...readImports(language, query, root),
      hits: patterns?.hits(root, patterns.candidates(text)) ?? [],
      broken: brokenPlaces(root),
    }));
  }

  async #grammar(name: SyntaxLanguage, language?: Language) {
    const known = this.#queries.get(name);
    if (known !== undefined) return known;
    const grammar = await this.#trees.grammar(name);
    const source = language?.imports?.query;
    const entry = { grammar, query: source === undefined ? undefined : grammar.compile(source) };
    this.#queries.set(name, entry);
    return entry;
  }

  dispose(): void {
    for (const { query } of this.#queries.values()) query?.dispose();
    this.#queries.clear();
  }
}

function isTooLarge(text: string, generated: boolean, plan: Plan): boolean {
  return text.length > (generated && !plan.generated ? MAX_GENERATED_TREE_TEXT : MAX_TREE_TEXT);
}

function readImports(language: Language, query: SyntaxQuery | undefined, root: SyntaxNode) {
  const imports: ImportFact[] = [];
  let own: string | undefined;
  for (const match of query?.matches(root) ?? []) {
    imports.push(...(language.imports?.read(match) ?? []));
    own ??= language.imports?.package?.(match);
  }
  return { imports, ...(own === undefined ? {} : { package: own }) };
}

/** Bytes that are not UTF-8 become U+FFFD: names and imports are ASCII nearly always, so most is still read. */
function decode(bytes: Uint8Array): { text: string; notUtf8: boolean } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), notUtf8: false };
  } catch {
    return { text: new TextDecoder('utf-8').decode(bytes), notUtf8: true };
  }
}

function withNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
