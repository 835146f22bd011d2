import { z } from 'zod';
import type { AcceptanceLine } from './acceptance.ts';
import { goalIdSchema, slugSchema } from './ids.ts';

/** A task file as plan section 3.1 writes it. Keys that are not named here survive every edit. */
export const taskFileSchema = z
  .looseObject({
    slug: slugSchema.describe('Name of the task; the file is named <slug>.yaml.'),
    title: z.string().min(1).optional(),
    phase: z.string().min(1).optional().describe('Delivery phase, such as P0.'),
    module: z.string().min(1).optional().describe('Folder in the source repository that the task changes.'),
    blueprint: z
      .looseObject({ epic: z.string().min(1), story: z.string().min(1).optional() })
      .optional()
      .describe('Where the blueprint asks for this task.'),
    acceptance: z.array(z.string().min(1)).min(1).describe('What must hold; measurable where possible.'),
    e2e_scenarios: z.array(z.string().min(1)).default([]).describe('Scenarios that validate this task.'),
    blueprint_goals: z.array(goalIdSchema).default([]).describe('Hard goals that this task must keep.'),
    depends_on: z.array(slugSchema).default([]).describe('Tasks that must be done first.'),
    priority: z.union([z.string(), z.number()]).optional(),
    owner: z.string().optional(),
  })
  .describe('InfraBuilder task');
export type TaskFile = z.infer<typeof taskFileSchema>;

export const TASK_STATUSES = ['pending', 'in_progress', 'done'] as const;
/** The folder that the task's file is in; there is no second record of it. */
export type TaskStatus = (typeof TASK_STATUSES)[number];

export interface Task {
  readonly slug: string;
  readonly status: TaskStatus;
  readonly file: string;
  readonly title: string | undefined;
  readonly phase: string | undefined;
  readonly module: string | undefined;
  readonly epic: string | undefined;
  readonly story: string | undefined;
  readonly acceptance: readonly AcceptanceLine[];
  readonly scenarios: readonly string[];
  readonly goals: readonly string[];
  readonly dependsOn: readonly string[];
  readonly priority: string | number | undefined;
  readonly owner: string | undefined;
}
