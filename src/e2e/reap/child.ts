import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError, errorMessage } from '../../core/base/errors.ts';
import { KEY_VARIABLE } from '../../core/model/modelKey.ts';
import { identify, type ProcessIdentity, RUN_VARIABLE } from './identity.ts';
import type { Journal } from './journal.ts';

const TAIL_LINES = 40;
const TAIL_LINE_CHARACTERS = 500;
const DEFAULT_LOG_BYTES = 64 * 1024 * 1024;
const DEFAULT_GRACE_MS = 5000;
const LAST_OUTPUT_MS = 250;
const LINE_CHARACTERS = 1 << 20;

export interface ChildRequest {
  /** What messages call it. */
  readonly name: string;
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly journal: Journal;
  /** All output goes here as it came, up to `logBytes`; a flood beyond is counted, not kept. */
  readonly log?: string;
  readonly logBytes?: number;
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A process of a run: leader of its own group, in the journal, with its last output kept for messages. */
export interface Child {
  readonly name: string;
  readonly argv: readonly string[];
  readonly identity: ProcessIdentity;
  readonly exited: Promise<ChildExit>;
  /** Undefined while it runs. */
  readonly exit: ChildExit | undefined;
  /** The last lines of both streams. */
  readonly tail: readonly string[];
  /** Bytes of output that did not fit into the log. */
  readonly dropped: number;
  /** Its stdin: a child of ours ends when it closes. */
  write(text: string): void;
  signal(name: NodeJS.Signals): void;
  /** Asks by SIGTERM (by closing stdin on Windows), waits, then kills the group. `killed` tells a hang at stop. */
  stop(graceMs?: number): Promise<ChildExit & { readonly killed: boolean }>;
  /** Kills the whole group at once. */
  kill(): Promise<ChildExit>;
}

/** Starts a process. Throws EnvironmentError `e2e.cannot-start` when the system refuses. */
export async function startChild(request: ChildRequest): Promise<Child> {
  const [program = '', ...args] = request.argv;
  const child = spawn(program, args, {
    cwd: request.cwd,
    env: { ...process.env, [KEY_VARIABLE]: undefined, ...request.env, [RUN_VARIABLE]: request.journal.run },
    stdio: 'pipe',
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const output = new Output(request);
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('exit', (code, signal) => {
      const exit = { code, signal, at: Date.now() };
      // The last lines may still be on their way, but a grandchild that holds the pipe must not hold us.
      const settle = () => {
        clearTimeout(patience);
        output.end();
        resolve(exit);
      };
      const patience = setTimeout(settle, LAST_OUTPUT_MS);
      child.once('close', settle);
    });
  });
  child.stdin.on('error', () => undefined);
  output.read(child);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) =>
      reject(
        new EnvironmentError(
          'e2e.cannot-start',
          `Cannot start ${request.name}: ${errorMessage(error)}. The command was: ${request.argv.join(' ')}`,
          `Check that ${program} exists and can be run.`,
          { cause: error },
        ),
      ),
    );
  });
  const pid = child.pid ?? 0;
  const identity = (await identify(pid)) ?? { pid, start: '' };
  const debt = request.journal.owe({ kind: 'process', name: request.name, ...identity });
  return new GroupLeader(request, child, identity, output, exited, debt);
}

class GroupLeader implements Child {
  readonly name: string;
  readonly argv: readonly string[];
  readonly identity: ProcessIdentity;
  readonly exited: Promise<ChildExit>;
  exit: ChildExit | undefined;
  readonly #child: ChildProcess;
  readonly #output: Output;
  readonly #journal: Journal;
  readonly #debt: number;

  constructor(
    request: ChildRequest,
    child: ChildProcess,
    identity: ProcessIdentity,
    output: Output,
    exited: Promise<ChildExit>,
    debt: number,
  ) {
    this.name = request.name;
    this.argv = request.argv;
    this.identity = identity;
    this.exited = exited.then((exit) => {
      this.exit = exit;
      return exit;
    });
    this.#child = child;
    this.#output = output;
    this.#journal = request.journal;
    this.#debt = debt;
  }

  get tail(): readonly string[] {
    return this.#output.tail;
  }

  get dropped(): number {
    return this.#output.dropped;
  }

  write(text: string): void {
    this.#child.stdin?.write(text);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async stop(graceMs = DEFAULT_GRACE_MS): Promise<ChildExit & { readonly killed: boolean }> {
    if (process.platform === 'win32') this.#child.stdin?.end();
    else this.#child.kill('SIGTERM');
    const exit = await Promise.race([this.exited, sleep(graceMs, undefined, { ref: false })]);
    return { ...(await this.kill()), killed: exit === undefined };
  }

  async kill(): Promise<ChildExit> {
    // The group may outlive its leader, so it is settled even when the leader has gone.
    await this.#journal.settle(this.#debt);
    return this.exited;
  }
}

class Output {
  readonly tail: string[] = [];
  dropped = 0;
  readonly #request: ChildRequest;
  readonly #log: WriteStream | undefined;
  #room: number;

  constructor(request: ChildRequest) {
    this.#request = request;
    this.#room = request.logBytes ?? DEFAULT_LOG_BYTES;
    this.#log = request.log === undefined ? undefined : createWriteStream(request.log, { flags: 'a' });
    this.#log?.on('error', (error) => this.tail.push(`(cannot write the log: ${errorMessage(error)})`));
  }

  read(child: ChildProcess): void {
    for (const name of ['stdout', 'stderr'] as const) {
      const stream = child[name];
      if (stream === null) continue;
      const decoder = new StringDecoder('utf8');
      let rest = '';
      stream.on('data', (chunk: Buffer) => {
        this.#keep(chunk);
        const lines = (rest + decoder.write(chunk)).split('\n');
        rest = (lines.pop() ?? '').slice(-LINE_CHARACTERS);
        for (const line of lines) this.#take(line, name);
      });
      stream.on('end', () => {
        if (rest !== '') this.#take(rest, name);
      });
    }
  }

  #take(line: string, name: 'stdout' | 'stderr'): void {
    this.tail.push(line.slice(0, TAIL_LINE_CHARACTERS));
    if (this.tail.length > TAIL_LINES) this.tail.shift();
    this.#request.onLine?.(line, name);
  }

  end(): void {
    this.#log?.end();
  }

  #keep(chunk: Buffer): void {
    const part = chunk.subarray(0, this.#room);
    this.#room -= part.length;
    this.dropped += chunk.length - part.length;
    if (part.length > 0) this.#log?.write(part);
  }
}
