import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError, errorMessage, HumanError } from '../../core/base/errors.ts';
import type { ResourceSample, ResourceSampler } from './types.ts';

export const PROFILE_VERSION = 1;
export const SLOWEST_HZ = 1;
export const FASTEST_HZ = 10;

export interface RecordRequest {
  readonly pid: number;
  /** JSON lines: a header, a line per sample as it is taken, an end. Replaces an older file. */
  readonly file: string;
  /** Samples a second, 1 to 10. */
  readonly hz: number;
  readonly durationMs?: number;
  /** Ends the recording; what was sampled stays. */
  readonly signal?: AbortSignal;
  readonly onSample?: (sample: ResourceSample) => void;
}

export interface RecordEnd {
  /** `gone`: no process of the tree was left. */
  readonly reason: 'gone' | 'stopped' | 'duration';
  readonly samples: number;
  /** Beats that were skipped because this process or the machine was late. */
  readonly missed: number;
}

/**
 * Samples until the tree is gone, the time is over or `signal` stops it. Each sample is on disk when the next is taken.
 * Throws HumanError `profile.no-process` where there is no such process, `profile.rate` for a rate outside 1 to 10, and
 * EnvironmentError `profile.cannot-write`.
 */
export async function recordProfile(sampler: ResourceSampler, request: RecordRequest): Promise<RecordEnd> {
  const { pid, hz, signal, durationMs = Number.POSITIVE_INFINITY } = request;
  if (!(hz >= SLOWEST_HZ && hz <= FASTEST_HZ)) {
    throw new HumanError('profile.rate', `A rate of ${hz} Hz is not possible.`, `Use ${SLOWEST_HZ} to ${FASTEST_HZ}.`);
  }
  const first = await sampler.sample();
  if (first === undefined) {
    throw new HumanError('profile.no-process', `There is no process ${pid}.`, 'Start it first, or give another pid.');
  }
  const lines = new LineFile(request.file);
  const interval = 1000 / hz;
  const start = performance.now();
  let samples = 0;
  let missed = 0;
  let reason: RecordEnd['reason'] | undefined;
  const take = (sample: ResourceSample) => {
    samples += 1;
    lines.write({ type: 'sample', ...sample });
    request.onSample?.(sample);
  };
  try {
    lines.write({
      type: 'profile',
      version: PROFILE_VERSION,
      pid,
      hz,
      startedAt: new Date().toISOString(),
      environment: sampler.environment,
    });
    take(first);
    for (let beat = 1; reason === undefined; beat += 1) {
      const due = start + beat * interval;
      if (due - start > durationMs) reason = 'duration';
      else if (!(await pause(due - performance.now(), signal))) reason = 'stopped';
      else {
        // A timer may fire a little early.
        const late = Math.max(0, Math.floor((performance.now() - due) / interval));
        missed += late;
        beat += late;
        const sample = await sampler.sample();
        if (sample === undefined) reason = 'gone';
        else take(sample);
      }
    }
    lines.write({ type: 'end', reason, samples, missed });
    return { reason, samples, missed };
  } finally {
    lines.close();
  }
}

/** False when `signal` stopped the wait. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  if (signal?.aborted) return false;
  try {
    await sleep(Math.max(0, ms), undefined, signal === undefined ? {} : { signal });
    return true;
  } catch {
    return false;
  }
}

class LineFile {
  readonly #file: string;
  readonly #fd: number;

  constructor(file: string) {
    this.#file = file;
    this.#fd = this.#guard(() => {
      mkdirSync(dirname(file), { recursive: true });
      return openSync(file, 'w');
    });
  }

  write(line: object): void {
    this.#guard(() => writeSync(this.#fd, `${JSON.stringify(line)}\n`));
  }

  close(): void {
    closeSync(this.#fd);
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw new EnvironmentError(
        'profile.cannot-write',
        `Cannot write ${this.#file}: ${errorMessage(error)}.`,
        'Give a folder that can be written and has room.',
        { cause: error },
      );
    }
  }
}
