/**
 * A copy of the workspace under git for one run of the implementation loop. The person's own tree is never written before
 * they accept. A workspace that no git repository holds has none: HumanError `isolation.no-git` with how to mend it.
 */
export interface Isolation {
  /**
   * Takes the workspace as it is, with what is not committed and without what git ignores, as the first commit of a branch
   * of the run's own, and checks that out below `.infrabuilder/runs/<run>/`. Repositories within the workspace (a source
   * folder that is a clone) are taken the same way. The person's index, branches and files stay as they are.
   */
  begin(request: IsolationRequest): Promise<Workbench>;
  /** The workbench of a run that a crash or a closed window has left; its last step is what git has. */
  resume(run: string): Promise<Workbench>;
  /** Every run that still has a branch, newest first. */
  list(): Promise<readonly IsolatedRun[]>;
  /**
   * Brings what the run changed into the person's tree: all files or none, finished or undone after a crash. A file that has
   * changed there since the run began is a conflict, unless it already is as the run made it.
   */
  accept(run: string): Promise<AcceptOutcome>;
  /** Removes the folder and the branches of a run. */
  discard(run: string): Promise<void>;
}

export interface IsolationRequest {
  /** Names the run: also the last part of its branch. */
  readonly run: string;
  readonly task: string;
}

export interface IsolatedRun {
  readonly run: string;
  readonly task: string;
  /** `infrabuilder/<task>/<run>`. */
  readonly branch: string;
  /** ISO time. */
  readonly begun: string;
  /** True while another process works in it. */
  readonly inUse: boolean;
}

export interface Workbench extends IsolatedRun {
  /** Absolute path of the workspace within the copy. */
  readonly root: string;
  /** Commit of the workspace as it was. */
  readonly base: string;
  /** Keeps the copy as it is now as a step; gives the commit, the old one where nothing changed. */
  commit(message: string): Promise<string>;
  /** Brings the copy back to a step. What git ignores stays. */
  rollback(commit: string): Promise<void>;
  /** What differs from the base, sorted by path, relative to the workspace; lines counted as git does. */
  changes(): Promise<readonly WorkbenchChange[]>;
  /** Unified diff from the base, of these paths or of all. */
  diff(paths?: readonly string[]): Promise<string>;
  /** Text of a file at the base; undefined where there was none. */
  before(path: string): Promise<string | undefined>;
  /**
   * A second clean copy of the base in which only `paths` are as the run made them (a path that is gone is removed).
   * Dispose it.
   */
  cleanCopy(paths: readonly string[]): Promise<{ readonly root: string; dispose(): Promise<void> }>;
  /** Gives the copy free: another process may resume it. Leaves folder and branch. */
  release(): Promise<void>;
}

export interface WorkbenchChange {
  readonly path: string;
  readonly change: 'added' | 'changed' | 'deleted';
  /** Zero for a binary file. */
  readonly addedLines: number;
  readonly removedLines: number;
}

export type AcceptOutcome =
  | { readonly kind: 'accepted'; readonly files: readonly string[] }
  | { readonly kind: 'conflict'; readonly files: readonly string[] };
