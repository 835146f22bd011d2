import { z } from 'zod';
import { oneLine } from '../text.ts';
import { defineTool } from './tool.ts';

export const requestVerification = defineTool({
  name: 'request_verification',
  description: 'Asks for the checks, the scenarios and the gate. They alone decide whether the task is done.',
  input: z.object({ summary: z.string().default('') }),
  run: async ({ summary }) => ({ kind: 'verify', summary: oneLine(summary) }),
});
