import type { Fix, TextEdit } from '../../src/core/model/issue.ts';
import type { Position } from '../../src/core/model/source.ts';
import type { Files } from '../../src/core/ports.ts';

/** Applies a fix to the files: all edits of a file at once, then the moves. Returns the paths that changed. */
export async function applyFix(files: Files, { edits, moves = [] }: Fix): Promise<string[]> {
  const changed = new Set<string>();
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const before = await files.read(file);
    if (before === undefined) throw new Error(`The fix edits ${file}, which does not exist.`);
    const own = edits.filter((edit) => edit.file === file);
    const mark = before.startsWith('\uFEFF') ? '\uFEFF' : '';
    await files.write(file, mark + applyEdits(before.slice(mark.length), own), { expected: before });
    changed.add(file);
  }
  for (const { from, to } of moves) {
    await files.move(from, to);
    changed.add(from).add(to);
  }
  return [...changed];
}

/** Ranges refer to the text before all edits, without a byte order mark. Throws where two edits overlap or a range lies outside the text. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const splices = edits
    .map(({ range, newText }) => ({ start: offset(text, range.start), end: offset(text, range.end), newText }))
    .sort((a, b) => b.start - a.start || b.end - a.end);
  let result = text;
  let limit = text.length;
  for (const { start, end, newText } of splices) {
    if (end > limit || start > end) throw new Error('Two edits of a fix overlap.');
    result = result.slice(0, start) + newText + result.slice(end);
    limit = start;
  }
  return result;
}

function offset(text: string, { line, column }: Position): number {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1);
  const own = lines[line - 1];
  if (own === undefined || column < 1 || column > own.length + 1) throw new Error(`No position ${line}:${column}.`);
  return before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
}
