import { z } from 'zod';
import { agentSchema } from './agent.ts';
import { canarySchema } from './canary.ts';
import { checkSchema } from './check.ts';
import { goalSchema } from './goal.ts';
import { milestoneSchema } from './milestone.ts';

/** Folders of plan section 1.2, relative to the workspace root. */
export const pathsSchema = z.strictObject({
  source: z.string().min(1).default('infrastructure-agent').describe('The source repository.'),
  testbed: z.string().min(1).default('infrastructure-agent-testbed').describe('The testbed with its replay corpus.'),
  docs: z.string().min(1).default('docs').describe('Blueprint, ADRs and runbook.'),
  tasks: z.string().min(1).default('tasks').describe('Task files in pending/, in_progress/ and done/.'),
  reports: z.string().min(1).default('reports').describe('Documents and evidence.'),
  e2e: z.string().min(1).default('e2e').describe('Scenarios of end-to-end tests.'),
});
export type Paths = z.infer<typeof pathsSchema>;

const checkName = z.string().regex(/^[a-z][a-z0-9_-]*$/, 'a check name has lower-case letters, digits, "_" and "-"');

/** `infrabuilder.yaml`. Without the file, or without a section, `defaultConfig` holds. */
export const configSchema = z
  .strictObject({
    version: z.literal(1),
    paths: pathsSchema.prefault({}).describe('Folders, relative to the workspace root.'),
    blueprint: z.string().min(1).optional().describe('The blueprint; by default found in the docs folder.'),
    checks: z
      .record(checkName, checkSchema)
      .optional()
      .describe('Named checks; replaces the default checks as a whole.'),
    agent: agentSchema.optional(),
    goals: z.array(goalSchema).optional().describe('Goals; replaces the default goals as a whole.'),
    milestones: z.array(milestoneSchema).optional().describe('Milestones; replaces the default ones as a whole.'),
    canaries: z.array(canarySchema).optional().describe('Defects that "verify --self-test" plants in a copy.'),
    llm: z
      .strictObject({
        baseUrl: z.url().describe('An OpenAI-compatible endpoint.'),
        model: z.string().default('').describe('Empty for the first model that the endpoint offers.'),
      })
      .optional(),
  })
  .describe('InfraBuilder workspace configuration');
export type ConfigFile = z.infer<typeof configSchema>;
export type Config = Pick<ConfigFile, 'version' | 'paths' | 'blueprint' | 'agent' | 'llm'> & {
  [K in 'checks' | 'goals' | 'milestones' | 'canaries']: NonNullable<ConfigFile[K]>;
};
