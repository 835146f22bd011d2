import { setTimeout as sleep } from 'node:timers/promises';
import { CancelledError } from '../../core/base/errors.ts';
import type { FaultController, FaultRecord, FaultRequest } from './controller.ts';

export interface ScheduledFault extends FaultRequest {
  /** Milliseconds after the schedule begins. */
  readonly atMs: number;
}

/**
 * Injects faults at their times and resolves to their records when each is over: resolved by itself, or at `endMs`. On
 * abort, or when a request is wrong, all are resolved before it rejects.
 */
export async function runSchedule(
  controller: FaultController,
  faults: readonly ScheduledFault[],
  options: { readonly endMs: number; readonly signal?: AbortSignal },
): Promise<readonly FaultRecord[]> {
  const began = performance.now();
  const until = async (ms: number) => {
    const left = began + ms - performance.now();
    if (left > 0) await sleep(left, undefined, options.signal ? { signal: options.signal } : {});
  };
  try {
    for (const fault of [...faults].sort((a, b) => a.atMs - b.atMs)) {
      await until(fault.atMs);
      await controller.inject(fault);
    }
    await until(options.endMs);
  } catch (error) {
    await controller.resolveAll();
    throw options.signal?.aborted ? new CancelledError() : error;
  }
  return controller.resolveAll();
}
