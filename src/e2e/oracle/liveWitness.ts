import { closeSync, openSync, writeSync } from 'node:fs';
import type { Disposable } from '../../core/base/disposable.ts';
import { readLines } from './lines.ts';
import type { Eyes, Look, Seen } from './liveProc.ts';

/** Until the subject's beat is known, looks come this often. */
const SEARCH_MS = 100;
/** A look that would begin sooner than this is left to the next beat. */
const SOONEST_MS = 5;

/**
 * Writes what we see of the system to a file, at the moments when the subject looks too: its beat is known from what it
 * delivered. What it says about the time of a tick only decides when we look; what we see is ours.
 */
export class Witness implements Disposable {
  readonly file: string;
  looks = 0;
  readonly #eyes: Eyes;
  readonly #fd: number;
  readonly #intervalMs: number;
  #beat: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(eyes: Eyes, file: string, intervalMs: number) {
    this.file = file;
    this.#eyes = eyes;
    this.#intervalMs = intervalMs;
    this.#fd = openSync(file, 'w');
    this.#look();
  }

  /** The subject ticked at `at` (milliseconds since the epoch). */
  follow(at: number): void {
    const first = this.#beat === undefined;
    this.#beat = at;
    if (first) this.#plan();
  }

  dispose(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#eyes.close();
    closeSync(this.#fd);
  }

  #look(): void {
    if (this.#closed) return;
    const { at, ms, processes } = this.#eyes.look();
    const rows = processes.map(({ pid, start, cpu, rss }) => [pid, start, cpu, rss]);
    writeSync(this.#fd, `${JSON.stringify({ at, ms: Math.round(ms * 10) / 10, p: rows })}\n`);
    this.looks++;
    this.#plan();
  }

  #plan(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    const now = Date.now();
    let wait = SEARCH_MS;
    if (this.#beat !== undefined) {
      const beats = Math.ceil((now + SOONEST_MS - this.#beat) / this.#intervalMs);
      wait = this.#beat + beats * this.#intervalMs - now;
    }
    this.#timer = setTimeout(() => this.#look(), wait);
  }
}

/** The looks of a witness in order. A last line that was cut off is left out. */
export async function* readLooks(file: string): AsyncGenerator<Look> {
  for await (const { text, terminated } of readLines(file)) {
    if (!terminated) return;
    const { at, ms, p } = JSON.parse(text) as { at: number; ms: number; p: [number, number, number, number][] };
    yield { at, ms, processes: p.map(([pid, start, cpu, rss]): Seen => ({ pid, start, cpu, rss })) };
  }
}
