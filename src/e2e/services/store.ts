import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { OtlpRequest, Signal } from './otlp.ts';

/** One accepted request, as it lies in the receiver's file. */
export interface Received {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly signal: Signal;
  readonly encoding: 'json' | 'protobuf';
  /** Size of the body on the wire. */
  readonly bytes: number;
  readonly request: OtlpRequest;
}

/** An append-only file of JSON lines. `append` resolves when the line is on the disk; lines that wait share one sync. */
export class Store {
  readonly #file: FileHandle;
  #waiting: { line: string; done: (error?: unknown) => void }[] = [];
  #writing: Promise<void> | undefined;
  #end: number;

  private constructor(file: FileHandle, end: number) {
    this.#file = file;
    this.#end = end;
  }

  /** Opens or makes the file. A torn last line, as a kill leaves it, is cut off; `torn` is its length in bytes. */
  static async open(path: string): Promise<{ store: Store; torn: number }> {
    const file = await open(path, 'a+');
    const { size } = await file.stat();
    const whole = await endOfLastLine(file, size);
    if (whole < size) await file.truncate(whole);
    return { store: new Store(file, whole), torn: size - whole };
  }

  append(record: Received): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({
        line: `${JSON.stringify(record)}\n`,
        done: (error) => (error === undefined ? resolve() : reject(error)),
      });
      this.#writing ??= this.#drain();
    });
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const bytes = Buffer.from(batch.map(({ line }) => line).join(''));
      try {
        await this.#file.appendFile(bytes);
        await this.#file.datasync().catch(ignoreUnsyncable);
        this.#end += bytes.length;
        for (const { done } of batch) done();
      } catch (error) {
        // A part may have been written: it must not run into the next line.
        await this.#file.truncate(this.#end).catch(() => undefined);
        for (const { done } of batch) done(error);
      }
    }
    this.#writing = undefined;
  }
}

/** Reads what has been received up to now. A torn last line is left out. */
export async function* readReceived(path: string): AsyncGenerator<Received> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size === 0) return;
  const lines = createInterface({ input: createReadStream(path, { end: size - 1 }) });
  for await (const line of lines) {
    let record: Received;
    try {
      record = JSON.parse(line) as Received;
    } catch {
      continue;
    }
    yield record;
  }
}

const BLOCK = 64 * 1024;

async function endOfLastLine(file: FileHandle, size: number): Promise<number> {
  const buffer = Buffer.alloc(BLOCK);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - BLOCK);
    const { bytesRead } = await file.read(buffer, 0, end - start, start);
    const at = buffer.subarray(0, bytesRead).lastIndexOf(10);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

function ignoreUnsyncable(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EINVAL' && error.code !== 'ENOTSUP') throw error;
}
