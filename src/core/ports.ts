import type { Disposable } from './base/disposable.ts';
import type { Issue } from './model/issue.ts';
import type { ScenarioRun } from './model/scenarioRun.ts';
import type { Verdict } from './model/verdict.ts';

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

/** Lets one process at a time do a thing to a workspace. */
export interface Locks {
  /**
   * Runs `action` while nobody else holds `name`. Where somebody does, it calls `onWait` once and waits: HumanError
   * `file.locked` after `waitMs`, CancelledError when stopped. A workspace that cannot be written has no locks.
   */
  hold<T>(name: string, action: () => Promise<T>, options: LockOptions): Promise<T>;
}

export interface LockOptions {
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onWait?: (() => void) | undefined;
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
  /**
   * Rejects with CancelledError when stopped, after tearing down, and with HumanError for what cannot be planned (an unknown
   * scenario, KPI, unit or fault); every other end is a verdict.
   */
  run(request: ScenarioRequest): Promise<ScenarioRun>;
}

export interface ScenarioRequest {
  /** Name of a scenario of the workspace, or of a workload. */
  readonly scenario: string;
  /** Runs this in place of the workspace's file. */
  readonly definition?: import('./model/scenario.ts').Scenario | undefined;
  /** `linux`, `linux-5.10`, `windows`: what this machine is not is not run. */
  readonly platform?: string | undefined;
  readonly seed?: number | undefined;
  /** Only what this goal needs. */
  readonly goal?: string | undefined;
  readonly durationSeconds?: number | undefined;
  readonly replicates?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((message: string) => void) | undefined;
}

/** What else the measuring side does. */
export interface Measuring extends Scenarios {
  /** Computes what a run would do; starts nothing. Throws HumanError for what cannot be planned. */
  plan(request: ScenarioRequest): Promise<import('./model/scenarioPlan.ts').ScenarioPlan>;
  /** Gives back what runs that crashed have left; those that still run are left alone. */
  resolveAll(): Promise<readonly RunRepair[]>;
  /** Measures a process and all that it starts. */
  profile(request: ProfileOrder): Promise<ProfileAnswer>;
}

export interface RunRepair {
  readonly run: string;
  readonly state: 'in-use' | 'repaired' | 'failed';
  /** What was given back, such as `process agent (4711)`. */
  readonly settled: readonly string[];
  /** Processes that were found by the run's mark alone. */
  readonly strays: number;
  readonly failures: readonly string[];
}

export interface ProfileOrder {
  readonly pid: number;
  readonly seconds: number;
  /** Samples a second, 1 to 10. */
  readonly hz: number;
  /** Where the process serves pprof, such as `http://127.0.0.1:6060`. */
  readonly pprof?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((message: string) => void) | undefined;
}

export interface ProfileAnswer {
  readonly values: readonly import('./model/check.ts').MeasuredValue[];
  /** What stands beside the figures: trend, leak test, machine. */
  readonly notes: readonly string[];
  /** By share, the largest first; empty without pprof. */
  readonly functions: readonly { readonly name: string; readonly percent: number }[];
  /** The recording, relative to the workspace root. */
  readonly file: string;
}

export interface OracleReport {
  readonly values: readonly import('./model/check.ts').MeasuredValue[];
  readonly issues: readonly Issue[];
  /**
   * Verdicts that stand whatever the threshold, by KPI: what the record itself says against it. A KPI without data has no
   * value, but its verdict is here.
   */
  readonly verdicts?: Readonly<Record<string, Verdict>>;
  /** How the figures are defined and which comparison was the worst, one sentence each, to be shown beside them. */
  readonly notes?: readonly string[];
}

/** The files that the product ships for new workspaces. */
export interface Templates {
  /** All files of one set, sorted by path. `gitignore` appears as `.gitignore`, which package managers would drop. */
  load(set: 'workspace' | 'sample' | 'documents'): Promise<readonly TemplateFile[]>;
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

/** A language model, wherever it runs. It proposes text and tool calls; nothing that it says decides anything. */
export interface LanguageModel {
  /** For people: `llama3.2 at http://127.0.0.1:11434/v1`. */
  readonly name: string;
  /**
   * One turn of a conversation. Throws HumanError with a code `model.*` for what the user can mend, EnvironmentError
   * `model.unreachable` where nothing answers, CancelledError when stopped.
   */
  respond(request: ModelRequest): Promise<ModelTurn>;
}

export interface ModelRequest {
  readonly messages: readonly ModelMessage[];
  /** Tools that the model may call; none where left out. */
  readonly tools?: readonly ModelTool[];
  readonly maxOutputTokens?: number;
  /** 0 for the likeliest text. The model's own default where left out. */
  readonly temperature?: number;
  readonly signal?: AbortSignal | undefined;
  /** A piece of the answer as it comes, without the model's thoughts. `ModelTurn.text` is what counts in the end. */
  readonly onText?: ((piece: string) => void) | undefined;
}

export type ModelMessage =
  | { readonly role: 'system' | 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly toolCalls?: readonly ToolCall[] }
  /** The result of a call, or what was wrong with it. */
  | { readonly role: 'tool'; readonly callId: string; readonly text: string };

export interface ModelTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments, an object. */
  readonly input: Readonly<Record<string, unknown>>;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** Undefined where the model sent no JSON object; `raw` is what it sent. */
  readonly input: Readonly<Record<string, unknown>> | undefined;
  readonly raw: string;
}

export interface ModelTurn {
  /** Without the model's thoughts. */
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  /** `length`: the model ran into its limit of tokens, so text or calls may be cut off. */
  readonly stop: 'end' | 'tools' | 'length' | 'filtered';
  /** Tokens, as the model counts them; undefined where it does not say. */
  readonly usage: ModelUsage | undefined;
}

export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Models behind OpenAI-compatible endpoints. Opening one connects to nothing. */
export interface ModelEndpoints {
  open(endpoint: ModelEndpoint): LanguageModel;
  /** The models that an endpoint offers. Throws as `LanguageModel.respond` does. */
  list(endpoint: Omit<ModelEndpoint, 'model'>, signal?: AbortSignal): Promise<readonly string[]>;
}

export interface ModelEndpoint {
  /** Up to and with the version: `http://127.0.0.1:11434/v1`. */
  readonly baseUrl: string;
  /** Empty for the first one that the endpoint offers. */
  readonly model: string;
  readonly apiKey?: string | undefined;
}
