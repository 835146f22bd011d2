import { z } from 'zod';
import { throwIfCancelled } from '../../base/errors.ts';
import type { Files } from '../../ports.ts';
import { foldedPath, isBelow } from '../guards/path.ts';
import { guardRead } from '../guards/place.ts';
import { linesOf } from '../lines.ts';
import { oneLine } from '../text.ts';
import { defineTool, refused, result } from './tool.ts';

const MOST_HITS = 80;
/** Bytes; a larger file is data rather than source. */
const LARGEST_FILE = 1_000_000;
const LONGEST_LINE = 200;

export const search = defineTool({
  name: 'search',
  description: 'Finds lines that hold a text, exactly as written, in all files or below a folder.',
  input: z.object({ text: z.string().min(2), folder: z.string().default('.') }),
  async run({ text, folder }, { desk, signal }) {
    const guarded = await guardRead(folder, desk.files);
    if ('code' in guarded) return refused(guarded);
    const hits: string[] = [];
    for (const path of await desk.paths()) {
      throwIfCancelled(signal);
      if (hits.length >= MOST_HITS) break;
      if (!isBelow(path, guarded.path) || /(?:^|\/)\.(?:git|env)/.test(foldedPath(path))) continue;
      const content = await readIfText(desk.files, path);
      if (content === undefined || !content.includes(text)) continue;
      for (const [at, line] of linesOf(content).entries()) {
        if (line.includes(text)) hits.push(`${path}:${at + 1}: ${oneLine(line, LONGEST_LINE)}`);
      }
    }
    if (hits.length === 0) return result(`No file below ${guarded.path} holds ${JSON.stringify(text)}.`);
    const more = hits.length > MOST_HITS ? '\n[... more; name a folder or a longer text ...]' : '';
    return result(hits.slice(0, MOST_HITS).join('\n') + more);
  },
});

/** Links and files that are no text are passed over. */
async function readIfText(files: Files, path: string): Promise<string | undefined> {
  const guarded = await guardRead(path, files);
  if ('code' in guarded) return undefined;
  const stat = await files.stat(path);
  if (stat === undefined || stat.kind !== 'file' || stat.size > LARGEST_FILE) return undefined;
  return files.read(path).catch(() => undefined);
}
