import { z } from 'zod';
import { refusal } from '../guards/refusal.ts';
import { shortDigest } from '../text.ts';
import { defineTool, refused } from './tool.ts';
import { openForWriting } from './writing.ts';

export const deleteFile = defineTool({
  name: 'delete_file',
  description: 'Deletes a file that you created in this run.',
  input: z.object({ path: z.string(), digest: z.string() }),
  async run({ path: given, digest }, context) {
    const { files, bench } = context.desk;
    const opened = await openForWriting(given, context);
    if ('code' in opened) return refused(opened);
    const { path, text } = opened;
    if (text === undefined) return refused(refusal('edit.no-file', `There is no file ${path}.`));
    if ((await bench.before(path)) !== undefined) {
      const why = `${path} was there before the run, so it cannot be deleted. Edit it, or call flag_conflict.`;
      return refused(refusal('guard.delete', why));
    }
    const now = await shortDigest(text);
    if (digest.trim().toLowerCase() !== now) {
      return refused(
        refusal('edit.stale', `${path} is not as you read it: its digest is ${now}. Nothing was changed.`),
      );
    }
    await files.remove(path);
    return { kind: 'written', path, text: `Deleted ${path}.` };
  },
});
