import { z } from 'zod';
import { goalIdSchema } from './ids.ts';
import { workspacePathSchema } from './path.ts';
import { thresholdsSchema } from './threshold.ts';

const common = {
  id: goalIdSchema,
  title: z.string().min(1),
  description: z.string().optional(),
  applies: z.literal(false).optional().describe('Switches the goal off for this project; needs a reason.'),
  reason: z.string().min(1).optional().describe('Why the goal cannot apply here; shown in every report.'),
};

const argv = z.array(z.string().min(1)).min(1);
const inputs = z
  .array(workspacePathSchema)
  .min(1)
  .optional()
  .describe('Folders and files, relative to the workspace root, that the verdict depends on. Default: by cwd.');

/** Regular expressions whose first group is the name; `in` is a glob below the source folder. */
const featurePattern = z.strictObject({ pattern: z.string().min(1), in: z.string().min(1).optional() });
const features = z
  .strictObject({
    config: z.array(featurePattern).optional(),
    metric: z.array(featurePattern).optional(),
    event: z.array(featurePattern).optional(),
  })
  .optional()
  .describe(
    'How configuration keys, metrics and events are found in the source. Replaces the built-in patterns by kind.',
  );

/** One goal of `infrabuilder.yaml`; `kind` picks the validator. */
export const goalSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ ...common, kind: z.literal('schema'), against: z.string().min(1).default('HEAD^') }),
    z.strictObject({ ...common, kind: z.literal('kpi'), scenario: z.string().min(1), kpis: thresholdsSchema }),
    z.strictObject({
      ...common,
      kind: z.literal('event'),
      scenario: z.string().min(1),
      event: z.string().default('AgentDiagEvent'),
    }),
    z.strictObject({ ...common, kind: z.literal('docs-parity'), features }),
    z.strictObject({ ...common, kind: z.literal('checks'), checks: z.array(z.string().min(1)).min(1) }),
    z.strictObject({ ...common, kind: z.literal('conformance') }),
    z.strictObject({ ...common, kind: z.literal('runbook'), scenario: z.string().min(1) }),
    z.strictObject({ ...common, kind: z.literal('command'), run: argv, cwd: workspacePathSchema.optional(), inputs }),
  ])
  .refine((goal) => goal.applies === undefined || goal.reason !== undefined, {
    message: 'a goal with "applies: false" needs a "reason"',
    path: ['reason'],
  });
export type Goal = z.infer<typeof goalSchema>;
export type GoalKind = Goal['kind'];
export type GoalOf<K extends GoalKind> = Extract<Goal, { kind: K }>;
export type FeaturePatterns = z.infer<typeof features>;

/** A row of the goals table in a blueprint (plan section 0.1). */
export interface BlueprintGoal {
  readonly id: string;
  readonly title: string;
  readonly check: string;
  readonly verification: string;
}
