import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProcessTree, RUN_MARKER } from './processTree.ts';

/** Ends what this process runs when this process is killed and can do nothing any more. */
export interface ProcessGuard {
  /** `pid` leads the tree that carries `run` as its marker. Returns what says that the tree has ended. */
  watch(pid: number, run: string): () => void;
}

interface Watched {
  readonly pid: number;
  readonly run: string;
  /** False once it has ended. */
  readonly runs: boolean;
}

/** Between the polite request to end and the one that cannot be refused. */
const GRACE_MS = 2_000;
const POLL_MS = 50;

/**
 * A guard is a small process of its own that reads a pipe of ours: the system closes the pipe however we end. It starts
 * with the first tree. `argv`: the program and arguments that call `serveGuard` on its standard input.
 */
export function createProcessGuard(argv: readonly string[]): ProcessGuard {
  let pipe: Writable | undefined;
  const tell = (line: Watched): void => {
    pipe ??= startGuard(argv);
    pipe.write(`${JSON.stringify(line)}\n`);
  };
  return {
    watch(pid, run) {
      tell({ pid, run, runs: true });
      return () => tell({ pid, run, runs: false });
    },
  };
}

function startGuard([program = '', ...args]: readonly string[]): Writable {
  const guard = spawn(program, args, {
    // Under the marker of a run around us the guard would be ended before its work begins.
    env: { ...process.env, [RUN_MARKER]: undefined, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['pipe', 'ignore', 'ignore'],
    // Out of our process group: what is sent to the group does not reach it.
    detached: true,
    windowsHide: true,
  });
  guard.on('error', () => {
    // Without a guard everything works but the clearing away after a kill.
  });
  guard.stdin.on('error', () => {
    // The guard itself was killed.
  });
  guard.unref();
  (guard.stdin as Writable & { unref?(): void }).unref?.();
  return guard.stdin;
}

/** The guard's side: reads until `input` ends, and then ends every tree that still runs. */
export async function serveGuard(input: NodeJS.ReadableStream): Promise<void> {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {});
  const trees = new Map<string, ProcessTree>();
  for await (const line of createInterface({ input })) {
    const { pid, run, runs } = JSON.parse(line) as Watched;
    if (runs) trees.set(run, new ProcessTree(pid, run));
    else trees.delete(run);
  }
  await Promise.all([...trees.values()].map(endTree));
}

async function endTree(tree: ProcessTree): Promise<void> {
  if (!tree.alive()) return;
  await tree.signal('SIGTERM');
  const end = performance.now() + GRACE_MS;
  while (tree.alive() && performance.now() < end) await sleep(POLL_MS);
  if (tree.alive()) await tree.signal('SIGKILL');
}
