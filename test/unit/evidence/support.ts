import { createEvidence, type Evidence } from '../../../src/core/evidence/store.ts';
import type { Issue } from '../../../src/core/model/issue.ts';
import type { Verdict } from '../../../src/core/model/verdict.ts';
import type { ChangedFile } from '../../../src/core/ports.ts';
import { type MemoryFiles, memoryFiles } from '../../support/memoryFiles.ts';

export interface Bench {
  readonly files: MemoryFiles;
  readonly evidence: Evidence;
  /** What git would say; a test may set it. */
  git: { changed: ChangedFile[]; committed: Set<string> };
  /** The time of the next evidence; grows by a second each time. */
  clock: { now: number };
  /** Appends a measurement of a step; returns the path. */
  measure(
    step: string,
    verdict?: Verdict,
    more?: { value?: number; source?: string; reason?: string },
  ): Promise<string>;
}

export const SOURCE = { name: 'source', digest: { sha256: 'a'.repeat(64) } };

/** An evidence store over memory. */
export function bench(files = memoryFiles(), secrets: readonly string[] = []): Bench {
  const git: Bench['git'] = { changed: [], committed: new Set() };
  const clock = { now: Date.parse('2026-11-22T08:00:00Z') };
  const evidence = createEvidence({
    files,
    clock: {
      now: () => {
        clock.now += 1000;
        return new Date(clock.now);
      },
    },
    tree: { changedSinceCommit: async () => git.changed, everCommitted: async () => git.committed },
    reports: 'reports',
    engineVersion: '1.2.3',
    redact: (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, '[redacted]'), text),
  });
  return {
    files,
    evidence,
    git,
    clock,
    async measure(step, verdict = 'pass', { value = 1, source, reason = 'It ran.' } = {}) {
      const entry = await evidence.append<'measurement'>({
        kind: 'measurement',
        label: step.replace(':', '-'),
        startedAt: new Date(clock.now),
        subject: [source === undefined ? SOURCE : { name: 'source', digest: { sha256: source.repeat(64) } }],
        raw: [{ name: 'output.log', path: 'log.txt', copy: true }],
        predicate: {
          result: verdict === 'pass' ? 'PASSED' : 'FAILED',
          configuration: [],
          step,
          verdict,
          reason,
          values: [{ name: 'cpu_usage', value, unit: 'percent' }],
          tests: null,
          issues: [],
          scenario: null,
          argv: ['go', 'test'],
          cwd: '.',
          exitCode: 0,
          command: 'infrabuilder check test',
          tools: {},
          machine: { cores: 2 },
          commits: {},
          durationMs: 5,
        },
      });
      return entry.path;
    },
  };
}

export async function textOf(files: MemoryFiles, path: string): Promise<string> {
  const text = await files.read(path);
  if (text === undefined) throw new Error(`no ${path}`);
  return text;
}

/** `code file`, for one line each. */
export function shown(issues: readonly Issue[]): string[] {
  return issues.map(
    ({ code, file, severity }) => `${severity} ${code} ${file.replace(/^.*\//, '').replace(/-[0-9a-f]{8}\.json$/, '')}`,
  );
}

export async function forgetMemory(files: MemoryFiles): Promise<void> {
  for (const { name } of await files.list('.infrabuilder/evidence'))
    await files.remove(`.infrabuilder/evidence/${name}`);
}
