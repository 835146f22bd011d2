export * from './ports/isolation.ts';
export * from './ports/measuring.ts';
export * from './ports/models.ts';
export * from './ports/scratch.ts';
export * from './ports/syntax.ts';
export * from './ports/transcripts.ts';
export * from './ports/watcher.ts';

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
  /** Of a file of any size, which need not fit into memory; undefined where there is none. */
  digest(path: string): Promise<FileDigest | undefined>;
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

export interface FileDigest {
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
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
  /** Added to the environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** After this many milliseconds the whole process group is ended. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** One line of output, without its end. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** `kind` tells a missing program from a missing folder, a missing right and the rest. */
export interface SpawnFailure {
  /** There is no such program. */
  readonly missing: boolean;
  readonly message: string;
  readonly kind?: 'no-program' | 'no-folder' | 'no-permission' | 'other';
}

export interface ProcessResult {
  /** `spawn-failed`: the program was not found or could not be started; `exitCode` is undefined then. */
  readonly outcome: 'exited' | 'signalled' | 'timed-out' | 'cancelled' | 'spawn-failed';
  readonly exitCode: number | undefined;
  readonly signalName: string | undefined;
  /** Why the program could not be started, as the system says it; `missing` when there is no such program. */
  readonly failure?: SpawnFailure;
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

/** Lets one at a time do a thing to a workspace, or to the whole machine. */
export interface Locks {
  /**
   * Runs `action` while nobody else holds `name`. Where somebody does, it calls `onWait` once and waits: HumanError
   * `file.locked` after `waitMs`, CancelledError when stopped. A workspace that cannot be written has no locks.
   */
  hold<T>(name: string, action: () => Promise<T>, options: LockOptions): Promise<T>;
}

export interface LockOptions {
  readonly waitMs: number;
  /** `machine`: nobody else on this machine, whatever the workspace. */
  readonly reach?: 'workspace' | 'machine' | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onWait?: (() => void) | undefined;
}

/** Asks the person at the surface. Without a person (no terminal, CI) the answer is no. */
export interface Approval {
  confirm(question: string, detail?: string): Promise<boolean>;
}

/** The files that the product ships for new workspaces. */
export interface Templates {
  /** All files of one set, sorted by path. `gitignore` appears as `.gitignore`, which package managers would drop. */
  load(set: 'workspace' | 'sample' | 'documents' | 'skills'): Promise<readonly TemplateFile[]>;
}

export interface TemplateFile {
  /** Relative to the workspace root. */
  readonly path: string;
  readonly content: string;
  readonly executable: boolean;
}

/** The folder that is to become a workspace, seen from outside: it may not exist, or may be no folder at all. */
export interface Target {
  look(): Promise<TargetState>;
  /** A text file that the person named, relative to where they stand; undefined where there is none. */
  readGiven(path: string): Promise<string | undefined>;
  /** A text file in the target's parent folder or, failing that, in the target itself. */
  readBeside(name: string): Promise<GivenFile | undefined>;
}

export interface GivenFile {
  /** Absolute. */
  readonly path: string;
  readonly content: string;
}

export interface TargetState {
  /** Absolute; links are resolved where they lead somewhere. */
  readonly path: string;
  /** `link`: a link that leads nowhere. */
  readonly kind: 'missing' | FileKind;
  readonly place: 'home' | 'filesystem-root' | 'ordinary';
  /** Names in the folder, sorted. */
  readonly entries: readonly string[];
  /** The folder of the git work tree that holds the target, if any. */
  readonly repository: string | undefined;
  /** A folder above that is a workspace already. */
  readonly workspaceAbove: string | undefined;
}

/** What a new workspace needs of git. */
export interface Git {
  /** False where git cannot be run. */
  available(): Promise<boolean>;
  /** Clones into a temporary neighbour, then renames it once: after any other outcome than `cloned` nothing is left. */
  clone(request: CloneRequest): Promise<CloneOutcome>;
  /** Makes the root a repository with these commits, in one step. Files that are not named stay untracked. */
  createRepository(commits: readonly FirstCommit[], signal?: AbortSignal): Promise<void>;
}

export interface CloneRequest {
  /** A URL, or a local path relative to where the person stands. */
  readonly url: string;
  /** Branch, tag or commit; the remote's default branch where undefined. */
  readonly ref: string | undefined;
  /** Relative to the workspace root; missing or empty. */
  readonly folder: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** git's own progress. May hold the URL as given. */
  readonly onLine?: (line: string) => void;
}

/** `output` is the end of what git said, and may hold the URL as given. */
export type CloneOutcome =
  | { readonly kind: 'cloned' }
  | { readonly kind: 'failed' | 'timed-out' | 'cancelled' | 'no-git' | 'no-commits'; readonly output: string };

export interface FirstCommit {
  readonly message: string;
  /** Relative to the workspace root. */
  readonly files: readonly string[];
}

/** The workspace's files as content, and what git knows of them. Evidence is fresh as long as the content is the same. */
export interface WorkTree {
  /**
   * Path -> content id of every file below `roots` but those that git ignores; a root is a folder, `.` the workspace. Equal
   * ids mean equal content. Each repository is read by its own git; without git the ids are SHA-256 of the bytes. Folders
   * in `without` are not looked at.
   */
  list(roots: readonly string[], without?: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** A revision of the repository that holds a folder; says why where there is none. */
  revision(folder: string, ref: string): Promise<Revision>;
  /** Path -> content id below a folder at a commit of its repository. */
  listAt(folder: string, commit: string): Promise<ReadonlyMap<string, string>>;
  /** Files below a folder that were committed and are now changed or gone; empty where nothing was committed. */
  changedSinceCommit(folder: string): Promise<readonly ChangedFile[]>;
  /** Paths below a folder that any commit on any branch has ever held. */
  everCommitted(folder: string): Promise<ReadonlySet<string>>;
  /** Path -> when the history of now first has a file below a folder there, as ISO time. Empty where nothing was committed. */
  firstCommitted(folder: string): Promise<ReadonlyMap<string, string>>;
  /** Path -> when the history of now last changed a file below a folder there, as ISO time. Empty where nothing was committed. */
  lastCommitted(folder: string): Promise<ReadonlyMap<string, string>>;
  /** Folder -> commit of the repository that holds it; a folder without one is left out. */
  commits(folders: readonly string[]): Promise<Readonly<Record<string, string>>>;
  /** What changed below a folder since a commit; new files count. Undefined where git does not know the commit. */
  diff(folder: string, commit: string): Promise<readonly FileDiff[] | undefined>;
  /** One atomic rename; git's index follows where the file is tracked. Refuses to replace an existing file. */
  move(from: string, to: string): Promise<void>;
}

export type Revision =
  | {
      readonly kind: 'commit';
      readonly commit: string;
      /** Relative to the folder that was asked for. */
      readonly gitFolder: string;
      /** The folder within its repository; empty for its top. */
      readonly prefix: string;
    }
  | { readonly kind: 'no-git' | 'no-repository' | 'no-such-revision'; readonly reason: string };

export interface ChangedFile {
  readonly path: string;
  readonly change: 'changed' | 'gone';
}

export interface FileDiff {
  readonly path: string;
  /** Lines that are new, with their numbers in the new text. */
  readonly added: readonly DiffLine[];
  /** Lines that are gone, with their numbers in the old text. */
  readonly removed: readonly DiffLine[];
}

export interface DiffLine {
  readonly line: number;
  readonly text: string;
}

/** What was measured on; kept with each piece of evidence. */
export interface Machine {
  facts(): Promise<MachineFacts>;
  /** Versions of programs, as they say it themselves; those that cannot be asked are left out. */
  versions(programs: readonly string[]): Promise<Readonly<Record<string, string>>>;
}

export interface MachineFacts {
  readonly os: string;
  readonly release: string;
  readonly arch: string;
  readonly cpu: string;
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
}

/** Programs on this machine, as a check would find them. */
export interface Tools {
  readonly system: System;
  find(program: string): Promise<FoundProgram | undefined>;
}

export interface System {
  readonly os: 'linux' | 'macos' | 'windows' | 'other';
  /** As Node names it: x64, arm64. */
  readonly arch: string;
}

export interface FoundProgram {
  /** Absolute. */
  readonly path: string;
  /** Why a file of that name cannot be run: a link that leads nowhere, a file without the right to run it. */
  readonly broken: 'dangling-link' | 'not-executable' | undefined;
}
