import { z } from 'zod';
import { refusal } from '../guards/refusal.ts';
import { linesOf } from '../lines.ts';
import { plural, shortDigest } from '../text.ts';
import { defineTool, refused } from './tool.ts';
import { LONGEST_TEXT, openForWriting, putText } from './writing.ts';

/** Digits of a digest that are enough to name the text that was read. */
const LEAST_DIGEST = 8;

export const editFile = defineTool({
  name: 'edit_file',
  description:
    'Replaces a piece of text that occurs exactly once. Wants the digest that read_file or the last edit gave.',
  input: z.object({
    path: z.string(),
    digest: z.string().describe('Of the file as you read it.'),
    search: z.string().min(1).describe('Exactly as in the file, without line numbers; whole lines are best.'),
    replace: z.string(),
  }),
  async run({ path: given, digest, search, replace }, context) {
    const opened = await openForWriting(given, context);
    if ('code' in opened) return refused(opened);
    const { path, text } = opened;
    const refuse = (code: string, message: string) => refused(refusal(code, `${message} Nothing was changed.`));
    if (text === undefined) return refuse('edit.no-file', `There is no file ${path}; create_file makes one.`);
    const now = await shortDigest(text);
    const said = digest.trim().toLowerCase();
    if (said.length < LEAST_DIGEST || !(now.startsWith(said) || said.startsWith(now))) {
      return refuse('edit.stale', `${path} is not as you read it: its digest is ${now}. Read it again, then edit.`);
    }
    if (search.length + replace.length > LONGEST_TEXT) {
      return refuse('edit.too-long', `One edit has at most ${LONGEST_TEXT} characters. Make several.`);
    }
    const [from, to] = inLineEndsOf(text, search, replace);
    if (from === to) return refuse('edit.nothing', 'Search and replace are the same.');
    const places = occurrences(text, from);
    if (places.length === 0) return refuse('edit.no-match', noMatch(path, text, search));
    if (places.length > 1) {
      const lines = places.slice(0, 8).map((at) => linesOf(text.slice(0, at + 1)).length);
      return refuse(
        'edit.not-unique',
        `The text occurs ${places.length} times in ${path}, at lines ${lines.join(', ')}. Give more lines around it.`,
      );
    }
    const at = places[0] ?? 0;
    const after = text.slice(0, at) + to + text.slice(at + from.length);
    const size = `${plural(linesOf(from).length, 'line')} became ${linesOf(to).length}`;
    return putText(path, text, after, context, `Edited ${path}: ${size}.`);
  },
});

/** A model writes LF; a file with CRLF keeps its ends. */
function inLineEndsOf(text: string, search: string, replace: string): readonly [string, string] {
  if (!text.includes('\r\n')) return [search, replace];
  const crlf = (one: string) => one.replace(/\r?\n/g, '\r\n');
  return [crlf(search), crlf(replace)];
}

function occurrences(text: string, piece: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(piece); at >= 0; at = text.indexOf(piece, at + 1)) found.push(at);
  return found;
}

/** White space is what models get wrong most. */
function noMatch(path: string, text: string, search: string): string {
  const first = linesOf(search)
    .find((line) => line.trim() !== '')
    ?.trim();
  const at = first === undefined ? -1 : linesOf(text).findIndex((line) => line.trim() === first);
  const near = at < 0 ? '' : ` Line ${at + 1} is the same but for white space, or what follows it differs.`;
  return `The text does not occur in ${path}.${near} Copy it exactly, without line numbers.`;
}
