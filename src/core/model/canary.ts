import { z } from 'zod';
import { goalIdSchema } from './ids.ts';
import { workspacePathSchema } from './path.ts';

const file = workspacePathSchema.describe('The file, relative to the workspace root.');

const editSchema = z.union([
  z.strictObject({
    file,
    search: z.string().min(1).describe('Text that the file holds exactly once.'),
    replace: z.string().describe('What stands in its place.'),
  }),
  z.strictObject({ file, content: z.string().describe('The whole file; also one that is not there yet.') }),
]);
export type CanaryEdit = z.infer<typeof editSchema>;

/** A defect that the self-test plants in a copy of the workspace; the goal must turn red by it. */
export const canarySchema = z.strictObject({
  goal: goalIdSchema.describe('The goal that must turn red.'),
  title: z.string().min(1).describe('The defect in a few words, such as "a busy loop".'),
  edits: z.array(editSchema).min(1).describe('Applied in order, all or none.'),
  duration_seconds: z
    .number()
    .positive()
    .optional()
    .describe("Length of the goal's scenario in the self-test; of its faults only the first is injected then."),
});
export type Canary = z.infer<typeof canarySchema>;
