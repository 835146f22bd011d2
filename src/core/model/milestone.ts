import { z } from 'zod';
import { slugSchema } from './ids.ts';

/** A milestone of plan section 8.1: done when its tasks are, and verified by a scenario or a check that ran. */
export const milestoneSchema = z.strictObject({
  id: z.string().min(1),
  title: z.string().min(1),
  tasks: z.array(slugSchema).default([]),
  verify: z
    .union([z.strictObject({ scenario: z.string().min(1) }), z.strictObject({ check: z.string().min(1) })])
    .optional(),
});
export type Milestone = z.infer<typeof milestoneSchema>;
