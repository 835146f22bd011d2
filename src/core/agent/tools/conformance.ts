import { z } from 'zod';
import { defineTool, result } from './tool.ts';

export const conformance = defineTool({
  name: 'conformance',
  description: 'Scans the source by the architecture rules: verdict of each, violations at file and line.',
  input: z.object({}),
  run: async (_input, { desk, signal }) => result(await desk.conformance(signal)),
});
