import { z } from 'zod';
import { define, ms, RAMP_MS } from './define.ts';
import { population } from './population.ts';

/** Live processes of mixed CPU and memory with known shares. */
export const standard = define({
  params: {
    pids: z.int().min(1).max(20_000).default(500),
    /** Cores that all of them use together. */
    cpu_cores: z.number().min(0).max(64).default(0.5),
    memory_mb: z.number().min(1).max(65_536).default(1024),
  },
  figure: 'live_processes',
  plan: ({ params, draw }) => ({
    processes: population({
      count: params.pids,
      cpu: ms(params.cpu_cores),
      memoryMb: params.memory_mb,
      draw,
      rampMs: RAMP_MS,
    }),
    churn: null,
  }),
});
