import { define } from './define.ts';
import { sizedPopulation, sizeParams } from './population.ts';

/** Live processes of mixed CPU and memory with known shares. */
export const standard = define({
  params: sizeParams({ pids: 500, cpu_cores: 0.5, memory_mb: 1024 }),
  figure: 'live_processes',
  plan: ({ params, draw }) => ({ processes: sizedPopulation(params, draw), churn: null }),
});
