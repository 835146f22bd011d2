import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OracleReport } from '../../src/core/ports.ts';
import { createReplayOracle } from '../../src/e2e/oracle/oracle.ts';
import { CORPUS, OUT, type Replay, writeReplay } from './replayFixture.ts';

/** Runs `use` in a folder that is gone afterwards. */
export async function inFolder<T>(use: (root: string) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'oracle-'));
  try {
    return await use(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Writes the replay, lets `spoil` change the files, and asks the oracle. */
export async function judged(replay: Replay, spoil?: (root: string) => Promise<void>): Promise<OracleReport> {
  return inFolder(async (root) => {
    await writeReplay(root, replay);
    await spoil?.(root);
    return createReplayOracle(root).judge({ corpus: CORPUS, out: OUT });
  });
}

export function figure(report: OracleReport, name: string): number {
  return report.values.find((value) => value.name === name)?.value ?? Number.NaN;
}

/** The verdicts of the three KPIs, in the order capture, quantiles, tail; `measured` where the oracle has no objection. */
export function verdicts(report: OracleReport): string[] {
  return ['topn_capture_ratio', 'p95p99_error', 'tail_error'].map((name) => report.verdicts?.[name] ?? 'measured');
}

/** `file:line code`, each once. */
export function found(report: OracleReport): string[] {
  return [...new Set(report.issues.map(({ file, range, code }) => `${file}:${range.start.line} ${code}`))];
}

export function codes(report: OracleReport): string[] {
  return [...new Set(report.issues.map(({ code }) => code))].sort();
}
