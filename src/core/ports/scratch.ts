/** Copies of the workspace to break things in. The workspace itself is only read. */
export interface Scratch {
  /**
   * Copies the work tree as it is, with what git ignores, into a folder of its own outside the workspace. Repositories in it
   * keep their HEAD, branches, tags and index, and borrow the objects. Of a repository that is larger than the workspace only
   * the workspace's files are there. EnvironmentError where there is no room, CancelledError when stopped.
   */
  copy(options: ScratchOptions): Promise<ScratchCopy & { readonly root: string }>;
  /** Copies that a killed process has left. Nobody works in them. */
  abandoned(): Promise<readonly ScratchCopy[]>;
}

export interface ScratchOptions {
  /** Folders that are left out, relative to the workspace root. */
  readonly without: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

export interface ScratchCopy {
  /** Absolute path of the workspace in the copy; undefined in one that never got that far. */
  readonly root: string | undefined;
  /** Removes the copy. */
  dispose(): Promise<void>;
}
