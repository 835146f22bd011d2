import { z } from 'zod';
import { isBelow } from '../guards/path.ts';
import { guardRead } from '../guards/place.ts';
import { plural } from '../text.ts';
import { defineTool, refused, result } from './tool.ts';

const MOST_PATHS = 400;

export const listFiles = defineTool({
  name: 'list_files',
  description: 'Lists the files below a folder of the workspace ("." for all of it).',
  input: z.object({ folder: z.string().default('.') }),
  async run({ folder }, { desk }) {
    const guarded = await guardRead(folder, desk.files);
    if ('code' in guarded) return refused(guarded);
    const paths = (await desk.paths()).filter((path) => isBelow(path, guarded.path));
    if (paths.length === 0) return result(`There is no file below ${guarded.path}.`);
    const left = paths.length - MOST_PATHS;
    const more = left > 0 ? `\n[... ${plural(left, 'more file')}; name a folder ...]` : '';
    return result(paths.slice(0, MOST_PATHS).join('\n') + more);
  },
});
