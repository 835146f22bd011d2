import { setTimeout as sleep } from 'node:timers/promises';
import { CancelledError } from '../../core/base/errors.ts';

/** Every wait of a run ends when the person stops it or when a part of the run breaks; the first cause counts. */
export class Watch {
  readonly signal: AbortSignal;
  readonly #broken = new AbortController();
  readonly #outer: AbortSignal | undefined;
  #cause: Error | undefined;

  constructor(outer: AbortSignal | undefined) {
    this.#outer = outer;
    this.signal = outer === undefined ? this.#broken.signal : AbortSignal.any([outer, this.#broken.signal]);
  }

  /** A part of the run broke: waits end with this error. */
  fail(error: Error): void {
    this.#cause ??= error;
    this.#broken.abort();
  }

  check(): void {
    if (this.#outer?.aborted) throw new CancelledError();
    if (this.#cause !== undefined) throw this.#cause;
  }

  /** The error to report in place of what a wait was ended with. */
  causeOf(error: unknown): unknown {
    if (this.#outer?.aborted) return new CancelledError();
    return this.signal.aborted ? (this.#cause ?? error) : error;
  }

  async sleep(ms: number): Promise<void> {
    this.check();
    await sleep(Math.max(0, ms), undefined, { signal: this.signal }).catch(() => this.check());
  }

  /** The first answer that is not undefined; undefined when none came in time. */
  async find<T>(look: () => T | undefined | Promise<T | undefined>, ms: number, everyMs = 100): Promise<T | undefined> {
    for (const end = Date.now() + ms; ; await this.sleep(everyMs)) {
      this.check();
      const found = await look();
      if (found !== undefined || Date.now() > end) return found;
    }
  }
}
