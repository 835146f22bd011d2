import { createReadStream } from 'node:fs';

export interface Line {
  /** Counts from 1. */
  readonly number: number;
  readonly text: string;
  /** False for a last line that does not end in a line feed: it may have been cut off. */
  readonly terminated: boolean;
}

const CHUNK_BYTES = 256 * 1024;
/** A tick of 100,000 processes takes about 8 MB; a file without line feeds must not fill the memory. */
export const LONGEST_LINE_BYTES = 64 * 1024 * 1024;

export class LineTooLongError extends Error {
  readonly line: number;

  constructor(line: number) {
    super(`Line ${line} is longer than ${LONGEST_LINE_BYTES} bytes.`);
    this.name = 'LineTooLongError';
    this.line = line;
  }
}

/** The lines of a UTF-8 file, blank ones left out; holds one line at a time. Throws what the file system throws. */
export async function* readLines(path: string): AsyncGenerator<Line> {
  let number = 0;
  let pending: Buffer[] = [];
  let pendingBytes = 0;

  const take = (end: Buffer, terminated: boolean): Line => {
    const bytes = pending.length === 0 ? end : Buffer.concat([...pending, end]);
    pending = [];
    pendingBytes = 0;
    number += 1;
    return { number, text: bytes.toString('utf8'), terminated };
  };

  for await (const data of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    const chunk: Buffer = data;
    let start = 0;
    for (let feed = chunk.indexOf(0x0a); feed !== -1; feed = chunk.indexOf(0x0a, start)) {
      const line = take(chunk.subarray(start, feed), true);
      start = feed + 1;
      if (line.text.trim() !== '') yield line;
    }
    if (start < chunk.length) {
      pending.push(chunk.subarray(start));
      pendingBytes += chunk.length - start;
      if (pendingBytes > LONGEST_LINE_BYTES) throw new LineTooLongError(number + 1);
    }
  }
  if (pendingBytes > 0) {
    const line = take(Buffer.alloc(0), false);
    if (line.text.trim() !== '') yield line;
  }
}
