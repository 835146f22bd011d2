import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError, HumanError, throwIfCancelled } from '../../core/base/errors.ts';
import { type Child, type ChildExit, startChild } from '../reap/child.ts';
import type { Journal } from '../reap/journal.ts';
import type { WorkerHello, WorkerLauncher, WorkerName } from './worker.ts';

const READY_MS = 15_000;
const STOP_MS = 5_000;

export interface ServiceRequest {
  readonly name: string;
  /** The command for a start; `port` is 0 at the first, and the known one at each restart. */
  readonly command: (port: number) => readonly string[];
  /** Reads the port from a line of output; undefined while the service is not ready. It may throw a HumanError. */
  readonly ready: (line: string) => number | undefined;
  readonly journal: Journal;
  readonly cwd?: string;
  readonly log?: string;
  readonly readyMs?: number;
}

/** A server in a process of its own, which can be killed and started again on the same port. */
export interface Service {
  readonly name: string;
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly running: boolean;
  /** How often it was started. */
  readonly starts: number;
  readonly tail: readonly string[];
  /** Ends it: SIGKILL at once, or SIGTERM with a grace. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<ChildExit>;
  /** Starts it again on its port, with extra environment when given. It must not be running. */
  start(env?: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a service and waits until it is ready. */
export async function startService(request: ServiceRequest, signal?: AbortSignal): Promise<Service> {
  throwIfCancelled(signal);
  const service = new ProcessService(request);
  await service.start();
  return service;
}

class ProcessService implements Service {
  readonly name: string;
  port = 0;
  starts = 0;
  readonly #request: ServiceRequest;
  #child: Child | undefined;

  constructor(request: ServiceRequest) {
    this.name = request.name;
    this.#request = request;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.#child?.identity.pid ?? 0;
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exit === undefined;
  }

  get tail(): readonly string[] {
    return this.#child?.tail ?? [];
  }

  async start(env?: Readonly<Record<string, string>>): Promise<void> {
    if (this.running)
      throw new HumanError('service.running', `The service ${this.name} runs already (process ${this.pid}).`);
    const request = this.#request;
    const listening = new Promise<number>((resolve, reject) => {
      void this.#launch(env, (line) => {
        try {
          const port = request.ready(line);
          if (port !== undefined) resolve(port);
        } catch (error) {
          reject(error);
        }
      }).then(
        (child) =>
          child.exited.then((exit) =>
            reject(
              new EnvironmentError(
                'service.ended',
                `The service ${this.name} ended with ${exit.signal ?? `code ${exit.code}`} before it was ready. Its last output:\n${child.tail.join('\n')}`,
                `The command was: ${child.argv.join(' ')}`,
              ),
            ),
          ),
        reject,
      );
    });
    const limit = request.readyMs ?? READY_MS;
    try {
      const port = await Promise.race([listening, sleep(limit, undefined, { ref: false })]);
      if (port === undefined) {
        throw new EnvironmentError(
          'service.not-ready',
          `The service ${this.name} was not ready after ${limit / 1000} s.`,
          `Its last output:\n${this.tail.join('\n')}`,
        );
      }
      this.port = port;
    } catch (error) {
      await this.#child?.kill();
      throw error;
    }
    this.starts++;
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<ChildExit> {
    if (this.#child === undefined)
      throw new HumanError('service.not-started', `The service ${this.name} was never started.`);
    return signal === 'SIGKILL' ? this.#child.kill() : this.#child.stop(STOP_MS);
  }

  async stop(): Promise<void> {
    if (this.#child !== undefined) await this.#child.stop(STOP_MS);
  }

  async #launch(env: Readonly<Record<string, string>> | undefined, onLine: (line: string) => void): Promise<Child> {
    const { name, command, journal, cwd, log } = this.#request;
    this.#child = await startChild({
      name,
      argv: command(this.port),
      journal,
      onLine: (line, stream) => stream === 'stdout' && onLine(line),
      ...(env === undefined ? {} : { env }),
      ...(cwd === undefined ? {} : { cwd }),
      ...(log === undefined ? {} : { log }),
    });
    return this.#child;
  }
}

/** Starts one of our own workers as a service. */
export function startWorker(
  options: {
    readonly name: string;
    readonly worker: WorkerName;
    readonly args?: readonly string[];
    readonly port?: number;
    readonly launcher: WorkerLauncher;
    readonly journal: Journal;
    readonly log?: string;
  },
  signal?: AbortSignal,
): Promise<Service> {
  const { name, worker, args = [], launcher, journal, log } = options;
  return startService(
    {
      name,
      journal,
      command: (port) => launcher.command(worker, ['--port', String(port === 0 ? (options.port ?? 0) : port), ...args]),
      ready: readHello,
      ...(log === undefined ? {} : { log }),
    },
    signal,
  );
}

function readHello(line: string): number | undefined {
  let hello: WorkerHello;
  try {
    hello = JSON.parse(line) as WorkerHello;
  } catch {
    return undefined;
  }
  if (hello.ready === false) throw new EnvironmentError(hello.code, hello.message, hello.hint);
  return hello.ready === true ? hello.port : undefined;
}
