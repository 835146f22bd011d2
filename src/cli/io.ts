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

/** https://no-color.org and FORCE_COLOR, as most tools read them. */
export function wantsColor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  if (env.NO_COLOR) return false;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTerminal && env.TERM !== 'dumb';
}
