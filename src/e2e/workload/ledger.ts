import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** (pid, start) names a process; `start` is in the unit that the header names. Times are milliseconds since the epoch. */
export interface LedgerIdentity {
  readonly pid: number;
  readonly start: number;
}

export type LedgerLine =
  | {
      readonly type: 'header';
      readonly run: string;
      readonly workload: string;
      readonly seed: number;
      readonly digest: string;
      readonly at: number;
      readonly clock_ticks: number;
      readonly start_unit: string;
    }
  /** `id` for a planned process, `churn` (its number) for a short-lived one. */
  | ({
      readonly type: 'start';
      readonly at: number;
      readonly name: string;
      readonly id?: string;
      readonly churn?: number;
    } & LedgerIdentity & {
        readonly cpu_ms_per_s?: number;
        readonly rss?: number;
        readonly lifetime_ms?: number;
      })
  | ({
      readonly type: 'change';
      readonly id: string;
      readonly at: number;
      readonly cpu_ms_per_s: number;
      readonly rss: number;
    } & LedgerIdentity)
  /** Of each planned process: pid, start, CPU so far in microseconds, resident bytes. */
  | {
      readonly type: 'sample';
      readonly at: number;
      readonly processes: readonly (readonly [pid: number, start: number, cpuUs: number, rss: number])[];
    }
  | ({ readonly type: 'relief'; readonly at: number; readonly available_mb: number } & LedgerIdentity)
  /** `cpu_us` as the kernel accounted it; `status` as wait(2) gives it. */
  | ({ readonly type: 'end'; readonly at: number; readonly cpu_us: number; readonly status: number } & LedgerIdentity)
  | {
      readonly type: 'summary';
      readonly at: number;
      readonly started: number;
      readonly ended: number;
      readonly churned: number;
    };

/** The lines of a ledger in order. A torn last line, as `kill -9` leaves it, is left out. */
export async function* readLedger(path: string): AsyncGenerator<LedgerLine> {
  const input = createReadStream(path);
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  try {
    for await (const line of lines) {
      const parsed = parseLine(line);
      if (parsed !== undefined) yield parsed;
    }
  } finally {
    lines.close();
    input.destroy();
  }
}

function parseLine(line: string): LedgerLine | undefined {
  try {
    return JSON.parse(line) as LedgerLine;
  } catch {
    return undefined;
  }
}
