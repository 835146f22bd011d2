import { z } from 'zod';
import { define, ms, RAMP_MS } from './define.ts';
import { population, rotateHitters } from './population.ts';

/** Thousands of short-lived processes a second over a background whose heavy hitters change. */
export const highPidChurn = define({
  params: {
    pids_per_second: z.number().min(1).max(5000).default(2000),
    lifetime_min_ms: z.int().min(1).max(60_000).default(20),
    lifetime_max_ms: z.int().min(1).max(60_000).default(40),
    pids: z.int().min(0).max(5000).default(200),
    cpu_cores: z.number().min(0).max(64).default(0.25),
    memory_mb: z.number().min(1).max(65_536).default(512),
    rotate_seconds: z.number().min(1).default(15),
  },
  figure: 'new_processes',
  plan: ({ params, draw, durationMs }) => ({
    processes: rotateHitters(
      population({ count: params.pids, cpu: ms(params.cpu_cores), memoryMb: params.memory_mb, draw, rampMs: RAMP_MS }),
      { top: 10, everyMs: params.rotate_seconds * 1000, untilMs: durationMs, draw },
    ),
    churn: {
      perSecond: params.pids_per_second,
      from: RAMP_MS,
      lifetimeMinMs: Math.min(params.lifetime_min_ms, params.lifetime_max_ms),
      lifetimeMaxMs: params.lifetime_max_ms,
      names: 100,
      prefix: 'job-',
      titles: false,
    },
  }),
});
