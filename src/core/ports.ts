import type { Disposable } from './base/disposable.ts';
import type { Issue } from './model/issue.ts';
import type { ScenarioRun } from './model/scenarioRun.ts';

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

/** Asks the person at the surface. Without a person (no terminal, CI) the answer is no. */
export interface Approval {
  confirm(question: string, detail?: string): Promise<boolean>;
}

/** Judges a replay from corpus and raw output; the measuring side implements it. */
export interface ReplayOracle {
  judge(request: { readonly corpus: string; readonly out: string }): Promise<OracleReport>;
}

/** Runs scenarios; the measuring side implements it. Nothing that a scenario starts outlives the call. */
export interface Scenarios {
  /** Rejects with CancelledError when stopped, after tearing down; every other end is a verdict. */
  run(request: ScenarioRequest): Promise<ScenarioRun>;
}

export interface ScenarioRequest {
  /** Name of a scenario of the workspace. */
  readonly scenario: string;
  /** Only what this goal needs. */
  readonly goal?: string | undefined;
  readonly durationSeconds?: number | undefined;
  readonly replicates?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((message: string) => void) | undefined;
}

export interface OracleReport {
  readonly values: readonly import('./model/check.ts').MeasuredValue[];
  readonly issues: readonly Issue[];
  /** How the figures are defined and which comparison was the worst, one sentence each, to be shown beside them. */
  readonly notes?: readonly string[];
}

/** The files that the product ships for new workspaces. */
export interface Templates {
  /** All files of one set, sorted by path. `gitignore` appears as `.gitignore`, which package managers would drop. */
  load(set: 'workspace' | 'sample'): Promise<readonly TemplateFile[]>;
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

/** Syntax trees by grammar, for every language of `SYNTAX_LANGUAGES`. */
export interface SyntaxTrees {
  /** Loads a grammar once. Throws EnvironmentError `syntax.no-grammar` where its file is missing. */
  grammar(language: import('./model/conformance.ts').SyntaxLanguage): Promise<Grammar>;
}

export interface Grammar {
  /** Changes whenever the grammar does: part of the key of what is cached. */
  readonly version: string;
  /** Throws QueryError for a query that the grammar refuses. */
  compile(source: string): SyntaxQuery;
  /** Parses, hands over the tree and frees it when `use` returns: nothing of the tree may be kept. */
  read<T>(text: string, use: (root: SyntaxNode) => T): T;
}

/** One or more patterns. Must be disposed of: it lives outside the garbage collector's reach. */
export interface SyntaxQuery extends Disposable {
  readonly captureNames: readonly string[];
  /** How many patterns there are. */
  readonly patterns: number;
  /** False where the pattern of that number cannot match: the text lacks a word that its predicates ask for. */
  mayMatch(pattern: number, text: string): boolean;
  matches(root: SyntaxNode): readonly SyntaxMatch[];
}

export interface SyntaxMatch {
  /** Which pattern of the query, from 0. */
  readonly pattern: number;
  readonly captures: readonly { readonly name: string; readonly node: SyntaxNode }[];
}

/** A node of a tree. Offsets and columns count UTF-16 units; rows and columns count from 0. */
export interface SyntaxNode {
  readonly id: number;
  readonly type: string;
  readonly text: string;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly startPosition: { readonly row: number; readonly column: number };
  readonly endPosition: { readonly row: number; readonly column: number };
  readonly hasError: boolean;
  readonly isError: boolean;
  readonly isMissing: boolean;
  readonly parent: SyntaxNode | null;
  readonly children: readonly (SyntaxNode | null)[];
  readonly namedChildren: readonly (SyntaxNode | null)[];
  childForFieldName(name: string): SyntaxNode | null;
  descendantsOfType(types: string | string[]): readonly (SyntaxNode | null)[];
}

/** A query that the grammar refuses; `offset` counts UTF-16 units into the query's text. */
export class QueryError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'QueryError';
    this.offset = offset;
  }
}
