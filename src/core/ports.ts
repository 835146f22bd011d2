import type { Issue } from './model/issue.ts';

/**
 * What the engine needs of the world, named for this domain. Paths are relative to the workspace root and use `/` on
 * every system; an implementation refuses a path that leaves the root, also through links.
 */
export interface Files {
  /** Absolute path of the workspace root: for messages and as a base for processes. */
  readonly root: string;
  /** Text as UTF-8, or undefined where there is no such file. Throws HumanError for a folder, or bytes that are not UTF-8. */
  read(path: string): Promise<string | undefined>;
  readBytes(path: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  stat(path: string): Promise<FileStat | undefined>;
  /** Sorted by name; empty where there is no such folder. */
  list(path: string): Promise<readonly FileEntry[]>;
  /** Creates missing folders and replaces the file in one step: a reader sees the old text or the new, never a part. */
  write(path: string, content: string, options?: WriteOptions): Promise<void>;
  /** One atomic rename. Refuses to replace an existing file. */
  move(from: string, to: string): Promise<void>;
  /** Removes a file; does nothing where there is none. */
  remove(path: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
}

export interface WriteOptions {
  /** Compare-and-swap: the text that the file must still have (null: it must not exist), else HumanError `file.changed`. */
  readonly expected?: string | null;
  readonly executable?: boolean;
}

export type FileKind = 'file' | 'folder' | 'link' | 'other';

export interface FileEntry {
  readonly name: string;
  readonly kind: FileKind;
}

export interface FileStat {
  readonly kind: FileKind;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  readonly executable: boolean;
}

export interface ProcessRequest {
  /** Program and arguments; never a shell string. */
  readonly argv: readonly string[];
  /** Relative to the workspace root. */
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** After this many milliseconds the whole process group is ended. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** One line of output, without its end. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

export interface ProcessResult {
  /** `spawn-failed`: the program was not found or could not be started; `exitCode` is undefined then. */
  readonly outcome: 'exited' | 'signalled' | 'timed-out' | 'cancelled' | 'spawn-failed';
  readonly exitCode: number | undefined;
  readonly signalName: string | undefined;
  /** Why the program could not be started, as the system says it; `missing` when there is no such program. */
  readonly failure?: { readonly missing: boolean; readonly message: string };
  readonly stdout: string;
  readonly stderr: string;
  /** True when output was longer than the limit and only its end was kept. */
  readonly truncated: boolean;
  readonly startedAt: string;
  readonly durationMs: number;
}

export interface Processes {
  /** Never rejects for a program that fails; when it settles, nothing that the program started is left running. */
  run(request: ProcessRequest): Promise<ProcessResult>;
}

export interface Clock {
  now(): Date;
  /** Milliseconds on a clock that never goes back. */
  monotonic(): number;
}

export interface Logger {
  info(message: string): void;
  warn(message: string): void;
  error(message: string, error?: unknown): void;
}

/** Asks the person at the surface. Without a person (no terminal, CI) the answer is no. */
export interface Approval {
  confirm(question: string, detail?: string): Promise<boolean>;
}

/** Judges a replay from corpus and raw output; the measuring side implements it. */
export interface ReplayOracle {
  judge(request: { readonly corpus: string; readonly out: string }): Promise<OracleReport>;
}

export interface OracleReport {
  readonly values: readonly import('./model/check.ts').MeasuredValue[];
  readonly issues: readonly Issue[];
}
