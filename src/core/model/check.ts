import { z } from 'zod';
import type { Issue } from './issue.ts';
import { workspacePathSchema } from './path.ts';
import type { Verdict } from './verdict.ts';

export const PARSERS = ['generic', 'gotest', 'gobench', 'golangci', 'gofmt', 'buf', 'replay'] as const;
export const parserSchema = z.enum(PARSERS);
export type ParserName = z.infer<typeof parserSchema>;

/** Ten minutes: longer than any sample check, short enough that a hung tool is noticed. */
export const DEFAULT_TIMEOUT_SECONDS = 600;

export const checkSchema = z.strictObject({
  run: z.array(z.string().min(1)).min(1).describe('Program and arguments; no shell reads them.'),
  cwd: workspacePathSchema.default('.').describe('Working directory, relative to the workspace root.'),
  parser: parserSchema.default('generic').describe('How the output is read.'),
  coverage: z
    .strictObject({ min: z.number().min(0).max(100) })
    .optional()
    .describe('Least statement coverage in percent.'),
  timeout_seconds: z.number().positive().default(DEFAULT_TIMEOUT_SECONDS),
  optional: z.boolean().default(false).describe('A missing tool makes the check not-run, not an environment error.'),
  inputs: z
    .array(workspacePathSchema)
    .min(1)
    .optional()
    .describe('Folders and files, relative to the workspace root, that the result depends on. Default: by cwd.'),
  baseline: workspacePathSchema
    .optional()
    .describe('File with kept benchmark output to compare with (parser gobench).'),
  replay: z
    .strictObject({ corpus: workspacePathSchema, out: workspacePathSchema })
    .optional()
    .describe('Where the replay leaves corpus and raw output, for the oracle (parser replay).'),
});
export type Check = z.infer<typeof checkSchema>;

/** One measured figure. `n` is the number of samples behind it; `min`/`max` its threshold, where there is one. */
export interface MeasuredValue {
  readonly name: string;
  readonly value: number;
  readonly unit?: string;
  readonly n?: number;
  readonly min?: number;
  readonly max?: number;
  readonly verdict?: Verdict;
}

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What one run of a check found. `exitCode` is undefined when the program never started or was ended by a signal. */
export interface CheckResult {
  readonly check: string;
  readonly verdict: Verdict;
  /** One sentence that says why the verdict is what it is. */
  readonly reason: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly exitCode: number | undefined;
  readonly tests: TestCounts | undefined;
  /** Statement coverage in percent. */
  readonly coverage: number | undefined;
  readonly values: readonly MeasuredValue[];
  readonly issues: readonly Issue[];
  /** How the values are defined, one sentence each. */
  readonly notes: readonly string[];
  /** Raw output, relative to the workspace root. */
  readonly log: string | undefined;
  readonly startedAt: string;
  readonly durationMs: number;
}
