import { Lexer } from 'yaml';

/** Marks that the lexer puts between tokens; they stand for no text. */
const MARKS = new Set(['\u0002', '\u0018', '\u001f']);
const OPENING = /[[{]/g;

/** Where `[` and `{` nest more than `limit` deep; undefined where they do not. Deep nesting costs the composer seconds. */
export function tooDeepAt(text: string, limit: number): number | undefined {
  if ((text.match(OPENING)?.length ?? 0) <= limit) return undefined;
  let offset = 0;
  let depth = 0;
  for (const token of new Lexer().lex(text)) {
    if (MARKS.has(token)) continue;
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    if (depth > limit) return offset;
    offset += token.length;
  }
  return undefined;
}
