import type { FaultRecord } from '../chaos/controller.ts';
import type { Delivered } from '../oracle/liveExports.ts';

export interface Recovery {
  readonly fault: string;
  /** From the moment the fault was gone until data flowed again; undefined where it did not until the end. */
  readonly seconds: number | undefined;
}

/**
 * How long after each fault data of the agent flowed again: a tick that was taken after the fault and came to the receiver,
 * or for the sketch sink the next request that it accepted. Faults that were not in place have no recovery.
 */
export function recoveriesOf(faults: readonly FaultRecord[], delivered: Delivered, sketched: Delivered): Recovery[] {
  return faults.flatMap((fault): Recovery[] => {
    const { resolvedAt, target, state } = fault;
    if (resolvedAt === undefined || state === 'not-run' || state === 'unproven') return [];
    const at =
      target === 'sketch-merger'
        ? sketched.accepted.find((time) => time >= resolvedAt)
        : delivered.ticks.find((tick) => tick.at >= resolvedAt && tick.receivedAt >= resolvedAt)?.receivedAt;
    return [{ fault: fault.id, seconds: at === undefined ? undefined : (at - resolvedAt) / 1000 }];
  });
}
