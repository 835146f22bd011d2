import { z } from 'zod';
import { defineTool, result } from './tool.ts';

export const askBlueprint = defineTool({
  name: 'ask_blueprint',
  description: 'Quotes what blueprint, decisions, runbook and tasks say on a question, with file and lines.',
  input: z.object({ question: z.string().min(3) }),
  run: async ({ question }, { desk, signal }) => result(await desk.ask(question, signal)),
});
