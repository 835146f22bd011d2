import { styleText } from 'node:util';

/** The terminal, as commands see it. JSON and results go to `out`; prose and progress go to `err`. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Width of the terminal in columns. */
  readonly columns: number;
  readonly out: Stream;
  readonly err: Stream;
  /** Asks the person; `false` where there is none. */
  confirm(question: string): Promise<boolean>;
  /** Aborted when standard input ends: its other end was closed, or whoever held it is gone. */
  inputEnd(): AbortSignal;
  /** Lines of standard input as they come; gives what ends it. Meanwhile the process waits for them. */
  inputLines(listener: (line: string) => void): () => void;
}

export interface Stream {
  readonly color: boolean;
  readonly isTerminal: boolean;
  write(text: string): void;
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

export function paint(stream: Stream, style: Style, text: string): string {
  return stream.color ? styleText(style, text, { validateStream: false }) : text;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /\u001b(?:\[[\d;]*[mK])?|[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;

/**
 * Text as it may be written to a stream: file names and the output of programs can hold control characters, which must not
 * move a terminal's cursor or rename its window. Colours, and "clear to the end of the line", pass where they are wanted.
 */
export function writable(text: string, { color, isTerminal }: Pick<Stream, 'color' | 'isTerminal'>): string {
  return text.replace(CONTROL, (found) => {
    if (found.endsWith('m')) return color ? found : '';
    if (found.endsWith('K')) return isTerminal ? found : '';
    return '\uFFFD';
  });
}

/** https://no-color.org and FORCE_COLOR, as most tools read them. */
export function wantsColor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  if (env.NO_COLOR) return false;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTerminal && env.TERM !== 'dumb';
}
