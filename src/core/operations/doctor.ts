import { z } from 'zod';
import { diagnose } from '../doctor/diagnose.ts';
import { defineOperation } from './operation.ts';
import { schemaVersion } from './shapes.ts';

export const doctor = defineOperation({
  name: 'doctor',
  title: 'Check the machine',
  description: 'Finds the tools that the workspace needs, compares versions, and says how to install what is missing.',
  readOnly: true,
  input: z.object({}),
  output: z.object({
    schemaVersion,
    platform: z.object({ os: z.enum(['linux', 'macos', 'windows', 'other']), arch: z.string() }),
    tools: z
      .array(
        z.object({
          id: z.string(),
          title: z.string(),
          status: z.enum(['ok', 'missing', 'too-old', 'broken', 'unverified', 'unsupported']),
          path: z.string().exactOptional(),
          version: z.string().exactOptional(),
          minimum: z.string().exactOptional(),
          problem: z.string().exactOptional(),
          required: z.boolean(),
          why: z.string(),
          neededBy: z.array(z.string()).readonly(),
          commands: z.array(z.string()).readonly(),
          install: z.string().exactOptional(),
        }),
      )
      .readonly(),
    /** Who answers questions; `note` says why the configured endpoint does not. */
    answers: z.object({ provider: z.string(), note: z.string().nullable() }),
    ok: z.boolean(),
    missingRequired: z.array(z.string()).readonly(),
  }),
  async run(engine, _input, { signal }) {
    const { name, note = null } = await engine.provider({}, signal);
    return { ...(await diagnose(await engine.needs(), engine.doctorPorts, signal)), answers: { provider: name, note } };
  },
});
