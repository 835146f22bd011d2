import { z } from 'zod';
import { defineTool } from './tool.ts';

export const writeProse = defineTool({
  name: 'write_prose',
  description:
    'Puts your words in a marked place of the generated plan or architecture review. It takes no new figures.',
  input: z.object({ document: z.enum(['plan', 'arch']), place: z.string(), text: z.string().min(1).max(4000) }),
  async run({ document, place, text }, { desk }) {
    const path = await desk.writeProse(document, place, text);
    return { kind: 'written', path, text: `Written to ${path}, place ${place}.` };
  },
});
