import { posix } from 'node:path';
import type { Issue } from '../model/issue.ts';
import { type Location, type Range, range } from '../model/source.ts';
import type { Files } from '../ports.ts';
import { linesOf, type ParserRun } from './parsers/parser.ts';
import { workspacePath } from './paths.ts';

/** Bytes; larger files are raw output, where a point is as good as a range. */
const LARGEST_TEXT = 4 * 1024 * 1024;
const WORD = /^[\p{L}\p{N}_]+/u;

/**
 * Puts issues where an editor can show them. A path that does not exist from the check's folder is tried from the folders
 * that the output names (make's "Entering directory", `cd x && ...`), from those of Go modules and from the root; one that exists
 * nowhere goes to the check's definition. Go's columns count bytes, editors' UTF-16 units. A point becomes the word there.
 */
export async function placeIssues(files: Files, run: ParserRun, issues: readonly Issue[]): Promise<Issue[]> {
  const folders = [...new Set([...namedFolders(run), ...run.modules.map((module) => module.dir), '.'])];
  const texts = new Map<string, Promise<readonly string[] | undefined>>();
  const textOf = (file: string): Promise<readonly string[] | undefined> => {
    const text = texts.get(file) ?? readLines(files, file);
    texts.set(file, text);
    return text;
  };

  const place = async (issue: Issue): Promise<Issue> => {
    if (isSame(issue, run.definition)) return issue;
    const inner = posix.relative(run.cwd, issue.file);
    const others = inner.startsWith('..') ? [] : folders.map((folder) => posix.join(folder, inner));
    for (const file of [issue.file, ...others]) {
      const lines = await textOf(file);
      if (lines !== undefined) return { ...issue, file, range: widen(issue.range, lines, file.endsWith('.go')) };
    }
    const message = `${inner}:${issue.range.start.line}: ${issue.message}`;
    return { ...issue, message, file: run.definition.file, range: run.definition.range };
  };
  return Promise.all(issues.map(place));
}

/** Undefined where there is no file; no lines for one that is large or not text. */
async function readLines(files: Files, file: string): Promise<readonly string[] | undefined> {
  try {
    const stat = await files.stat(file);
    if (stat?.kind !== 'file' && stat?.kind !== 'link') return undefined;
    if (stat.size > LARGEST_TEXT) return [];
    return linesOf((await files.read(file)) ?? '');
  } catch {
    return [];
  }
}

function isSame(a: Location, b: Location): boolean {
  return a.file === b.file && a.range === b.range;
}

function namedFolders(run: ParserRun): string[] {
  return [...linesOf(run.stdout), ...linesOf(run.stderr)].flatMap((line) => {
    if (line.startsWith('{')) return [];
    const [, entered, changed] = /Entering directory [`'](.+)'$|^(?:.*[;&(]\s*)?cd ([^\s;&|]+)/.exec(line) ?? [];
    const folder = entered ?? changed;
    return folder === undefined ? [] : (workspacePath(folder, run.cwd, run.root) ?? []);
  });
}

function widen(at: Range, lines: readonly string[], bytes: boolean): Range {
  const { start, end } = at;
  const text = lines[start.line - 1];
  if (text === undefined || start.line !== end.line || start.column !== end.column) return at;
  if (start.column <= 1) {
    const from = text.length - text.trimStart().length;
    return range(start.line, from + 1, start.line, Math.max(from, text.trimEnd().length) + 1);
  }
  const column = bytes ? columnOfByte(text, start.column) : start.column;
  const word = WORD.exec(text.slice(column - 1))?.[0] ?? '';
  return range(start.line, column, start.line, column + Math.max(word.length, column <= text.length ? 1 : 0));
}

/** The UTF-16 column of a byte of the line's UTF-8, both from 1. */
function columnOfByte(text: string, byteColumn: number): number {
  const encoder = new TextEncoder();
  let bytes = 1;
  let column = 1;
  for (const character of text) {
    if (bytes >= byteColumn) break;
    bytes += encoder.encode(character).length;
    column += character.length;
  }
  return column;
}
