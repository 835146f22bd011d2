import { z } from 'zod';
import { oneLine } from '../text.ts';
import { defineTool } from './tool.ts';

export const flagConflict = defineTool({
  name: 'flag_conflict',
  description:
    'Ends the run and asks a person: specification and test contradict each other, or a protected file has to change.',
  input: z.object({ reason: z.string().min(1), specification: z.string().default(''), test: z.string().default('') }),
  async run({ reason, specification, test }) {
    const parts = [reason, specification && `Specification: ${specification}`, test && `Test: ${test}`];
    return { kind: 'conflict', reason: oneLine(parts.filter(Boolean).join(' '), 800) };
  },
});
