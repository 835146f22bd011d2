import { CancelledError } from '../base/errors.ts';
import type { Clock, Files, WorkTree } from '../ports.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { isLookedAt } from './kinds.ts';

/** Bytes; longer files are data, and data makes no claims. */
const LARGEST_FILE = 1024 * 1024;
const READ_AT_ONCE = 32;

export interface RepositoryPorts {
  readonly files: Files;
  readonly tree: WorkTree;
  readonly clock: Pick<Clock, 'now'>;
}

/** All that an audit reads of a repository: each text once. */
export interface Repository {
  /** Sorted; without what git ignores, and without the code of others. */
  readonly paths: readonly string[];
  /** Files that are committed. */
  readonly tracked: ReadonlySet<string>;
  /** The time of each file's last change as history tells it; empty without history. */
  readonly changed: ReadonlyMap<string, string>;
  /** The time of the first commit; undefined without history. */
  readonly firstCommit: string | undefined;
  readonly now: Date;
  has(path: string): boolean;
  /** Undefined for a file that is gone, large or no text. */
  read(path: string): string | undefined;
}

/** Lists and reads the work tree. Files that hold no text are left out silently: they can claim nothing. */
export async function readRepository(
  ports: RepositoryPorts,
  snapshot: Snapshot,
  signal: AbortSignal | undefined,
): Promise<Repository> {
  const { tree, files, clock } = ports;
  const own = Object.values(snapshot.config.paths).filter((path) => path !== '.');
  const roots = ['.', ...own];
  const evidence = `${snapshot.layout.evidence}/`;
  const listing = await tree.list(roots);
  const paths = [...listing.keys()].filter((path) => isLookedAt(path) && !path.startsWith(evidence)).sort();
  const texts = await readAll(files, paths, signal);
  const tracked = new Set<string>();
  for (const root of roots) {
    const head = await tree.revision(root, 'HEAD').catch(() => undefined);
    if (head?.kind !== 'commit') continue;
    for (const path of (await tree.listAt(root, head.commit)).keys()) tracked.add(path);
  }
  const [last, first] = tracked.size === 0 ? [new Map(), new Map()] : await histories(tree, roots);
  await overrideUncommitted(ports, roots, last);
  return {
    paths,
    tracked,
    changed: last,
    firstCommit: [...first.values()].sort()[0],
    now: clock.now(),
    has: (path) => listing.has(path),
    read: (path) => texts.get(path),
  };
}

async function readAll(
  files: Files,
  paths: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const queue = paths.values();
  const workers = Array.from({ length: READ_AT_ONCE }, async () => {
    for (const path of queue) {
      if (signal?.aborted) throw new CancelledError();
      const text = await readText(files, path);
      if (text !== undefined) texts.set(path, text);
    }
  });
  await Promise.all(workers);
  return texts;
}

async function readText(files: Files, path: string): Promise<string | undefined> {
  try {
    const stat = await files.stat(path);
    if (stat?.kind !== 'file' || stat.size > LARGEST_FILE) return undefined;
    const text = await files.read(path);
    return text?.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

type Times = Map<string, string>;

async function histories(tree: WorkTree, roots: readonly string[]): Promise<[Times, Times]> {
  const last: Times = new Map();
  const first: Times = new Map();
  for (const root of roots) {
    for (const [path, time] of await tree.lastCommitted(root)) last.set(path, time);
    for (const [path, time] of await tree.firstCommitted(root)) first.set(path, time);
  }
  return [last, first];
}

/** What is edited and not committed was changed when its file was written. */
async function overrideUncommitted({ tree, files }: RepositoryPorts, roots: readonly string[], last: Times) {
  if (last.size === 0) return;
  for (const root of roots) {
    for (const { path, change } of await tree.changedSinceCommit(root)) {
      const stat = change === 'gone' ? undefined : await files.stat(path).catch(() => undefined);
      if (stat !== undefined) last.set(path, new Date(stat.modified).toISOString());
    }
  }
}
