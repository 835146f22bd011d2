import type { Files } from '../ports.ts';

/**
 * Says what is wrong with a citation (`docs/a.md#L4-L9`, `docs/a.md#L4`, `docs/a.md#a-heading`), or undefined where it
 * stands: the file exists under exactly that name, and the lines or the heading are in it.
 */
export async function citationProblem(files: Files, citation: string): Promise<string | undefined> {
  const hash = citation.indexOf('#');
  const path = hash < 0 ? citation : citation.slice(0, hash);
  const anchor = hash < 0 ? '' : citation.slice(hash + 1);
  const text = (await hasExactName(files, path)) ? await files.read(path) : undefined;
  if (text === undefined) return `the file ${path} does not exist`;
  if (anchor === '') return undefined;
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const numbers = /^L(\d+)(?:-L?(\d+))?$/.exec(anchor);
  if (numbers === null) {
    return headings(lines).has(anchor.toLowerCase()) ? undefined : `${path} has no heading "#${anchor}"`;
  }
  const first = Number(numbers[1]);
  const last = Number(numbers[2] ?? numbers[1]);
  if (first < 1 || last < first) return `"#${anchor}" is no range of lines`;
  if (last > lines.length) return `${path} has ${lines.length} lines, but line ${last} is cited`;
  const blank = lines.slice(first - 1, last).every((line) => line.trim() === '');
  return blank ? `the cited lines of ${path} are blank` : undefined;
}

/** A disk that ignores case would open the file under another name, and break on the next machine. */
async function hasExactName(files: Files, path: string): Promise<boolean> {
  let folder = '';
  for (const part of path.split('/')) {
    if (part === '' || part === '.' || part === '..') return false;
    if (!(await files.list(folder)).some(({ name }) => name === part)) return false;
    folder = folder === '' ? part : `${folder}/${part}`;
  }
  return true;
}

/** Anchors as GitHub makes them. */
function headings(lines: readonly string[]): Set<string> {
  const anchors = new Set<string>();
  const seen = new Map<string, number>();
  let fence: string | undefined;
  for (const line of lines) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined) {
      if (fence === undefined) fence = mark;
      else if (mark.startsWith(fence)) fence = undefined;
      continue;
    }
    const title = fence === undefined ? /^ {0,3}#{1,6}\s+(.+?)\s*#*\s*$/.exec(line)?.[1] : undefined;
    if (title === undefined) continue;
    const slug = title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    anchors.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return anchors;
}
