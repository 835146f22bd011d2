import { z } from 'zod';
import { define, ms, RAMP_MS } from './define.ts';
import type { PlannedChange } from './plan.ts';
import { toPages } from './plan.ts';
import { population } from './population.ts';

const MB = 1024 * 1024;

/** A small population and a few hogs that grow step by step to `memory_mb`, then hold it. The driver bounds the sum. */
export const memoryPressure = define({
  params: {
    memory_mb: z.number().min(16).max(262_144).default(1024),
    hogs: z.int().min(1).max(64).default(4),
    steps: z.int().min(1).max(100).default(8),
    grow_seconds: z.number().min(0).max(3600).default(8),
    pids: z.int().min(1).max(5000).default(100),
    cpu_cores: z.number().min(0).max(64).default(0.2),
  },
  figure: 'memory',
  plan: ({ params, draw }) => {
    const others = population({ count: params.pids, cpu: ms(params.cpu_cores), memoryMb: 64, draw, rampMs: RAMP_MS });
    const each = (params.memory_mb * MB) / params.hogs;
    const hogs = Array.from({ length: params.hogs }, (_, hog) => ({
      id: `hog${hog}`,
      name: `hog-${hog}`,
      args: `--mb=${Math.round(each / MB)}`,
      at: 0,
      cpu: 0,
      rss: toPages(each / params.steps),
      changes: Array.from({ length: params.steps - 1 }, (_, step): PlannedChange => {
        // The hogs take turns, so that the machine never has to find one step of all of them at once.
        const part = (step + 1 + hog / params.hogs) / params.steps;
        return {
          at: RAMP_MS + Math.round(part * params.grow_seconds * 1000),
          cpu: -1,
          rss: toPages((each * (step + 2)) / params.steps),
        };
      }),
    }));
    return { processes: [...others, ...hogs].sort((a, b) => a.at - b.at), churn: null };
  },
});
