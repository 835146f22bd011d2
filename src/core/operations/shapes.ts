import { z } from 'zod';
import { verdictSchema } from '../model/verdict.ts';

const position = z.object({ line: z.number(), column: z.number() });
const range = z.object({ start: position, end: position });
const severity = z.enum(['error', 'warning', 'info']);

const textEdit = z.object({ file: z.string(), range, newText: z.string() });
const fix = z.object({
  title: z.string(),
  edits: z.array(textEdit).readonly(),
  moves: z
    .array(z.object({ from: z.string(), to: z.string() }))
    .readonly()
    .exactOptional(),
});

/** An Issue as JSON. Lines and columns count from 1; ends are exclusive. */
export const issueShape = z.object({
  code: z.string(),
  severity,
  message: z.string(),
  file: z.string(),
  range,
  related: z
    .array(z.object({ file: z.string(), range, message: z.string() }))
    .readonly()
    .exactOptional(),
  fixes: z.array(fix).readonly().exactOptional(),
});

export const valueShape = z.object({
  name: z.string(),
  value: z.number(),
  unit: z.string().exactOptional(),
  n: z.number().exactOptional(),
  min: z.number().exactOptional(),
  max: z.number().exactOptional(),
  verdict: verdictSchema.exactOptional(),
});

export const taskRowShape = z.object({
  slug: z.string(),
  status: z.enum(['pending', 'in_progress', 'done']),
  phase: z.string().nullable(),
  module: z.string().nullable(),
  step: z.string(),
  blockers: z.array(z.string()).readonly(),
});

export const schemaVersion = z.literal(1);
