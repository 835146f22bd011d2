import { z } from 'zod';
import { guardRead } from '../guards/place.ts';
import { refusal } from '../guards/refusal.ts';
import { linesOf } from '../lines.ts';
import { numbered, shortDigest } from '../text.ts';
import { defineTool, refused, result } from './tool.ts';

const MOST_LINES = 400;
const LONGEST = 15_000;

export const readFile = defineTool({
  name: 'read_file',
  description:
    'Reads a file, or a range of its lines (from 1). Gives numbered lines and the digest that edit_file wants.',
  input: z.object({
    path: z.string(),
    startLine: z.int().positive().optional(),
    endLine: z.int().positive().optional(),
  }),
  async run({ path: given, startLine = 1, endLine }, { desk }) {
    const guarded = await guardRead(given, desk.files);
    if ('code' in guarded) return refused(guarded);
    const { path } = guarded;
    const text = await desk.files.read(path);
    if (text === undefined) {
      return refused(refusal('read.no-file', `There is no file ${path}. list_files shows what there is.`));
    }
    const lines = linesOf(text);
    const digest = await shortDigest(text);
    if (startLine > Math.max(lines.length, 1)) {
      return refused(
        refusal('read.no-lines', `${path} has ${lines.length} lines; line ${startLine} is not among them.`),
      );
    }
    const end = Math.min(endLine ?? lines.length, lines.length, startLine + MOST_LINES - 1);
    const shown = fitting(numbered(lines.slice(startLine - 1, end), startLine).split('\n'));
    const last = startLine + shown.length - 1;
    const more = last < lines.length ? `\n[... ${path} goes on to line ${lines.length} ...]` : '';
    return result(
      `${path}, digest ${digest}, lines ${startLine}-${last} of ${lines.length}\n${shown.join('\n')}${more}`,
    );
  },
});

/** As many whole lines as may be shown; a single one that is longer is cut. */
function fitting(lines: readonly string[]): readonly string[] {
  let size = 0;
  const count = lines.findIndex((line) => {
    size += line.length + 1;
    return size > LONGEST;
  });
  if (count === 0) return [`${(lines[0] ?? '').slice(0, LONGEST)} [... line cut ...]`];
  return count < 0 ? lines : lines.slice(0, count);
}
