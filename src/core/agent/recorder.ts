import type { TranscriptEntry } from '../model/implementation.ts';
import type { Clock, Transcripts } from '../ports.ts';
import { type Account, count } from './account.ts';

type WithoutTime<T> = T extends TranscriptEntry ? Omit<T, 'at'> : never;
export type NewEntry = WithoutTime<TranscriptEntry>;

export interface RecorderOptions {
  readonly run: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly transcripts: Transcripts | undefined;
  readonly redact: (text: string) => string;
  readonly onEntry: (entry: TranscriptEntry) => void;
}

/** Writes a run's transcript and keeps account of it. No secret leaves through it. */
export class Recorder {
  readonly #options: RecorderOptions;
  #account: Account;

  constructor(options: RecorderOptions, account: Account) {
    this.#options = options;
    this.#account = account;
  }

  get account(): Account {
    return this.#account;
  }

  /** A text without secrets: neither transcript nor model gets them. */
  clean(text: string): string {
    return this.#options.redact(text);
  }

  async record(entry: NewEntry): Promise<void> {
    const { run, clock, transcripts, redact, onEntry } = this.#options;
    const clean = cleaned({ ...entry, at: clock.now().toISOString() }, redact) as TranscriptEntry;
    await transcripts?.append(run, clean);
    this.#account = count(this.#account, clean);
    onEntry(clean);
  }
}

/** The same value with every text in it cleaned. */
function cleaned(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((one) => cleaned(one, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cleaned(one, redact)]));
}
