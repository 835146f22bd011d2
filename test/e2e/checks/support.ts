import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CheckOptions, type Checks, type ChecksPorts, createChecks } from '../../../src/core/checks/checks.ts';
import { type Check, type CheckResult, checkSchema } from '../../../src/core/model/check.ts';
import type { Issue } from '../../../src/core/model/issue.ts';
import type { Files } from '../../../src/core/ports.ts';
import { createFiles } from '../../../src/node/files.ts';
import { createProcesses } from '../../../src/node/processes.ts';

export interface Bench {
  readonly files: Files;
  readonly checks: Checks;
  run(check: Partial<Check>, options?: CheckOptions): Promise<CheckResult>;
  dispose(): Promise<void>;
}

/** A workspace in a temporary folder, with real files and real processes. */
export async function workbench(ports: Partial<ChecksPorts> = {}): Promise<Bench> {
  const root = await mkdtemp(join(tmpdir(), 'infrabuilder checks '));
  const files = createFiles(root);
  const processes = createProcesses(root);
  const clock = { now: () => new Date(), monotonic: () => performance.now() };
  const checks = createChecks({ processes, files, clock, env: process.env, ...ports });
  return {
    files,
    checks,
    run: (check, options) => checks.run('example', checkSchema.parse(check), options),
    async dispose() {
      processes.dispose();
      await rm(root, { recursive: true });
    },
  };
}

/** A program that runs JavaScript. */
export function node(source: string): string[] {
  return [process.execPath, '-e', source];
}

export function shown(issues: readonly Issue[]): string[] {
  return issues.map(({ file, range: { start, end }, severity, code, message }) => {
    return `${file}:${start.line}:${start.column}-${end.column}: ${severity} ${code}: ${message}`;
  });
}
