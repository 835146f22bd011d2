import type { Issue } from '../../model/issue.ts';
import { lineRange } from '../../model/source.ts';
import { nameOf } from '../../project/layout.ts';
import type { Repository } from '../repository.ts';
import { candidates, type FileUse, type Read } from '../shell/reads.ts';
import type { Unit } from '../shell/script.ts';
import { finding, lineText, quoted } from './finding.ts';

/** Kept by people, so that a run does not make it: what is not there is looked for in the wrong place. */
const KEPT = /\.(?:md|markdown|ya?ml|proto|go|py|[cm]?[jt]s|toml|adoc|rst)$/i;
const DOCUMENT = /\.(?:md|markdown|adoc|rst)$/i;

/** Checks that look for something in a file or section that does not exist. */
export function wrongPlaces(repository: Repository, unit: Unit, use: FileUse): Issue[] {
  return use.reads.flatMap((read) => {
    if (read.isPartial || read.path.startsWith('/') || unit.kind === 'package') return [];
    const place = { file: unit.file, line: read.line, text: lineText(repository.read(unit.file), read.line) };
    const there = candidates(read.path, unit.file, use.folders).filter((path) => repository.has(path));
    if (there.length === 0) return missingFile(repository, unit, read, place);
    return there.some((path) => holds(repository.read(path), read.pattern))
      ? []
      : missingText(repository, read, there[0] ?? '', place);
  });
}

type Place = Parameters<typeof finding>[3];

function missingFile(repository: Repository, unit: Unit, { path, pattern }: Read, place: Place): Issue[] {
  if (!KEPT.test(path) || isMade(repository, path)) return [];
  const same = repository.paths.filter((one) => nameOf(one).toLowerCase() === nameOf(path).toLowerCase());
  const meant = same.find((one) => pattern !== undefined && holds(repository.read(one), pattern)) ?? same[0];
  const hint = meant === undefined ? 'No file has this name.' : `There is ${meant}.`;
  const what = pattern === undefined ? '' : ` for ${quoted(pattern)}`;
  const message = `This looks in ${path}${what}, which does not exist as seen from ${nameOf(unit.file)}. ${hint}`;
  return [finding('wrong-place', 'error', message, place)];
}

/** A heading that no line has, or a word that stands in another document. */
function missingText(repository: Repository, { pattern }: Read, path: string, place: Place): Issue[] {
  if (pattern === undefined || !DOCUMENT.test(path)) return [];
  const elsewhere = repository.paths.filter(
    (one) => DOCUMENT.test(one) && one !== path && holds(repository.read(one), pattern),
  );
  const [other] = elsewhere;
  const isHeading = /^\^?\\?#/.test(pattern);
  if (other === undefined && !isHeading) return [];
  const hint = other === undefined ? 'No document has it.' : `It stands in ${other}.`;
  const message = `This looks for ${quoted(pattern)} in ${path}, where it does not stand. ${hint}`;
  const line = other === undefined ? 0 : lineOf(repository.read(other), pattern);
  const related =
    other === undefined
      ? []
      : [{ file: other, range: lineRange(line, lineText(repository.read(other), line)), message: 'It stands here.' }];
  return [finding('wrong-place', 'error', message, place, related)];
}

function holds(text: string | undefined, pattern: string | undefined): boolean {
  if (pattern === undefined || text === undefined) return true;
  const regex = toRegex(pattern);
  return regex === undefined || regex.test(text);
}

function lineOf(text: string | undefined, pattern: string): number {
  const regex = toRegex(pattern);
  return Math.max(1, (text ?? '').split(/\r?\n/).findIndex((line) => regex?.test(line) === true) + 1);
}

/** grep's own syntax as far as it is that of JavaScript; undefined where it is not: then nothing is said. */
function toRegex(pattern: string): RegExp | undefined {
  try {
    const own = pattern
      .replace(
        /\[\[:(\w+):\]\]/g,
        (_all, name: string) => ({ space: '\\s', digit: '\\d', alpha: '[A-Za-z]', alnum: '\\w' })[name] ?? '.',
      )
      .replace(/\\([|(){}+?])/g, '$1');
    return new RegExp(own, 'im');
  } catch {
    return undefined;
  }
}

/** Some script or program names the file besides reading it, so that a run may make it. */
function isMade({ paths, read }: Repository, path: string): boolean {
  const name = nameOf(path).replace(/[.+*?^${}()|[\]\\]/g, '\\$&');
  const made = new RegExp(
    `(?:>>?|\\btee(?:\\s+-a)?|-o|--out(?:put)?[= ]|\\btouch|\\bcp\\b.*|\\bmv\\b.*|[Ww]rite\\w*\\(|Create\\()\\s*["'\`]?[^\\s"'\`]*${name}`,
  );
  return paths.some((one) => made.test(read(one) ?? ''));
}
