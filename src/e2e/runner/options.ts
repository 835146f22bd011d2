import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { WorkerLauncher } from '../services/worker.ts';
import type { Timings } from './timings.ts';

export interface RunnerOptions {
  /** Absolute path of the workspace. */
  readonly root: string;
  /** How our own servers are started as processes. */
  readonly launcher: WorkerLauncher;
  /** Absolute folder with the Go source of the workload generator. */
  readonly workloadSource: string;
  /** For tests: shorter times. */
  readonly timings?: Partial<Timings>;
}

/** Where journals of runs lie: what a crashed run owes is found here. */
export function journalFolder(root: string): string {
  return join(root, '.infrabuilder', 'e2e');
}

export function toolFolder(root: string): string {
  return join(root, '.infrabuilder', 'tools');
}

/** `20261122-091500-1a2b`: sorts by time. */
export function newRunId(now: Date): string {
  const [date = '', time = ''] = now.toISOString().split('T');
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomBytes(2).toString('hex')}`;
}
