import type { Bm25 } from './bm25.ts';
import type { Chunk } from './chunk.ts';
import type { Definition } from './definitions.ts';
import type { Document, Library } from './library.ts';
import { passagesOf, type RankedPassage, scorePassage } from './passages.ts';
import { contentTerms, termsOf } from './tokens.ts';

/** A chunk that was found. */
export interface Hit {
  readonly document: Document;
  readonly chunk: Chunk;
  readonly score: number;
  /** Share of the question's weight that the chunk has, 0 to 1. */
  readonly coverage: number;
}

export interface Retrieval {
  /** The question's terms with how telling each is. */
  readonly weights: ReadonlyMap<string, number>;
  /** The best first. */
  readonly hits: readonly Hit[];
  readonly definitions: readonly Definition[];
  /** True where the documents seem to speak of what was asked. */
  readonly relevant: boolean;
}

/** A question with so few telling terms may lean on the one before. */
const FEW_TERMS = 2;
/** Below this share of the question's weight nothing that was found is an answer; measured in test/bench/grounding.bench.ts. */
const LEAST_COVERAGE = 0.5;

export interface RetrieveOptions {
  readonly limit: number;
  /** The question before it in the conversation. */
  readonly before?: string | undefined;
  /** Lines that define what the question names: they are found whatever their rank. */
  readonly definitions?: readonly Definition[];
}

/** Finds chunks for a question, by itself or, where that finds nothing, together with the one before ("and why?"). */
export async function retrieve(library: Library, question: string, options: RetrieveOptions): Promise<Retrieval> {
  const terms = contentTerms(question);
  const alone = await find(library, terms, options);
  if (alone.relevant || options.before === undefined || terms.length > FEW_TERMS) return alone;
  return await find(library, [...new Set([...terms, ...contentTerms(options.before)])], options);
}

async function find(library: Library, terms: readonly string[], options: RetrieveOptions): Promise<Retrieval> {
  const { limit, definitions = [] } = options;
  const weights = new Map(terms.map((term) => [term, library.index.weight(term)]));
  const hits: Hit[] = [];
  for (const match of library.index.search(terms, limit)) {
    const found = await library.locate(match);
    if (found !== undefined) hits.push({ ...found, score: match.score, coverage: match.coverage });
  }
  const score = hits[0]?.score ?? 1;
  for (const definition of definitions) await addDefinition(library, hits, definition, weights, score);
  hits.sort((a, b) => b.score - a.score);
  return { weights, hits, definitions, relevant: isRelevant(library.index, terms, hits, definitions.length > 0) };
}

async function addDefinition(
  library: Library,
  hits: Hit[],
  { file, line }: Definition,
  weights: ReadonlyMap<string, number>,
  score: number,
): Promise<void> {
  const at = hits.findIndex(({ document, chunk }) => document.file === file && contains(chunk, line));
  const known = hits[at];
  if (known !== undefined) {
    hits[at] = { ...known, score };
    return;
  }
  const document = await library.document(file);
  const chunk = document?.chunks.find((one) => contains(one, line));
  if (document === undefined || chunk === undefined) return;
  const has = new Set(termsOf(document.lines.text.slice(chunk.start, chunk.end)));
  let covered = 0;
  let total = 0;
  for (const [term, weight] of weights) {
    total += weight;
    if (has.has(term)) covered += weight;
  }
  hits.push({ document, chunk, score, coverage: total === 0 ? 0 : covered / total });
}

function contains(
  { startLine, endLine }: { readonly startLine: number; readonly endLine: number },
  line: number,
): boolean {
  return startLine <= line && line <= endLine;
}

function isRelevant(index: Bm25, terms: readonly string[], hits: readonly Hit[], hasDefinition: boolean): boolean {
  const known = terms.filter((term) => index.has(term)).length;
  if (known === 0) return false;
  // Whoever asks about G-4 gets its definition, also in words that no document has ("what does G-4 demand?").
  if (hasDefinition && known * 2 >= terms.length) return true;
  return Math.max(0, ...hits.map((hit) => hit.coverage)) >= LEAST_COVERAGE;
}

/** Chunks whose passages are looked at. */
const CHUNKS_READ = 5;
const MOST_QUOTES = 3;
/** What a passage gains by defining what the question names. */
const DEFINING = 1.5;
/** A passage that scores less than this share of the best one is left out. */
const LEAST_SHARE = 0.75;

/** The passages that answer best, at most three, the best first. */
export function bestPassages(retrieval: Retrieval): RankedPassage[] {
  const ranked = rankedPassages(retrieval);
  const least = (ranked[0]?.score ?? 0) * LEAST_SHARE;
  return ranked.filter((passage) => passage.score >= least).slice(0, MOST_QUOTES);
}

/** All passages of the best chunks that have anything of the question, the best first. */
export function rankedPassages({ hits, weights, definitions }: Retrieval): RankedPassage[] {
  const [first] = hits;
  if (first === undefined) return [];
  const ranked = hits.slice(0, CHUNKS_READ).flatMap(({ document, chunk, score }) =>
    passagesOf(document, chunk).map((passage) => {
      const defines = definitions.some(({ file, line }) => file === passage.file && contains(passage, line));
      return { ...passage, score: scorePassage(passage, weights, score / first.score) * (defines ? DEFINING : 1) };
    }),
  );
  return ranked.filter((passage) => passage.score > 0).sort((a, b) => b.score - a.score);
}
