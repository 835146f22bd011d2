import { StringDecoder } from 'node:string_decoder';

/** A longer line reaches listeners cut; the kept output still holds it whole. */
export const LINE_LIMIT = 1024 * 1024;

/** Bytes of each stream that are kept: about 100,000 lines of `go test -json`. */
export const OUTPUT_LIMIT = 16 * 1024 * 1024;

/** Keeps the end of a stream within a limit, in bytes. */
export class OutputTail {
  #chunks: Buffer[] = [];
  #bytes = 0;
  #limit: number;
  truncated = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#limit * 2) return;
    this.#chunks = [this.#tail()];
    this.#bytes = this.#limit;
  }

  /** UTF-8, with U+FFFD where bytes are invalid. After a cut it starts at a whole line where there is one. */
  text(): string {
    const tail = this.#tail();
    const newline = this.truncated ? tail.indexOf(0x0a) : -1;
    return tail.toString('utf8', newline + 1);
  }

  #tail(): Buffer {
    const all = Buffer.concat(this.#chunks);
    if (all.length <= this.#limit) return all;
    this.truncated = true;
    return Buffer.from(all.subarray(all.length - this.#limit));
  }
}

/** Cuts a stream of bytes into lines at `\n`, `\r\n` and the lone `\r` of progress displays. */
export class LineSplitter {
  #decoder = new StringDecoder('utf8');
  #onLine: (line: string) => void;
  #pending = '';
  #dropped = 0;
  #afterReturn = false;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  add(chunk: Buffer): void {
    this.#text(this.#decoder.write(chunk));
  }

  /** Gives the last line when it has no end. */
  end(): void {
    this.#text(this.#decoder.end());
    if (this.#pending !== '' || this.#dropped > 0) this.#line();
  }

  #text(text: string): void {
    let start = 0;
    if (text === '') return;
    if (this.#afterReturn && text.startsWith('\n')) start = 1;
    this.#afterReturn = false;
    const ends = /\r\n|\n|\r/g;
    ends.lastIndex = start;
    for (let end = ends.exec(text); end !== null; end = ends.exec(text)) {
      this.#keep(text.slice(start, end.index));
      this.#line();
      start = ends.lastIndex;
      this.#afterReturn = end[0] === '\r' && start === text.length;
    }
    this.#keep(text.slice(start));
  }

  #keep(text: string): void {
    const room = LINE_LIMIT - this.#pending.length;
    this.#pending += text.slice(0, room);
    this.#dropped += Math.max(0, text.length - room);
  }

  #line(): void {
    const line = this.#dropped === 0 ? this.#pending : `${this.#pending} [${this.#dropped} more characters]`;
    this.#pending = '';
    this.#dropped = 0;
    this.#onLine(line);
  }
}
