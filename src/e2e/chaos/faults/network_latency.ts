import { z } from 'zod';
import { defineFault, need } from '../fault.ts';
import { medianLook } from '../probe.ts';
import { toxify } from './toxify.ts';

/** The proof asks for this part of the delay: a timer may be early by a millisecond, a median may sit on the low side. */
const PROOF_PART = 0.8;
const PROVABLE_JITTER = 0.75;

/** Delays what comes back from the target (or goes to it), each piece by `latency_ms` ± `jitter_ms`. */
export const networkLatency = defineFault({
  params: z
    .object({
      latency_ms: z.number().min(1).max(60_000).default(200),
      jitter_ms: z.number().min(0).max(60_000).default(0),
      stream: z.enum(['upstream', 'downstream']).default('downstream'),
    })
    .refine((one) => one.jitter_ms <= one.latency_ms * PROVABLE_JITTER, {
      message: `jitter_ms must be at most ${PROVABLE_JITTER} of latency_ms, or nobody could tell the fault from no fault`,
    }),
  async inject({ id, target, params, journal }) {
    const proxy = need(target.proxy, target, 'proxy');
    const probe = need(target.probe, target, 'probe');
    const { latency_ms: latency, jitter_ms: jitter, stream } = params;
    const before = await medianLook(probe);
    const toxic = await toxify(journal, proxy, { name: id, type: 'latency', stream, attributes: { latency, jitter } });
    // A look that gives up proves a delay of as long as it waited.
    const least = Math.min(before.ms + PROOF_PART * (latency - jitter), PROOF_PART * probe.timeoutMs);
    return {
      method: 'proxy toxic latency',
      async prove() {
        const during = await medianLook(probe);
        return {
          holds: during.ms >= least,
          expected: `${probe.name} takes at least ${Math.round(least)} ms (before: ${Math.round(before.ms)} ms)`,
          observed: `${Math.round(during.ms)} ms, ${during.detail}`,
        };
      },
      resolve: toxic.remove,
      async recovered() {
        const after = await probe.look();
        return {
          holds: after.ok && after.ms < least,
          expected: `${probe.name} takes less than ${Math.round(least)} ms`,
          observed: `${Math.round(after.ms)} ms, ${after.detail}`,
        };
      },
    };
  },
});
