import { z } from 'zod';
import { type ConformanceReport, reportJson } from '../conformance/index.ts';
import type { Engine } from '../engine.ts';
import { verdictSchema } from '../model/verdict.ts';
import { defineOperation } from './operation.ts';
import { issueShape, schemaVersion } from './shapes.ts';

const violation = z.object({
  rule: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  file: z.string(),
  line: z.number(),
  column: z.number(),
  end: z.object({ line: z.number(), column: z.number() }),
  message: z.string(),
  target: z.string(),
  digest: z.string(),
});

const accepted = violation.extend({
  accepted: z.union([
    z.object({ by: z.literal('baseline') }),
    z.object({ by: z.literal('deviation'), id: z.string() }),
  ]),
});

export const conformance = defineOperation({
  name: 'conformance',
  title: 'Check the architecture',
  description: 'Scans the source by the rules of conformance.yaml: verdict of each rule, violations at file and line.',
  readOnly: true,
  input: z.object({}),
  output: z.object({
    schemaVersion,
    verdict: verdictSchema,
    reason: z.string(),
    files: z.number(),
    rules: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        severity: z.string(),
        verdict: z.enum(['pass', 'fail', 'not-evaluated']),
        looked: z.number(),
        open: z.number(),
        accepted: z.number(),
        why: z.string().exactOptional(),
      }),
    ),
    violations: z.array(violation),
    accepted: z.array(accepted),
    issues: z.array(issueShape).readonly(),
    milliseconds: z.number(),
  }),
  async run(engine, _input, { signal }) {
    const report = await scanConformance(engine, { signal });
    return { ...reportJson(report), schemaVersion: 1 as const };
  },
});

export interface ConformanceScanOptions {
  readonly signal?: AbortSignal | undefined;
  /** Read nothing from the cache. */
  readonly fresh?: boolean | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export async function scanConformance(engine: Engine, options: ConformanceScanOptions): Promise<ConformanceReport> {
  const { signal, fresh, onProgress } = options;
  engine.project.update();
  const scanner = await engine.openConformance();
  try {
    return await scanner.scan({
      ...(signal && { signal }),
      ...(fresh && { fresh }),
      ...(onProgress && { onProgress }),
    });
  } finally {
    scanner.dispose();
  }
}
