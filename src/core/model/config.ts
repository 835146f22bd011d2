import { z } from 'zod';
import { checkSchema } from './check.ts';
import { goalSchema } from './goal.ts';
import { milestoneSchema } from './milestone.ts';

/** Folders of plan section 1.2, relative to the workspace root. */
export const pathsSchema = z.strictObject({
  source: z.string().min(1).default('infrastructure-agent'),
  testbed: z.string().min(1).default('infrastructure-agent-testbed'),
  docs: z.string().min(1).default('docs'),
  tasks: z.string().min(1).default('tasks'),
  reports: z.string().min(1).default('reports'),
  e2e: z.string().min(1).default('e2e'),
});
export type Paths = z.infer<typeof pathsSchema>;

const checkName = z.string().regex(/^[a-z][a-z0-9_-]*$/, 'a check name has lower-case letters, digits, "_" and "-"');

/** `infrabuilder.yaml`. Without the file, or without a section, `defaultConfig` holds. */
export const configSchema = z
  .strictObject({
    version: z.literal(1),
    paths: pathsSchema.prefault({}),
    blueprint: z.string().min(1).optional().describe('The blueprint; by default found in the docs folder.'),
    checks: z.record(checkName, checkSchema).optional(),
    goals: z.array(goalSchema).optional(),
    milestones: z.array(milestoneSchema).optional(),
    llm: z.strictObject({ baseUrl: z.url(), model: z.string().default('') }).optional(),
  })
  .describe('InfraBuilder workspace configuration');
export type ConfigFile = z.infer<typeof configSchema>;
export type Config = Required<Omit<ConfigFile, 'blueprint' | 'llm'>> & Pick<ConfigFile, 'blueprint' | 'llm'>;
