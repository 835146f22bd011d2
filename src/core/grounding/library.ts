import { sha256 } from '../base/digest.ts';
import { throwIfCancelled } from '../base/errors.ts';
import type { Files, FileStat } from '../ports.ts';
import type { Layout } from '../project/layout.ts';
import { Bm25, type Match } from './bm25.ts';
import { type ChunkedDocument, chunkDocument } from './chunk.ts';
import { attempt, listCorpus, type Skipped } from './corpus.ts';
import { chunkOf, makeSegment, type Segment } from './segment.ts';
import { loadSegments, saveSegments } from './store.ts';

/** A document as it is on disk now. */
export interface Document extends ChunkedDocument {
  readonly file: string;
  /** SHA-256 of its text. */
  readonly digest: string;
}

/** Files that were touched this short a time before they were read may change again without their time stamp telling. */
const SETTLED_MS = 2000;
/** Documents kept in memory, counted in characters. */
const KEPT_CHARACTERS = 32 * 2 ** 20;

/** The documents of a workspace with their index, which follows the files and is kept on disk between runs. */
export class Library {
  readonly index = new Bm25();
  #skipped: readonly Skipped[] = [];
  readonly #files: Files;
  readonly #now: () => number;
  readonly #seen = new Map<string, { readonly stat: FileStat; readonly at: number }>();
  readonly #kept = new Map<string, Document>();
  #stored: ReadonlyMap<string, Segment> | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(files: Files, now: () => number) {
    this.#files = files;
    this.#now = now;
  }

  /** Documents that could not be read, and why. */
  get skipped(): readonly Skipped[] {
    return this.#skipped;
  }

  /** Brings the index up to date. Reads only files that may have changed. Throws CancelledError. */
  refresh(layout: Layout, signal?: AbortSignal): Promise<void> {
    // One after the other: two at the same time would both index the same file.
    const next = this.#running.catch(() => undefined).then(() => this.#refresh(layout, signal));
    this.#running = next;
    return next;
  }

  /** The current text of any file of the workspace; undefined where there is none that can be read. */
  async document(file: string): Promise<Document | undefined> {
    const text = await attempt(file, [], () => this.#files.read(file));
    if (text === undefined) return undefined;
    const digest = await sha256(text);
    const kept = this.#kept.get(file);
    if (kept?.digest === digest) return kept;
    const document = { file, digest, ...chunkDocument(file, text) };
    this.#keep(document);
    return document;
  }

  /** Where a match stands in its document as it is now; undefined where the document has changed since. */
  async locate(match: Match): Promise<{ document: Document; chunk: ReturnType<typeof chunkOf> } | undefined> {
    const segment = this.index.segment(match.file);
    const entry = segment?.chunks[match.chunk];
    const document = await this.document(match.file);
    if (entry === undefined || document === undefined || document.digest !== segment?.digest) return undefined;
    return { document, chunk: chunkOf(entry) };
  }

  async #refresh(layout: Layout, signal: AbortSignal | undefined): Promise<void> {
    const corpus = await listCorpus(this.#files, layout);
    const skipped = [...corpus.skipped];
    const stored = this.#stored ?? (await loadSegments(this.#files));
    this.#stored ??= stored;
    const present = new Set<string>();
    let changed = false;
    for (const { path, stat } of corpus.files) {
      throwIfCancelled(signal);
      if (this.#isSame(path, stat)) {
        present.add(path);
        continue;
      }
      const at = this.#now();
      const text = await attempt(path, skipped, () => this.#files.read(path));
      if (text === undefined) continue;
      present.add(path);
      const digest = await sha256(text);
      if (this.index.segment(path)?.digest !== digest) {
        const known = stored.get(path);
        const isKnown = known?.digest === digest;
        this.index.set(isKnown ? known : await makeSegment(path, digest, chunkDocument(path, text), signal));
        changed ||= !isKnown;
      }
      this.#seen.set(path, { stat, at });
    }
    const gone = Array.from(this.index.segments, ({ file }) => file).filter((file) => !present.has(file));
    for (const file of gone) this.#forget(file);
    this.#skipped = skipped;
    changed ||= gone.length > 0 || [...stored.keys()].some((file) => !present.has(file));
    if (changed) await saveSegments(this.#files, this.index.segments);
    // What is kept is in the index now; the store is read once.
    this.#stored = new Map();
  }

  #isSame(path: string, stat: FileStat): boolean {
    const seen = this.#seen.get(path);
    if (seen === undefined || this.index.segment(path) === undefined) return false;
    const settled = seen.at - seen.stat.modified > SETTLED_MS;
    return settled && seen.stat.size === stat.size && seen.stat.modified === stat.modified;
  }

  #forget(file: string): void {
    this.index.delete(file);
    this.#seen.delete(file);
    this.#kept.delete(file);
  }

  #keep(document: Document): void {
    this.#kept.delete(document.file);
    this.#kept.set(document.file, document);
    let total = 0;
    for (const { lines } of this.#kept.values()) total += lines.text.length;
    for (const [file, { lines }] of this.#kept) {
      if (total <= KEPT_CHARACTERS || file === document.file) break;
      this.#kept.delete(file);
      total -= lines.text.length;
    }
  }
}
