import type { TranscriptEntry } from '../model/implementation.ts';
import type { Issue } from '../model/issue.ts';

/** Transcripts of runs of the implementation loop, one JSON line for each entry. They belong to the person's workspace. */
export interface Transcripts {
  /** Adds one line to the transcript of a run and settles when it is on disk. Lines of one run stay in order. */
  append(run: string, entry: TranscriptEntry): Promise<void>;
  /** HumanError `transcript.missing` where there is none. A line that cannot be read is an issue, not the end. */
  read(source: TranscriptSource): Promise<TranscriptReading>;
}

/** A run of this workspace, or a file that the person names, relative to where they stand. */
export type TranscriptSource = { readonly run: string } | { readonly file: string };

export interface TranscriptReading {
  /** As the person would name it. */
  readonly file: string;
  readonly entries: readonly TranscriptEntry[];
  /** Lines that are no entries, at their place. */
  readonly issues: readonly Issue[];
}
