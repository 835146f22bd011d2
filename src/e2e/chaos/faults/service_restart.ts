import { z } from 'zod';
import { answers, defineFault, need } from '../fault.ts';

/** Ends the target's process by a signal and starts it again on its port after `downtime_ms`. */
export const serviceRestart = defineFault({
  params: z.object({
    signal: z.enum(['SIGTERM', 'SIGKILL']).default('SIGKILL'),
    downtime_ms: z.number().min(0).max(600_000).default(1000),
  }),
  async inject({ target, params }) {
    const service = need(target.service, target, 'process of ours');
    const before = service.pid;
    const exit = await service.end(params.signal);
    return {
      method: params.signal,
      defaultMs: params.downtime_ms,
      async prove() {
        const look = await target.probe?.look();
        return {
          holds: !service.running && look?.ok !== true,
          expected: `process ${before} is gone and nobody answers in its place`,
          observed: `it ended with ${exit.signal ?? `code ${exit.code}`}${look === undefined ? '' : `; ${look.detail}`}`,
        };
      },
      async resolve() {
        if (!service.running) await service.start();
      },
      async recovered() {
        if (!service.running || service.pid === before) {
          return { holds: false, expected: `${service.name} runs as a new process`, observed: 'it does not run' };
        }
        return target.probe === undefined
          ? { holds: true, expected: `${service.name} runs as a new process`, observed: `process ${service.pid}` }
          : answers(target.probe);
      },
    };
  },
});
