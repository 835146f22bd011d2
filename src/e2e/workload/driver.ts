import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { CancelledError, EnvironmentError, throwIfCancelled } from '../../core/base/errors.ts';
import { type Child, startChild } from '../reap/child.ts';
import type { Journal } from '../reap/journal.ts';
import { type LoadPoint, type LoadReport, loadBetween } from './load.ts';
import { boundMemory, type WorkloadPlan } from './plan.ts';

const MB = 1024 * 1024;
const SAMPLE_MS = 1000;
const READY_MS = 30_000;
const STOP_MS = 10_000;
/** A workload may take this part of what is free, and gives back when less than the floor is left. */
const MEMORY_SHARE = 0.6;
const FLOOR_MB = 256;
/** Room for a title in the process's own argument vector. */
const TITLE_ROOM = '.'.repeat(200);

const eventSchema = z.object({
  event: z.enum(['ready', 'progress', 'summary', 'error']),
  message: z.string().optional(),
  at: z.number().default(0),
  live: z.number(),
  planned: z.number(),
  started: z.number(),
  ended: z.number(),
  churned: z.number(),
  names: z.number(),
  loadCpuMs: z.number(),
  churnCpuMs: z.number(),
  generatorCpuMs: z.number(),
  rss: z.number(),
  lateMs: z.number(),
  relieved: z.number(),
  availableMb: z.number(),
});

export interface WorkloadOptions {
  readonly plan: WorkloadPlan;
  /** The program from `workloadTool`. */
  readonly tool: string;
  /** Absolute path of the ledger (JSON lines) that the generator writes. */
  readonly ledger: string;
  readonly journal: Journal;
  readonly signal?: AbortSignal;
}

export interface WorkloadEnd {
  readonly summary: LoadPoint | undefined;
  /** What went wrong, also at the end; undefined when it was stopped and the ledger is whole. */
  readonly error: Error | undefined;
}

/** A workload at work. */
export interface Workload {
  readonly pid: number;
  readonly ledger: string;
  /** As it was run: memory may be bounded. */
  readonly plan: WorkloadPlan;
  /** True when the machine has too little memory for what was asked; `load` compares with what was asked all the same. */
  readonly bounded: boolean;
  /** Milliseconds since the epoch at the plan's zero. */
  readonly began: number;
  readonly points: readonly LoadPoint[];
  load(from: number, to: number): LoadReport;
  /** Resolves when it stopped or broke; look at it before you trust a window. */
  readonly ended: Promise<WorkloadEnd>;
  /** Ends all processes and closes the ledger. */
  stop(): Promise<WorkloadEnd>;
}

/** SHA-256 of the plan: equal for equal type, parameters, seed and duration. */
export function planDigest(plan: WorkloadPlan): string {
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex');
}

/** Starts a workload and waits until its first picture stands. Throws EnvironmentError where the machine refuses. */
export async function startWorkload(options: WorkloadOptions): Promise<Workload> {
  throwIfCancelled(options.signal);
  const runner = await Runner.start(options);
  const abort = () => void runner.stop();
  options.signal?.addEventListener('abort', abort, { once: true });
  void runner.ended.then(() => options.signal?.removeEventListener('abort', abort));
  const outcome = await Promise.race([runner.ready, runner.ended, sleep(READY_MS, 'late' as const, { ref: false })]);
  if (outcome === 'ready') return runner;
  const { error } = await runner.stop();
  if (options.signal?.aborted) throw new CancelledError();
  throw (
    error ??
    new EnvironmentError(
      'workload.not-ready',
      `The workload ${options.plan.workload} did not stand after ${READY_MS / 1000} s: ${runner.points.at(-1)?.planned ?? 0} of ${options.plan.processes.length} processes ran.`,
      'Ask for fewer processes, or free the machine.',
    )
  );
}

class Runner implements Workload {
  readonly ledger: string;
  readonly plan: WorkloadPlan;
  readonly bounded: boolean;
  readonly points: LoadPoint[] = [];
  readonly ready: Promise<'ready'>;
  began = Date.now();
  readonly #asked: WorkloadPlan;
  #child: Child | undefined;
  #summary: LoadPoint | undefined;
  #message: string | undefined;
  #stopping: Promise<WorkloadEnd> | undefined;
  #markReady: () => void = () => undefined;
  ended: Promise<WorkloadEnd> = Promise.resolve({ summary: undefined, error: undefined });

  private constructor(options: WorkloadOptions) {
    this.ledger = options.ledger;
    this.#asked = options.plan;
    const bounded = boundMemory(options.plan, process.availableMemory() * MEMORY_SHARE);
    this.plan = bounded.plan;
    this.bounded = bounded.bounded;
    this.ready = new Promise((resolve) => {
      this.#markReady = () => resolve('ready');
    });
  }

  static async start(options: WorkloadOptions): Promise<Runner> {
    const runner = new Runner(options);
    const child = await startChild({
      name: `workload ${options.plan.workload}`,
      argv: [options.tool, 'run', TITLE_ROOM],
      journal: options.journal,
      onLine: (line) => runner.#take(line),
    });
    runner.#child = child;
    runner.ended = child.exited.then(async (exit) => {
      // The generator's own end must not leave its children to chance.
      await child.kill();
      const asked = runner.#stopping !== undefined && exit.code === 0;
      return { summary: runner.#summary, error: asked ? undefined : runner.#failure(child) };
    });
    runner.began = Date.now();
    const { plan } = runner;
    child.write(
      `${JSON.stringify({
        run: options.journal.run,
        workload: plan.workload,
        seed: plan.seed,
        digest: planDigest(options.plan),
        ledger: options.ledger,
        sampleMs: SAMPLE_MS,
        floorMb: FLOOR_MB,
        rampMs: plan.rampMs,
        processes: plan.processes,
        churn: plan.churn,
      })}\n`,
    );
    return runner;
  }

  get pid(): number {
    return this.#child?.identity.pid ?? 0;
  }

  load(from: number, to: number): LoadReport {
    return loadBetween(this.#asked, this.points, { began: this.began, from, to });
  }

  stop(): Promise<WorkloadEnd> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<WorkloadEnd> {
    this.#child?.write('stop\n');
    const late = await Promise.race([this.#child?.exited, sleep(STOP_MS, undefined, { ref: false })]);
    if (late === undefined) await this.#child?.kill();
    return this.ended;
  }

  #take(line: string): void {
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      return;
    }
    const parsed = eventSchema.safeParse(json);
    if (!parsed.success) return;
    const { event, message, ...point } = parsed.data;
    if (event === 'error') this.#message = message;
    else if (event === 'summary') this.#summary = point;
    else this.points.push(point);
    if (event === 'ready') this.#markReady();
  }

  #failure(child: Child): EnvironmentError {
    const exit = child.exit;
    const how = exit?.signal ? `was ended by ${exit.signal}` : `ended with code ${exit?.code ?? 'none'}`;
    const last = this.#message ?? child.tail.at(-1) ?? 'It said nothing.';
    return new EnvironmentError('workload.failed', `The workload ${this.plan.workload} ${how}: ${last}`, hintFor(last));
  }
}

function hintFor(message: string): string {
  if (/ledger/.test(message)) return 'Free disk space, or name another results folder.';
  if (/temporarily unavailable|cannot allocate/i.test(message)) {
    return 'The system refuses more processes: raise the limit (ulimit -u, pids.max of the cgroup) or ask for fewer.';
  }
  return `The machine has ${availableParallelism()} cores and ${Math.round(process.availableMemory() / MB)} MB free.`;
}
