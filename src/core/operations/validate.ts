import { z } from 'zod';
import { defineOperation } from './operation.ts';
import { issueShape, schemaVersion } from './shapes.ts';

export const validate = defineOperation({
  name: 'validate',
  title: 'Validate workspace',
  description: 'Lists every problem in the tasks, blueprint mapping, goals, scenarios, milestones and documents.',
  readOnly: true,
  input: z.object({}),
  output: z.object({ schemaVersion, issues: z.array(issueShape).readonly() }),
  async run(engine) {
    engine.project.update();
    const { issues } = await engine.project.snapshot();
    return { schemaVersion: 1 as const, issues };
  },
});
