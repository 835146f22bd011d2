import { z } from 'zod';
import { define, RAMP_MS } from './define.ts';
import { sizedPopulation, sizeParams } from './population.ts';

/** Many distinct names and command lines: a population without equal names, and new names all the time. */
export const highCardinality = define({
  params: {
    ...sizeParams({ pids: 400, cpu_cores: 0.3, memory_mb: 512 }),
    names_per_second: z.number().min(1).max(500).default(40),
    lifetime_ms: z.int().min(1).max(60_000).default(2500),
  },
  figure: 'distinct_names',
  plan: ({ params, draw }) => ({
    processes: sizedPopulation(params, draw),
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
