import { z } from 'zod';
import { ms, RAMP_MS } from './define.ts';
import { type PlannedChange, type PlannedProcess, toPages } from './plan.ts';
import { type Draw, shuffled } from './random.ts';

const MB = 1024 * 1024;
/** So steep that a quarter of 500 processes carries 95 % of the score, and the 20 largest by CPU do not. */
const CPU_EXPONENT = 1.7;
const MEMORY_EXPONENT = 2;
const ROLES = ['api', 'db', 'cache', 'queue', 'worker', 'cron', 'proxy', 'log', 'auth', 'index', 'mail', 'batch'];

export interface PopulationRequest {
  readonly count: number;
  /** CPU milliseconds per second of all together. */
  readonly cpu: number;
  /** Megabytes of all together. */
  readonly memoryMb: number;
  readonly draw: Draw;
  /** The starts are spread over this time. */
  readonly rampMs: number;
  readonly prefix?: string;
}

/**
 * Long-lived processes with shares as on a real host: by Zipf's law a few carry most, and who is large in memory is not
 * who is large in CPU.
 */
export function population(request: PopulationRequest): PlannedProcess[] {
  const { count, draw } = request;
  const cpuRank = shuffled(count, draw);
  const memoryRank = shuffled(count, draw);
  const cpuShares = zipf(count, CPU_EXPONENT);
  const memoryShares = zipf(count, MEMORY_EXPONENT);
  return Array.from({ length: count }, (_, i) => {
    const role = ROLES[draw(ROLES.length)] ?? 'app';
    return {
      id: `p${i}`,
      name: `${request.prefix ?? ''}${role}-${i}`.slice(0, 15),
      args: `--role=${role} --instance=${i}`,
      at: Math.floor((i * request.rampMs) / count),
      cpu: round(request.cpu * (cpuShares[cpuRank[i] ?? 0] ?? 0)),
      rss: toPages(request.memoryMb * MB * (memoryShares[memoryRank[i] ?? 0] ?? 0)),
      changes: [],
    };
  });
}

/** A population that a scenario sizes by these parameters. */
export interface PopulationSize {
  readonly pids: number;
  /** Cores that all of them use together. */
  readonly cpu_cores: number;
  readonly memory_mb: number;
}

export function sizeParams({ pids, cpu_cores, memory_mb }: PopulationSize) {
  return {
    pids: z.int().min(1).max(20_000).default(pids),
    cpu_cores: z.number().min(0).max(64).default(cpu_cores),
    memory_mb: z.number().min(1).max(65_536).default(memory_mb),
  };
}

export function sizedPopulation({ pids, cpu_cores, memory_mb }: PopulationSize, draw: Draw): PlannedProcess[] {
  return population({ count: pids, cpu: ms(cpu_cores), memoryMb: memory_mb, draw, rampMs: RAMP_MS });
}

/** Shares that add up to 1, the largest first. */
function zipf(count: number, exponent: number): number[] {
  const weights = Array.from({ length: count }, (_, i) => (i + 1) ** -exponent);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Every `everyMs` the largest shares of CPU go to other processes, so that yesterday's heavy hitters are not today's. */
export function rotateHitters(
  processes: readonly PlannedProcess[],
  options: { readonly top: number; readonly everyMs: number; readonly untilMs: number; readonly draw: Draw },
): PlannedProcess[] {
  const cpu = processes.map((process) => process.cpu);
  const changes = processes.map((): PlannedChange[] => []);
  for (let at = options.everyMs; at <= options.untilMs; at += options.everyMs) {
    const before = [...cpu];
    const largest = [...cpu.keys()].sort((a, b) => (cpu[b] ?? 0) - (cpu[a] ?? 0)).slice(0, options.top);
    for (const one of largest) {
      const other = options.draw(cpu.length);
      [cpu[one], cpu[other]] = [cpu[other] ?? 0, cpu[one] ?? 0];
    }
    for (const [i, share] of cpu.entries()) if (share !== before[i]) changes[i]?.push({ at, cpu: share, rss: -1 });
  }
  return processes.map((process, i) => ({ ...process, changes: changes[i] ?? [] }));
}

export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
