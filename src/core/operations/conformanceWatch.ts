import { CancelledError, HumanError } from '../base/errors.ts';
import type { Conformance, ConformanceReport } from '../conformance/index.ts';
import type { Engine } from '../engine.ts';
import { CONFIG_FILES, folderOf, joinPath, ROOT } from '../project/layout.ts';

export interface ConformanceWatch {
  readonly signal: AbortSignal;
  readonly fresh?: boolean | undefined;
  /** A file that the caller writes at each report: its change is no reason to scan. */
  readonly output?: string | undefined;
  /** `changed` is empty for the first report. */
  readonly onReport: (report: ConformanceReport, changed: readonly string[]) => Promise<void>;
  /** A scan that could not be made; the watch goes on. */
  readonly onProblem: (error: HumanError) => void;
}

/** Scans once, then what changed after each change, until `signal` aborts. Throws HumanError where nothing can be watched. */
export async function watchConformance(engine: Engine, options: ConformanceWatch): Promise<void> {
  const { signal } = options;
  const { watcher } = engine;
  if (watcher === undefined) throw new HumanError('watch.unavailable', 'Changes cannot be watched here.');
  const { config, layout } = await engine.project.snapshot();
  const source = joinPath(config.paths.source);
  const output = options.output === undefined ? undefined : joinPath(options.output);
  const changes = new Changes(signal);
  const watch = watcher.watch([source, layout.docs], (paths) => {
    changes.add(paths.filter((path) => path !== output && concerns(path, source, layout.docs)));
  });
  let scanner: Conformance | undefined;
  try {
    for (let changed: readonly string[] = []; !signal.aborted; changed = await changes.next()) {
      if (scanner === undefined || changed.some((path) => isSetting(path, layout.docs))) {
        scanner?.dispose();
        engine.project.update();
        scanner = await engine.openConformance();
      }
      try {
        const narrow = changed.length > 0 ? { changed } : { fresh: options.fresh === true };
        await options.onReport(await scanner.scan({ signal, ...narrow }), changed);
      } catch (error) {
        if (!(error instanceof HumanError)) throw error;
        options.onProblem(error);
      }
    }
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
  } finally {
    watch.dispose();
    scanner?.dispose();
  }
}

/** Rules and baseline lie in the root; so may the documents, and then all of it counts. */
function concerns(path: string, source: string, docs: string): boolean {
  return folderOf(path) === ROOT || isBelow(path, source) || isBelow(path, docs);
}

/** What a scanner was opened with: the configuration, and the deviations among the documents. */
function isSetting(path: string, docs: string): boolean {
  return (CONFIG_FILES as readonly string[]).includes(path) || (docs !== ROOT && isBelow(path, docs));
}

function isBelow(path: string, folder: string): boolean {
  return folder === ROOT || path === folder || path.startsWith(`${folder}/`);
}

/** Collects paths while a scan runs, and hands them over at once. */
class Changes {
  readonly #signal: AbortSignal;
  #paths = new Set<string>();
  #wake: () => void = () => undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#wake(), { once: true });
  }

  add(paths: readonly string[]): void {
    for (const path of paths) this.#paths.add(path);
    if (paths.length > 0) this.#wake();
  }

  /** Waits for a change; empty once the signal has aborted. */
  async next(): Promise<readonly string[]> {
    if (this.#paths.size === 0 && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const paths = [...this.#paths].sort();
    this.#paths = new Set();
    return paths;
  }
}
