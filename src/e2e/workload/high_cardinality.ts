import { z } from 'zod';
import { define, ms, RAMP_MS } from './define.ts';
import { population } from './population.ts';

/** Many distinct names and command lines: a population without equal names, and new names all the time. */
export const highCardinality = define({
  params: {
    pids: z.int().min(1).max(20_000).default(400),
    names_per_second: z.number().min(1).max(500).default(40),
    lifetime_ms: z.int().min(1).max(60_000).default(2500),
    cpu_cores: z.number().min(0).max(64).default(0.3),
    memory_mb: z.number().min(1).max(65_536).default(512),
  },
  figure: 'distinct_names',
  plan: ({ params, draw }) => ({
    processes: population({
      count: params.pids,
      cpu: ms(params.cpu_cores),
      memoryMb: params.memory_mb,
      draw,
      rampMs: RAMP_MS,
    }),
    churn: {
      perSecond: params.names_per_second,
      from: RAMP_MS,
      lifetimeMinMs: params.lifetime_ms,
      lifetimeMaxMs: params.lifetime_ms * 2,
      names: 0xffff_ffff,
      prefix: 'dim-',
      titles: true,
    },
  }),
});
