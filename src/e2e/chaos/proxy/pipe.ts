import type { Socket } from 'node:net';
import type { Toxic } from './toxic.ts';

const HIGH_WATER_BYTES = 1 << 20;
const BANDWIDTH_STEP_MS = 100;
const FLIPPED_BITS = 0x15;

interface Piece {
  readonly data: Buffer;
  /** To wait before it goes out, in milliseconds. */
  readonly waitMs: number;
}

/** One direction of a connection. Bytes keep their order; a change of toxics takes effect at once, also for what waits. */
export class Pipe {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #toxics: () => readonly Toxic[];
  readonly #queue: { data: Buffer | undefined; at: number }[] = [];
  readonly #hit = new Map<Toxic, boolean>();
  readonly #counted = new Map<Toxic, number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #queued = 0;
  #wake: () => void = () => undefined;
  #closed = false;

  constructor(from: Socket, to: Socket, toxics: () => readonly Toxic[]) {
    this.#from = from;
    this.#to = to;
    this.#toxics = toxics;
    from.on('data', (data: Buffer) => {
      this.#push(data);
      this.#queued += data.length;
      if (this.#queued > HIGH_WATER_BYTES) from.pause();
    });
    from.on('end', () => this.#push(undefined));
    this.changed();
    void this.#run();
  }

  /** The list of toxics is another one now. */
  changed(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    for (const toxic of this.#active()) {
      if (toxic.type === 'timeout' && toxic.attributes.timeout > 0)
        this.#after(toxic.attributes.timeout, () => this.#destroy());
      if (toxic.type === 'reset_peer') this.#after(toxic.attributes.timeout, () => this.#reset());
    }
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#wake();
  }

  #push(data: Buffer | undefined): void {
    this.#queue.push({ data, at: performance.now() });
    this.#wake();
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      const item = this.#queue.shift();
      if (item === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      if (item.data === undefined) {
        await this.#pauseWhile(() => this.#closeDelay(), item.at);
        if (!this.#closed) this.#to.end();
        return;
      }
      this.#queued -= item.data.length;
      if (this.#queued <= HIGH_WATER_BYTES) this.#from.resume();
      await this.#deliver(item.data, item.at);
    }
  }

  async #deliver(data: Buffer, at: number): Promise<void> {
    const spread = Math.random() * 2 - 1;
    await this.#pauseWhile(() => this.#latency(spread), at);
    for (const { data: piece, waitMs } of this.#shape(data)) {
      const since = performance.now();
      await this.#pauseWhile(() => waitMs, since);
      if (this.#closed || !this.#to.writable) return;
      if (!this.#to.write(piece))
        await new Promise<void>((resolve) => {
          const done = () => {
            this.#to.off('drain', done).off('close', done);
            resolve();
          };
          this.#to.on('drain', done).on('close', done);
        });
    }
    const limit = this.#active().find((toxic) => toxic.type === 'limit_data');
    if (limit !== undefined && (this.#counted.get(limit) ?? 0) >= limit.attributes.bytes) this.#destroy();
  }

  /** Sends the data through the toxics that change, hold or cut it. */
  #shape(data: Buffer): Piece[] {
    let pieces: Piece[] = [{ data, waitMs: 0 }];
    for (const toxic of this.#active()) {
      if (toxic.type === 'timeout' || toxic.type === 'reset_peer') return [];
      if (toxic.type === 'limit_data') pieces = this.#limit(toxic, pieces);
      if (toxic.type === 'corrupt')
        pieces = pieces.map((piece) => ({ ...piece, data: this.#corrupt(toxic, piece.data) }));
      if (toxic.type === 'slicer') {
        const { average_size, size_variation, delay } = toxic.attributes;
        pieces = pieces.flatMap((piece) =>
          slice(
            piece,
            () => Math.max(1, Math.round(average_size + (Math.random() * 2 - 1) * size_variation)),
            delay / 1000,
          ),
        );
      }
      if (toxic.type === 'bandwidth') {
        const { rate } = toxic.attributes;
        const size = Math.max(1, Math.round((rate * 1024 * BANDWIDTH_STEP_MS) / 1000));
        pieces = pieces
          .flatMap((piece) => slice(piece, () => size, 0))
          .map((piece) => ({ ...piece, waitMs: piece.waitMs + (piece.data.length * 1000) / (rate * 1024) }));
      }
    }
    return pieces;
  }

  #limit(toxic: Toxic & { type: 'limit_data' }, pieces: readonly Piece[]): Piece[] {
    return pieces.map((piece) => {
      const sent = this.#counted.get(toxic) ?? 0;
      const data = piece.data.subarray(0, Math.max(0, toxic.attributes.bytes - sent));
      this.#counted.set(toxic, sent + data.length);
      return { ...piece, data };
    });
  }

  #corrupt(toxic: Toxic & { type: 'corrupt' }, data: Buffer): Buffer {
    const { every, skip } = toxic.attributes;
    const before = this.#counted.get(toxic) ?? 0;
    this.#counted.set(toxic, before + data.length);
    const out = Buffer.from(data);
    for (const i of out.keys()) {
      const position = before + i - skip;
      if (position < 0 || (position + 1) % every !== 0) continue;
      out[i] = (out[i] ?? 0) ^ FLIPPED_BITS;
      toxic.attributes.corrupted++;
    }
    return out;
  }

  #latency(spread: number): number {
    return this.#active().reduce(
      (sum, toxic) =>
        toxic.type === 'latency' ? sum + Math.max(0, toxic.attributes.latency + spread * toxic.attributes.jitter) : sum,
      0,
    );
  }

  #closeDelay(): number {
    return this.#active().reduce((sum, toxic) => {
      if (toxic.type === 'slow_close') return sum + toxic.attributes.delay;
      // The end must not overtake the silence.
      return toxic.type === 'timeout' && toxic.attributes.timeout === 0 ? Number.POSITIVE_INFINITY : sum;
    }, this.#latency(0));
  }

  /** Waits until `delay()` milliseconds after `since`; asks again whenever the toxics change. */
  async #pauseWhile(delay: () => number, since: number): Promise<void> {
    for (;;) {
      const left = since + delay() - performance.now();
      if (left <= 0 || this.#closed) return;
      await new Promise<void>((resolve) => {
        const timer = Number.isFinite(left) ? setTimeout(resolve, left) : undefined;
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  #active(): Toxic[] {
    return this.#toxics().filter((toxic) => {
      let hit = this.#hit.get(toxic);
      if (hit === undefined) {
        hit = Math.random() < toxic.toxicity;
        this.#hit.set(toxic, hit);
      }
      return hit;
    });
  }

  #after(ms: number, act: () => void): void {
    this.#timers.add(setTimeout(act, ms));
  }

  #destroy(): void {
    this.#from.destroy();
    this.#to.destroy();
  }

  #reset(): void {
    this.#from.resetAndDestroy();
    this.#to.resetAndDestroy();
  }
}

function slice(piece: Piece, size: () => number, delayMs: number): Piece[] {
  const out: Piece[] = [];
  for (let at = 0; at < piece.data.length; ) {
    const length = size();
    out.push({ data: piece.data.subarray(at, at + length), waitMs: out.length === 0 ? piece.waitMs : delayMs });
    at += length;
  }
  return out;
}
