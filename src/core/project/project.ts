import type { Files } from '../ports.ts';
import { joinPath } from './layout.ts';
import { type Changes, Loader } from './loader.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';
import { Validator } from './validate/validator.ts';

/** One workspace: read on first use, kept, and brought up to date by the paths that changed. */
export interface Project {
  /**
   * The workspace as of now, with all changes that were announced. Calls at the same time share one load; without a
   * change the same snapshot comes back. Files that cannot be read become issues; only a bug rejects.
   */
  snapshot(): Promise<Snapshot>;
  /** Announces files or folders that were added, changed or removed. Without paths: all may have changed. */
  update(changedPaths?: readonly string[]): void;
  /** Unsaved text of an editor, which counts instead of the file's; undefined gives the file back its place. */
  setOverlay(path: string, text: string | undefined): void;
}

export interface ProjectOptions {
  /** The date as `2026-01-31`, for deviations that expire. Default: the machine's, in UTC. */
  readonly today?: () => string;
}

export function createProject(files: Files, { today = utcToday }: ProjectOptions = {}): Project {
  return new CachedProject(files, today);
}

function utcToday(): string {
  return new Date().toISOString().slice(0, 10);
}

class CachedProject implements Project {
  readonly #today: () => string;
  readonly #overlays = new Map<string, string>();
  readonly #loader: Loader;
  readonly #validator = new Validator();
  #changes: Changes | undefined = { everything: true, paths: new Set() };
  #running: Promise<Snapshot> | undefined;
  #current: { readonly snapshot: Snapshot; readonly day: string } | undefined;

  constructor(files: Files, today: () => string) {
    this.#today = today;
    this.#loader = new Loader(files, this.#overlays);
  }

  snapshot(): Promise<Snapshot> {
    if (this.#running === undefined) {
      const current = this.#current;
      if (this.#changes === undefined && current?.day === this.#today()) return Promise.resolve(current.snapshot);
      this.#running = this.#refresh();
    }
    return this.#running;
  }

  update(changedPaths?: readonly string[]): void {
    const paths = new Set(this.#changes?.paths);
    for (const path of changedPaths ?? []) paths.add(joinPath(path));
    this.#changes = { everything: this.#changes?.everything === true || changedPaths === undefined, paths };
  }

  setOverlay(path: string, text: string | undefined): void {
    const file = joinPath(path);
    if (this.#overlays.get(file) === text) return;
    if (text === undefined) this.#overlays.delete(file);
    else this.#overlays.set(file, text);
    this.update([file]);
  }

  /** Goes on while changes arrive, and ends in the same turn in which it finds none: nobody gets an old snapshot. */
  async #refresh(): Promise<Snapshot> {
    try {
      await Promise.resolve();
      for (let changes = this.#changes; changes !== undefined; changes = this.#changes) {
        this.#changes = undefined;
        await this.#loader.load(changes);
      }
      const day = this.#today();
      const issues = this.#validator.run(this.#loader.index, day);
      const snapshot = takeSnapshot(this.#loader.index, (this.#current?.snapshot.version ?? 0) + 1, issues);
      this.#current = { snapshot, day };
      return snapshot;
    } catch (error) {
      this.#changes = { everything: true, paths: new Set() };
      throw error;
    } finally {
      this.#running = undefined;
    }
  }
}
