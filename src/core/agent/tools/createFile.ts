import { z } from 'zod';
import { refusal } from '../guards/refusal.ts';
import { linesOf } from '../lines.ts';
import { plural } from '../text.ts';
import { defineTool, refused } from './tool.ts';
import { LONGEST_TEXT, openForWriting, putText } from './writing.ts';

export const createFile = defineTool({
  name: 'create_file',
  description: 'Creates a file that does not exist yet; also a new test file.',
  input: z.object({ path: z.string(), content: z.string() }),
  async run({ path: given, content }, context) {
    const opened = await openForWriting(given, context);
    if ('code' in opened) return refused(opened);
    const { path, text } = opened;
    if (text !== undefined) {
      return refused(refusal('edit.exists', `${path} exists already. Read it, then use edit_file.`));
    }
    if (content.length > LONGEST_TEXT) {
      return refused(refusal('edit.too-long', `A new file has at most ${LONGEST_TEXT} characters. Make it smaller.`));
    }
    if ((await context.desk.bench.before(path)) !== undefined) {
      return refused(refusal('edit.exists', `${path} was there before the run, so it cannot be created anew.`));
    }
    return putText(path, undefined, content, context, `Created ${path}: ${plural(linesOf(content).length, 'line')}.`);
  },
});
