import type { Disposable } from '../base/disposable.ts';

/** Tells which files of a workspace change. */
export interface Watcher {
  /**
   * Watches the root folder itself and everything below `folders`, also those that do not exist yet. `onChange` gets the
   * paths of a burst of changes once it is over; a folder stands for what is in it. What begins with a dot, and
   * `node_modules`, is left out. Throws EnvironmentError where the system has no more watches.
   */
  watch(folders: readonly string[], onChange: (paths: readonly string[]) => void): Disposable;
}
