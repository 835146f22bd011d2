import type { DiffLine, FileDiff } from '../core/ports.ts';

const HUNK = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

/** Reads `git diff --unified=0`. Binary files and changes of mode alone have no lines. */
export function readDiff(text: string): FileDiff[] {
  const found: { path: string; added: DiffLine[]; removed: DiffLine[] }[] = [];
  let oldPath = '';
  let [oldLine, newLine, inHunk] = [0, 0, false];
  for (const line of text.split('\n')) {
    const current = found.at(-1);
    const hunk = HUNK.exec(line);
    if (line.startsWith('diff --git ')) inHunk = false;
    else if (hunk !== null) [oldLine, newLine, inHunk] = [Number(hunk[1]), Number(hunk[2]), true];
    else if (!inHunk && line.startsWith('--- ')) oldPath = pathOf(line);
    else if (!inHunk && line.startsWith('+++ ')) {
      const path = pathOf(line);
      found.push({ path: path === '' ? oldPath : path, added: [], removed: [] });
    } else if (inHunk && line.startsWith('+')) current?.added.push({ line: newLine++, text: line.slice(1) });
    else if (inHunk && line.startsWith('-')) current?.removed.push({ line: oldLine++, text: line.slice(1) });
  }
  return found;
}

/** A file that git does not know yet: every line is new. */
export function wholeFile(path: string, text: string): FileDiff {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return { path, added: lines.map((line, index) => ({ line: index + 1, text: line })), removed: [] };
}

function pathOf(line: string): string {
  const path = line.slice(4).replace(/\t$/, '');
  return path === '/dev/null' ? '' : path.replace(/^"?[ab]\//, '').replace(/"$/, '');
}
