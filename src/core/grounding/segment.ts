import { throwIfCancelled } from '../base/errors.ts';
import { type Chunk, type ChunkedDocument, headingsAt } from './chunk.ts';
import { termsOf } from './tokens.ts';

/** What the index holds of one document: plain data, kept on disk by digest. */
export interface Segment {
  readonly file: string;
  /** SHA-256 of the text that this was made from. */
  readonly digest: string;
  /** `[startLine, endLine, start, end, number of terms]` for each chunk. */
  readonly chunks: readonly (readonly [number, number, number, number, number])[];
  /** For each term `chunk, frequency, chunk, frequency, ...`. */
  readonly terms: Readonly<Record<string, readonly number[]>>;
}

/** Chunks after which others on this thread get their turn. */
const CHUNKS_PER_TURN = 200;

/** Headings above a chunk and the file's name are searched with its text, as one field. Throws CancelledError. */
export async function makeSegment(
  file: string,
  digest: string,
  document: ChunkedDocument,
  signal?: AbortSignal,
): Promise<Segment> {
  const terms = new Map<string, number[]>();
  const name = termsOf(file);
  const chunks: Segment['chunks'][number][] = [];
  for (const [at, chunk] of document.chunks.entries()) {
    if (at % CHUNKS_PER_TURN === CHUNKS_PER_TURN - 1) await new Promise((resolve) => setTimeout(resolve));
    throwIfCancelled(signal);
    const found = [...name, ...termsOf(headingsAt(document.sections, chunk.startLine).slice(0, -1).join(' '))];
    for (const term of termsOf(document.lines.text.slice(chunk.start, chunk.end))) found.push(term);
    for (const term of found) count(terms, term, at);
    chunks.push([chunk.startLine, chunk.endLine, chunk.start, chunk.end, found.length]);
  }
  return { file, digest, chunks, terms: Object.fromEntries(terms) };
}

export function chunkOf([startLine, endLine, start, end]: Segment['chunks'][number]): Chunk {
  return { startLine, endLine, start, end };
}

function count(terms: Map<string, number[]>, term: string, chunk: number): void {
  const postings = terms.get(term);
  if (postings === undefined) terms.set(term, [chunk, 1]);
  else if (postings.at(-2) === chunk) postings[postings.length - 1] = (postings.at(-1) ?? 0) + 1;
  else postings.push(chunk, 1);
}
