import { createInterface } from 'node:readline/promises';
import { EXIT } from './exit.ts';
import { type Io, type Stream, wantsColor, writable } from './io.ts';

const DEFAULT_COLUMNS = 80;

/** The Io of this process. */
export function createTerminal(signal: AbortSignal): Io {
  return {
    cwd: process.cwd(),
    env: process.env,
    signal,
    columns: process.stdout.columns ?? DEFAULT_COLUMNS,
    out: stream(process.stdout, 'Standard output'),
    err: stream(process.stderr, 'Standard error'),
    confirm: (question) => confirm(question, signal),
    inputEnd,
    inputLines,
  };
}

function inputEnd(): AbortSignal {
  const ended = new AbortController();
  for (const event of ['end', 'close', 'error']) process.stdin.once(event, () => ended.abort());
  process.stdin.resume();
  // Waiting for the end must not keep the process alive. A file on standard input has no handle to let go of.
  process.stdin.unref?.();
  return ended.signal;
}

function inputLines(listener: (line: string) => void): () => void {
  let rest = '';
  const read = (piece: string): void => {
    const lines = (rest + piece).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') listener(line);
  };
  process.stdin.setEncoding('utf8').on('data', read);
  process.stdin.ref?.();
  return () => {
    process.stdin.off('data', read);
    process.stdin.unref?.();
  };
}

function stream(target: NodeJS.WriteStream, name: string): Stream {
  const isTerminal = target.isTTY === true;
  const color = wantsColor(isTerminal, process.env);
  target.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has left (`| head`) is no failure of ours.
    if (error.code === 'EPIPE') return;
    if (target !== process.stderr) process.stderr.write(`error: ${name} cannot be written: ${error.message}\n`);
    process.exit(EXIT.environment);
  });
  return {
    color,
    isTerminal,
    write: (text) => void target.write(writable(text, { color, isTerminal })),
  };
}

/** `no` where there is nobody to ask, and when the person presses Ctrl-C or Enter alone. */
async function confirm(question: string, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await prompt.question(`${question} [y/N] `, { signal })).trim());
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    prompt.close();
  }
}
