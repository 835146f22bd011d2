import { z } from 'zod';
import { define, ms, RAMP_MS } from './define.ts';
import type { PlannedProcess } from './plan.ts';
import { population, round } from './population.ts';

/** A calm population of which a few processes, others each time, burn `spike_cores` together every `period_seconds`. */
export const cpuSpikes = define({
  params: {
    pids: z.int().min(1).max(5000).default(200),
    cpu_cores: z.number().min(0).max(64).default(0.2),
    memory_mb: z.number().min(1).max(65_536).default(512),
    spike_cores: z.number().min(0.01).max(64).default(0.8),
    spike_processes: z.int().min(1).max(100).default(4),
    period_seconds: z.number().min(1).max(3600).default(10),
    spike_seconds: z.number().min(0.1).max(3600).default(3),
  },
  figure: 'cpu',
  plan: ({ params, draw, durationMs }) => {
    const calm = population({
      count: params.pids,
      cpu: ms(params.cpu_cores),
      memoryMb: params.memory_mb,
      draw,
      rampMs: RAMP_MS,
    });
    const changes = new Map<string, PlannedProcess['changes'][number][]>();
    const period = params.period_seconds * 1000;
    const length = Math.min(params.spike_seconds * 1000, period / 2);
    for (let at = RAMP_MS + period / 2; at < durationMs; at += period) {
      for (let i = 0; i < params.spike_processes; i++) {
        const process = calm[draw(calm.length)];
        if (process === undefined) continue;
        const own = changes.get(process.id) ?? [];
        if (own.at(-1)?.at === at + length) continue;
        own.push(
          { at, cpu: round(ms(params.spike_cores) / params.spike_processes), rss: -1 },
          { at: at + length, cpu: process.cpu, rss: -1 },
        );
        changes.set(process.id, own);
      }
    }
    return { processes: calm.map((process) => ({ ...process, changes: changes.get(process.id) ?? [] })), churn: null };
  },
});
