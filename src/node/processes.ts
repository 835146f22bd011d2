import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Disposable } from '../core/base/disposable.ts';
import type { Processes, ProcessRequest, ProcessResult, SpawnFailure } from '../core/ports.ts';
import type { ProcessGuard } from './processGuard.ts';
import { LineSplitter, OUTPUT_LIMIT, OutputTail } from './processOutput.ts';
import { createReaper, type Reaper } from './processReaper.ts';
import { ProcessTree, RUN_MARKER } from './processTree.ts';

/** Between the polite request to end and the one that cannot be refused. */
const KILL_GRACE_MS = 2_000;
/** How long descendants may outlive the program, for instance to flush a pipe, before they are ended. */
const EXIT_GRACE_MS = 500;
/** The kernel needs a moment to clear away what was killed; nothing is waited for longer than this. */
const REAP_MS = 1_000;
const LONGEST_POLL_MS = 50;
/** What answers sooner, as git does, is not worth telling the guard. */
const GUARD_AFTER_MS = 500;

type Outcome = 'timed-out' | 'cancelled';

/**
 * The Processes port with execa. `root` is the absolute workspace root. Each program leads a process group of its own;
 * when `run` settles, and also when this process ends, the whole group has ended; with a `guard` also when this process is
 * killed. Dispose it to remove the exit handlers.
 */
export function createProcesses(root: string, guard?: ProcessGuard): Processes & Disposable {
  const reaper = createReaper();
  return {
    run: (request) => run(root, reaper, guard, request),
    dispose: () => reaper.dispose(),
  };
}

async function run(
  root: string,
  reaper: Reaper,
  guard: ProcessGuard | undefined,
  request: ProcessRequest,
): Promise<ProcessResult> {
  // Most commands of ours run no program: what runs them loads with the first.
  const { execa } = await import('execa');
  const startedAt = new Date();
  const started = performance.now();
  const output = { stdout: new OutputTail(OUTPUT_LIMIT), stderr: new OutputTail(OUTPUT_LIMIT) };
  const result = (part: Pick<ProcessResult, 'outcome'> & Partial<ProcessResult>): ProcessResult => ({
    exitCode: undefined,
    signalName: undefined,
    stdout: output.stdout.text(),
    stderr: output.stderr.text(),
    truncated: output.stdout.truncated || output.stderr.truncated,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - started),
    ...part,
  });

  if (request.signal?.aborted) return result({ outcome: 'cancelled' });
  const [program = '', ...args] = request.argv;
  const cwd = resolve(root, request.cwd);
  const noFolder = explainFolder(cwd, request.cwd);
  if (noFolder !== undefined) return result({ outcome: 'spawn-failed', failure: noFolder });

  if (request.argv.some((argument) => argument.includes('\0'))) {
    const message = `An argument of ${program} holds a NUL character, which no program can receive.`;
    return result({ outcome: 'spawn-failed', failure: { missing: false, message, kind: 'other' } });
  }

  const runId = randomUUID();
  const child = execa(program, args, {
    cwd,
    env: { ...request.env, [RUN_MARKER]: runId },
    stdin: 'ignore',
    buffer: false,
    reject: false,
    shell: false,
    preferLocal: false,
    cleanup: false,
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  if (child.pid === undefined) {
    return result({ outcome: 'spawn-failed', failure: explainSpawn(program, cwd, await child) });
  }

  const tree = new ProcessTree(child.pid, runId);
  const release = watch(guard, child.pid, runId, request.onLine === undefined ? GUARD_AFTER_MS : 0);
  const teardown = new Teardown(tree);
  const stop = (outcome: Outcome): void => teardown.start(outcome);
  const forget = reaper.add({ end: () => stop('cancelled'), kill: () => tree.signalNow('SIGKILL') });
  const timer = request.timeoutMs === undefined ? undefined : setTimeout(() => stop('timed-out'), request.timeoutMs);
  const cancel = (): void => stop('cancelled');
  request.signal?.addEventListener('abort', cancel, { once: true });

  let listenerError: { error: unknown } | undefined;
  const closed = (['stdout', 'stderr'] as const).map((name) => {
    const stream = child[name];
    const lines = new LineSplitter((line) => {
      if (listenerError !== undefined) return;
      try {
        request.onLine?.(line, name);
      } catch (error) {
        listenerError = { error };
        stop('cancelled');
      }
    });
    stream.on('data', (chunk: Buffer) => {
      output[name].add(chunk);
      lines.add(chunk);
    });
    stream.on('error', () => stream.destroy());
    return once(stream, 'close').then(() => lines.end());
  });

  const [exitCode, signalName] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  const { outcome } = teardown;
  clearTimeout(timer);
  let open = true;
  const allClosed = Promise.all(closed).then(() => {
    open = false;
  });
  await until(() => !open && !tree.alive(), outcome === undefined ? EXIT_GRACE_MS : 0);
  if (open || tree.alive()) await teardown.finish();
  if (open) await Promise.race([allClosed, sleep(EXIT_GRACE_MS, undefined, { ref: false })]);
  child.stdout.destroy();
  child.stderr.destroy();
  await allClosed;
  await child;
  request.signal?.removeEventListener('abort', cancel);
  forget();
  release();
  if (listenerError !== undefined) throw listenerError.error;
  if (outcome !== undefined) return result({ outcome, signalName: signalName ?? undefined });
  return signalName === null
    ? result({ outcome: 'exited', exitCode: exitCode ?? undefined })
    : result({ outcome: 'signalled', signalName });
}

/** Ends a process tree: politely, then for good. Starting it twice does it once. */
class Teardown {
  outcome: Outcome | undefined;
  #tree: ProcessTree;
  #done: Promise<void> | undefined;

  constructor(tree: ProcessTree) {
    this.#tree = tree;
  }

  start(outcome: Outcome): void {
    this.outcome ??= outcome;
    void this.finish();
  }

  finish(): Promise<void> {
    this.#done ??= this.#end();
    return this.#done;
  }

  async #end(): Promise<void> {
    await this.#tree.signal('SIGTERM');
    await until(() => !this.#tree.alive(), KILL_GRACE_MS);
    if (!this.#tree.alive()) return;
    await this.#tree.signal('SIGKILL');
    await until(() => !this.#tree.alive(), REAP_MS);
  }
}

/** A program whose output somebody follows is a long one: it is watched from the start. */
function watch(guard: ProcessGuard | undefined, pid: number, run: string, afterMs: number): () => void {
  if (guard === undefined) return () => {};
  if (afterMs === 0) return guard.watch(pid, run);
  let release = (): void => {};
  const timer = setTimeout(() => {
    release = guard.watch(pid, run);
  }, afterMs).unref();
  return () => {
    clearTimeout(timer);
    release();
  };
}

async function until(done: () => boolean, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  let pause = 1;
  while (!done() && performance.now() < end) {
    await sleep(pause);
    pause = Math.min(pause * 2, LONGEST_POLL_MS);
  }
}

function explainFolder(cwd: string, shown: string): SpawnFailure | undefined {
  const stat = statSync(cwd, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return undefined;
  const message = stat === undefined ? `The folder ${shown} does not exist.` : `${shown} is not a folder.`;
  return { missing: false, message, kind: 'no-folder' };
}

interface SpawnError {
  readonly code?: string | undefined;
  readonly originalMessage?: string | undefined;
}

function explainSpawn(program: string, cwd: string, error: SpawnError): SpawnFailure {
  const isPath = /[\\/]/.test(program);
  const exists = isPath && statSync(resolve(cwd, program), { throwIfNoEntry: false }) !== undefined;
  if (error.code === 'ENOENT' && exists) {
    const message = `${program} exists, but the interpreter in its first line (#!) does not.`;
    return { missing: true, message, kind: 'no-program' };
  }
  if (error.code === 'ENOENT') {
    const where = isPath ? 'There is no such file.' : 'It is not on the PATH.';
    return { missing: true, message: `The program ${program} was not found. ${where}`, kind: 'no-program' };
  }
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    const message = `${program} cannot be executed: permission denied. Make it executable (chmod +x).`;
    return { missing: false, message, kind: 'no-permission' };
  }
  const reason = error.originalMessage ?? error.code ?? 'unknown reason';
  return { missing: false, message: `${program} could not be started: ${reason}`, kind: 'other' };
}
