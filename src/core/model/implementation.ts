import { z } from 'zod';
import { verdictSchema } from './verdict.ts';

/** States of the loop. Only the verifier enters `done`. */
export const LOOP_STATES = [
  'intake',
  'plan',
  'architecture',
  'baseline',
  'edit',
  'check',
  'verify',
  'done',
  'not-done',
  'needs-person',
] as const;
export const loopStateSchema = z.enum(LOOP_STATES);
export type LoopState = z.infer<typeof loopStateSchema>;

/** Where a run ends of itself. Each is a clear stop with its own message. */
export const budgetSchema = z.object({
  /** Turns of the model. */
  steps: z.int().positive(),
  /** How often one check or stage may fail before the run ends. */
  repairs: z.int().positive(),
  /** Files that differ from the base. */
  files: z.int().positive(),
  /** Lines added and removed, against the base. */
  lines: z.int().positive(),
  /** Input and output tokens together. */
  tokens: z.int().positive(),
  minutes: z.number().positive(),
});
export type Budget = z.infer<typeof budgetSchema>;

export const DEFAULT_BUDGET: Budget = {
  steps: 80,
  repairs: 6,
  files: 20,
  lines: 1500,
  tokens: 2_000_000,
  minutes: 120,
};

/** One line of a transcript (`.infrabuilder/runs/<run>/transcript.jsonl`). Secrets are taken out before it is written. */
export const transcriptEntrySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run'),
    version: z.literal(1),
    at: z.iso.datetime(),
    run: z.string(),
    task: z.string(),
    model: z.string(),
    engine: z.string(),
    base: z.string(),
    budget: budgetSchema,
  }),
  /** What the checks said before the first edit; `executed` counts tests, null where the check counts none. */
  z.object({
    type: z.literal('baseline'),
    at: z.iso.datetime(),
    checks: z.array(
      z.object({
        check: z.string(),
        verdict: verdictSchema,
        reason: z.string(),
        executed: z.int().nullable(),
        coverage: z.number().nullable(),
      }),
    ),
  }),
  z.object({ type: z.literal('state'), at: z.iso.datetime(), state: loopStateSchema, why: z.string() }),
  z.object({
    type: z.literal('request'),
    at: z.iso.datetime(),
    step: z.int(),
    /** Messages that are new since the request before; the whole conversation is their sequence. */
    messages: z.array(z.record(z.string(), z.unknown())),
    tools: z.array(z.string()),
  }),
  z.object({
    type: z.literal('response'),
    at: z.iso.datetime(),
    step: z.int(),
    text: z.string(),
    toolCalls: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        input: z.record(z.string(), z.unknown()).nullable(),
        raw: z.string(),
      }),
    ),
    stop: z.enum(['end', 'tools', 'length', 'filtered']),
    /** Tokens; null where the model does not say. */
    usage: z.object({ inputTokens: z.int(), outputTokens: z.int() }).nullable(),
    seconds: z.number(),
  }),
  z.object({
    type: z.literal('tool'),
    at: z.iso.datetime(),
    step: z.int(),
    callId: z.string(),
    name: z.string(),
    /** Null where the call was taken; else the stable code of the refusal, such as `guard.test-file`. */
    refused: z.string().nullable(),
    result: z.string(),
  }),
  z.object({ type: z.literal('commit'), at: z.iso.datetime(), step: z.int(), commit: z.string(), message: z.string() }),
  z.object({
    type: z.literal('verdict'),
    at: z.iso.datetime(),
    stage: z.string(),
    holds: z.boolean(),
    missing: z.array(z.object({ code: z.string(), message: z.string(), mend: z.string() })),
  }),
  z.object({
    type: z.literal('end'),
    at: z.iso.datetime(),
    outcome: z.enum(['done', 'not-done', 'needs-person', 'interrupted']),
    reason: z.string(),
  }),
]);
export type TranscriptEntry = z.infer<typeof transcriptEntrySchema>;

/** Where the transcript of a run is, relative to the person's workspace. */
export function transcriptPath(run: string): string {
  return `.infrabuilder/runs/${run}/transcript.jsonl`;
}

export const implementationSchema = z.object({
  run: z.string(),
  slug: z.string(),
  model: z.string(),
  outcome: z.enum(['done', 'not-done', 'needs-person']),
  /** One or two sentences. */
  reason: z.string(),
  /** All that the gate still asks for; for `needs-person` what the person is to do. */
  missing: z.array(z.object({ code: z.string(), message: z.string(), mend: z.string() })).readonly(),
  branch: z.string(),
  /** Absolute path of the isolated workspace. */
  root: z.string(),
  changes: z
    .array(
      z.object({
        path: z.string(),
        change: z.enum(['added', 'changed', 'deleted']),
        addedLines: z.int(),
        removedLines: z.int(),
      }),
    )
    .readonly(),
  /** Tests executed; null where no check counts any. `added`: new ones in files that the model wrote. */
  tests: z.object({ before: z.int(), after: z.int(), added: z.int() }).nullable(),
  steps: z.int(),
  repairs: z.int(),
  usage: z.object({
    requests: z.int(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    /** True where the model did not count, so that a part is characters divided by four. */
    estimated: z.boolean().exactOptional(),
  }),
  /** Tool calls that a guard rail refused. */
  refusals: z.array(z.object({ step: z.int(), tool: z.string(), code: z.string(), message: z.string() })).readonly(),
  /** What the tamper checks found in the end. */
  tampering: z.array(z.object({ code: z.string(), message: z.string(), file: z.string(), line: z.int() })).readonly(),
  seconds: z.number(),
  /** Relative to the person's workspace. */
  transcript: z.string(),
});
export type Implementation = z.infer<typeof implementationSchema>;
