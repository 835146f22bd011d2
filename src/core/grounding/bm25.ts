import type { Segment } from './segment.ts';

/** How fast a repeated term stops counting, and how much a long chunk is held against it: the usual values. */
const K1 = 1.2;
const B = 0.75;
/** More terms than this in a question are noise, and each matched term is one bit of a number. */
const MOST_TERMS = 30;
/** A smaller corpus is weighed as if it had this many chunks. */
const FEWEST_CHUNKS = 50;
/** Dead postings are swept out when they outnumber the live ones. */
const SWEEP_ABOVE = 1000;

export interface Match {
  readonly file: string;
  /** Position of the chunk in its segment. */
  readonly chunk: number;
  readonly score: number;
  /** Share of the question's weight (by rarity of its terms) that the chunk has: 0 to 1. */
  readonly coverage: number;
}

interface Postings {
  /** `chunk, frequency, chunk, frequency, ...`; may name chunks that are gone. */
  readonly pairs: number[];
  /** Chunks that are there and have the term. */
  live: number;
}

/** An inverted index over segments, ranked by BM25. Segments come and go one at a time. */
export class Bm25 {
  readonly #segments = new Map<string, { readonly segment: Segment; readonly first: number }>();
  #postings = new Map<string, Postings>();
  /** By number of a chunk: its file, or undefined where it is gone; the number of its terms; its place in the segment. */
  #files: (string | undefined)[] = [];
  #lengths: number[] = [];
  #places: number[] = [];
  #live = 0;
  #totalLength = 0;
  #scores = new Float64Array(0);
  #matched = new Uint32Array(0);

  get size(): number {
    return this.#live;
  }

  get segments(): Iterable<Segment> {
    return Array.from(this.#segments.values(), (one) => one.segment);
  }

  segment(file: string): Segment | undefined {
    return this.#segments.get(file)?.segment;
  }

  set(segment: Segment): void {
    this.delete(segment.file);
    const first = this.#files.length;
    this.#segments.set(segment.file, { segment, first });
    segment.chunks.forEach(([, , , , length], place) => {
      this.#files.push(segment.file);
      this.#lengths.push(length);
      this.#places.push(place);
      this.#live++;
      this.#totalLength += length;
    });
    for (const [term, pairs] of Object.entries(segment.terms)) {
      let postings = this.#postings.get(term);
      if (postings === undefined) {
        postings = { pairs: [], live: 0 };
        this.#postings.set(term, postings);
      }
      for (let at = 0; at < pairs.length; at += 2) postings.pairs.push(first + (pairs[at] ?? 0), pairs[at + 1] ?? 0);
      postings.live += pairs.length / 2;
    }
  }

  delete(file: string): void {
    const known = this.#segments.get(file);
    if (known === undefined) return;
    const { segment, first } = known;
    this.#segments.delete(file);
    segment.chunks.forEach(([, , , , length], place) => {
      this.#files[first + place] = undefined;
      this.#live--;
      this.#totalLength -= length;
    });
    for (const [term, pairs] of Object.entries(segment.terms)) {
      const postings = this.#postings.get(term);
      if (postings === undefined) continue;
      postings.live -= pairs.length / 2;
      if (postings.live <= 0) this.#postings.delete(term);
    }
    if (this.#files.length - this.#live > Math.max(SWEEP_ABOVE, this.#live)) this.#sweep();
  }

  has(term: string): boolean {
    return this.#postings.has(term);
  }

  /** How telling a term is: high for a rare one, highest for one that no chunk has. */
  weight(term: string): number {
    const live = this.#postings.get(term)?.live ?? 0;
    // In a handful of chunks every known word would seem common, and one unknown word would outweigh them all.
    const all = Math.max(this.#live, FEWEST_CHUNKS);
    return Math.log(1 + (all - live + 0.5) / (live + 0.5));
  }

  /** The best chunks first; ties in the order of the files. */
  search(terms: readonly string[], limit: number): Match[] {
    const asked = [...new Set(terms)].slice(0, MOST_TERMS);
    const weights = asked.map((term) => this.weight(term));
    const found = this.#score(asked, weights);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const order = (a: number, b: number) =>
      this.#scoreOf(b) - this.#scoreOf(a) || compare(this.#files[a] ?? '', this.#files[b] ?? '') || a - b;
    const matches = best(found, limit, order).map((chunk): Match => {
      const bits = this.#matched[chunk] ?? 0;
      const covered = weights.reduce((sum, weight, at) => (bits & (1 << at) ? sum + weight : sum), 0);
      const coverage = total === 0 ? 0 : covered / total;
      return { file: this.#files[chunk] ?? '', chunk: this.#places[chunk] ?? 0, score: this.#scoreOf(chunk), coverage };
    });
    for (const chunk of found) this.#scores[chunk] = this.#matched[chunk] = 0;
    return matches;
  }

  #scoreOf(chunk: number): number {
    return this.#scores[chunk] ?? 0;
  }

  /** Leaves scores and matched terms in the two arrays; returns the chunks that have any. */
  #score(terms: readonly string[], weights: readonly number[]): number[] {
    if (this.#scores.length < this.#files.length) {
      this.#scores = new Float64Array(this.#files.length * 2);
      this.#matched = new Uint32Array(this.#files.length * 2);
    }
    const found: number[] = [];
    const average = this.#totalLength / Math.max(1, this.#live);
    terms.forEach((term, at) => {
      const { pairs = [] } = this.#postings.get(term) ?? {};
      const weight = weights[at] ?? 0;
      for (let pair = 0; pair < pairs.length; pair += 2) {
        const chunk = pairs[pair] ?? 0;
        if (this.#files[chunk] === undefined) continue;
        const frequency = pairs[pair + 1] ?? 0;
        const length = K1 * (1 - B + (B * (this.#lengths[chunk] ?? 0)) / average);
        if (this.#matched[chunk] === 0) found.push(chunk);
        this.#scores[chunk] = this.#scoreOf(chunk) + (weight * frequency * (K1 + 1)) / (frequency + length);
        this.#matched[chunk] = (this.#matched[chunk] ?? 0) | (1 << at);
      }
    });
    return found;
  }

  #sweep(): void {
    const segments = [...this.segments];
    this.#segments.clear();
    this.#postings = new Map();
    this.#files = [];
    this.#lengths = [];
    this.#places = [];
    this.#live = this.#totalLength = 0;
    for (const segment of segments) this.set(segment);
  }
}

/** The first `limit` of `items` in `order`, without sorting them all. */
function best(items: readonly number[], limit: number, order: (a: number, b: number) => number): number[] {
  const kept: number[] = [];
  for (const item of items) {
    const last = kept.at(-1);
    if (kept.length >= limit && last !== undefined && order(item, last) >= 0) continue;
    let at = kept.length;
    while (at > 0 && order(item, kept[at - 1] ?? item) < 0) at--;
    kept.splice(at, 0, item);
    if (kept.length > limit) kept.pop();
  }
  return kept;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
