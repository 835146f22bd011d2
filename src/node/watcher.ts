import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { Disposable } from '../core/base/disposable.ts';
import { EnvironmentError } from '../core/base/errors.ts';
import type { Watcher } from '../core/ports.ts';

/** A burst of changes is over after this time without another. */
const QUIET_MS = 100;
const ROOT = '.';

/** The Watcher port on a real folder. */
export function createWatcher(root: string): Watcher {
  return { watch: (folders, onChange) => new TreeWatch(root, folders, onChange) };
}

/** One system watch a folder: a recursive one would also count each file below `.git` and `node_modules`. */
class TreeWatch implements Disposable {
  readonly #root: string;
  readonly #folders: readonly string[];
  readonly #onChange: (paths: readonly string[]) => void;
  readonly #watches = new Map<string, FSWatcher>();
  readonly #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(root: string, folders: readonly string[], onChange: (paths: readonly string[]) => void) {
    this.#root = root;
    this.#folders = folders;
    this.#onChange = onChange;
    try {
      this.#add(ROOT);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const one of this.#watches.values()) one.close();
    this.#watches.clear();
  }

  #add(folder: string): void {
    this.#drop(folder);
    const absolute = join(this.#root, folder);
    try {
      const one = watch(absolute, (_event, name) => this.#seen(folder, name));
      one.on('error', () => this.#drop(folder));
      this.#watches.set(folder, one);
      for (const entry of readdirSync(absolute, { withFileTypes: true })) {
        const path = below(folder, entry.name);
        if (entry.isDirectory() && this.#wants(path)) this.#add(path);
      }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A folder that is gone again, or that we may not read, has nothing to tell.
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES' || code === 'EPERM') return;
      if (code !== 'ENOSPC' && code !== 'EMFILE') throw error;
      const hint = 'Raise the limit (on Linux: sysctl fs.inotify.max_user_watches), or run the command by hand.';
      throw new EnvironmentError('watch.limit', `The system has no more watches for ${absolute}.`, hint, {
        cause: error,
      });
    }
  }

  #drop(folder: string): void {
    for (const [path, one] of this.#watches) {
      if (path !== folder && !path.startsWith(`${folder}/`)) continue;
      one.close();
      this.#watches.delete(path);
    }
  }

  #wants(folder: string): boolean {
    const name = folder.slice(folder.lastIndexOf('/') + 1);
    if (name.startsWith('.') || name === 'node_modules') return false;
    return this.#folders.some(
      (wanted) =>
        wanted === ROOT || wanted === folder || folder.startsWith(`${wanted}/`) || wanted.startsWith(`${folder}/`),
    );
  }

  #seen(folder: string, name: string | null): void {
    if (!this.#watches.has(folder)) return;
    const path = name === null ? folder : below(folder, name);
    if (name?.startsWith('.')) return;
    this.#changed.add(path);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(), QUIET_MS);
  }

  #tell(): void {
    const paths = [...this.#changed].sort();
    this.#changed.clear();
    for (const path of paths) this.#follow(path);
    this.#onChange(paths);
  }

  /** Takes up a folder that is new, also one that took the place of another, and lets go of one that is gone. */
  #follow(path: string): void {
    if (path === ROOT) return;
    const isFolder = statSync(join(this.#root, path), { throwIfNoEntry: false })?.isDirectory() === true;
    if (!isFolder) this.#drop(path);
    else if (this.#wants(path)) {
      try {
        this.#add(path);
      } catch {
        // Without a watch the folder's later changes are not told; the one that made it still is.
      }
    }
  }
}

function below(folder: string, name: string): string {
  return folder === ROOT ? name : `${folder}/${name}`;
}
