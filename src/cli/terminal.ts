import { createInterface } from 'node:readline/promises';
import { type Io, type Stream, wantsColor } from './io.ts';

const DEFAULT_COLUMNS = 80;

/** The Io of this process. */
export function createTerminal(signal: AbortSignal): Io {
  return {
    cwd: process.cwd(),
    env: process.env,
    signal,
    columns: process.stdout.columns ?? DEFAULT_COLUMNS,
    out: stream(process.stdout),
    err: stream(process.stderr),
    confirm: (question) => confirm(question, signal),
    inputEnd,
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

function stream(target: NodeJS.WriteStream): Stream {
  // A reader that has left (`| head`) is no failure of ours.
  target.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    color: wantsColor(target.isTTY === true, process.env),
    isTerminal: target.isTTY === true,
    write: (text) => void target.write(text),
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
