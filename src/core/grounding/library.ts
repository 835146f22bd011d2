import { sha256 } from '../base/digest.ts';
import { throwIfCancelled } from '../base/errors.ts';
import type { FileStat, Files } from '../ports.ts';
import type { Layout } from '../project/layout.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { Bm25, type Match } from './bm25.ts';
import { type ChunkedDocument, chunkDocument } from './chunk.ts';
import { attempt, LARGEST, listCorpus, type Skipped } from './corpus.ts';
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
  readonly #kept = new Map<string, { readonly document: Document; readonly stat: FileStat; readonly at: number }>();
  #version = -1;
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

  /** Brings the index up to date with a snapshot. Reads only files that may have changed. Throws CancelledError. */
  refresh({ layout, version }: Pick<Snapshot, 'layout' | 'version'>, signal?: AbortSignal): Promise<void> {
    // One after the other: two at the same time would both index the same file.
    const next = this.#running
      .catch(() => undefined)
      .then(async () => {
        // The same snapshot means that nobody has announced a change.
        if (this.#version === version) return;
        await this.#refresh(layout, signal);
        this.#version = version;
      });
    this.#running = next;
    return next;
  }

  /** Any file of the workspace as it is now; undefined where there is none that can be read. */
  async document(file: string): Promise<Document | undefined> {
    const stat = await attempt(file, [], () => this.#files.stat(file));
    if (stat?.kind !== 'file' || stat.size > LARGEST) return undefined;
    const kept = this.#kept.get(file);
    if (kept !== undefined && isSame(kept, stat)) return kept.document;
    const at = this.#now();
    const text = await attempt(file, [], () => this.#files.read(file));
    if (text === undefined) return undefined;
    const digest = await sha256(text);
    const document = kept?.document.digest === digest ? kept.document : { file, digest, ...chunkDocument(file, text) };
    this.#keep({ document, stat, at });
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
      if (this.index.segment(path) !== undefined && isSame(this.#seen.get(path), stat)) {
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

  #forget(file: string): void {
    this.index.delete(file);
    this.#seen.delete(file);
    this.#kept.delete(file);
  }

  #keep(entry: { readonly document: Document; readonly stat: FileStat; readonly at: number }): void {
    const { file } = entry.document;
    this.#kept.delete(file);
    this.#kept.set(file, entry);
    let total = 0;
    for (const { document } of this.#kept.values()) total += document.lines.text.length;
    for (const [other, { document }] of this.#kept) {
      if (total <= KEPT_CHARACTERS || other === file) break;
      this.#kept.delete(other);
      total -= document.lines.text.length;
    }
  }
}

/** True where a file is surely as it was when it was read. */
function isSame(seen: { readonly stat: FileStat; readonly at: number } | undefined, stat: FileStat): boolean {
  if (seen === undefined || seen.at - seen.stat.modified <= SETTLED_MS) return false;
  return seen.stat.size === stat.size && seen.stat.modified === stat.modified;
}
