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
    const above = headingsAt(document.sections, chunk.startLine).slice(0, -1).join(' ');
    const counts = new Map<string, number>();
    let length = 0;
    for (const found of [name, termsOf(above), termsOf(document.lines.text.slice(chunk.start, chunk.end))]) {
      length += found.length;
      for (const term of found) counts.set(term, (counts.get(term) ?? 0) + 1);
    }
    for (const [term, count] of counts) {
      const postings = terms.get(term);
      if (postings === undefined) terms.set(term, [at, count]);
      else postings.push(at, count);
    }
    chunks.push([chunk.startLine, chunk.endLine, chunk.start, chunk.end, length]);
  }
  return { file, digest, chunks, terms: Object.fromEntries(terms) };
}

export function chunkOf([startLine, endLine, start, end]: Segment['chunks'][number]): Chunk {
  return { startLine, endLine, start, end };
}
