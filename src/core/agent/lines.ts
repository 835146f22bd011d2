import type { DiffLine, FileDiff } from '../ports.ts';

/**
 * What two texts differ in, as lines without regard to their order: a line that only moved is no difference. It is for
 * rules that look at lines, not for people.
 */
export function lineDiff(path: string, before: string, after: string): FileDiff {
  return { path, added: surplus(after, before), removed: surplus(before, after) };
}

function surplus(text: string, other: string): DiffLine[] {
  const left = new Map<string, number>();
  for (const line of linesOf(other)) left.set(line, (left.get(line) ?? 0) + 1);
  const found: DiffLine[] = [];
  for (const [at, line] of linesOf(text).entries()) {
    const count = left.get(line) ?? 0;
    if (count > 0) left.set(line, count - 1);
    else found.push({ line: at + 1, text: line });
  }
  return found;
}

/** A line end at the end begins no line. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
