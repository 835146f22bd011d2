import { HumanError } from '../base/errors.ts';

export const BEGIN = '<!-- infrabuilder:begin -->';
export const END = '<!-- infrabuilder:end -->';
const NOTE = '<!-- InfraBuilder writes what is between these marks. Write your own text outside of them. -->';

/**
 * `text` with `block` between our marks: in place of the block that is there, else at the end. Everything outside of the
 * marks stays as it is, byte for byte, and the line ends are those of the file. Undefined where nothing would change.
 * Throws HumanError `agents.broken-marks` where a mark is missing, repeated or out of order; `file` is for its message.
 */
export function withManagedBlock(text: string | undefined, block: string, file: string): string | undefined {
  const before = text ?? '';
  const end = before.includes('\r\n') ? '\r\n' : '\n';
  const managed = [BEGIN, NOTE, ...block.trim().split('\n'), END].join(end);
  const place = findBlock(before, file);
  const after =
    place === undefined
      ? before + gapBehind(before, end) + managed + end
      : before.slice(0, place.start) + managed + before.slice(place.end);
  return after === text ? undefined : after;
}

function gapBehind(text: string, end: string): string {
  if (text === '' || text.endsWith(end + end)) return '';
  return text.endsWith('\n') ? end : end + end;
}

/** Offsets of the block, marks included. Only a mark that is a line of its own counts: text may speak of marks. */
function findBlock(text: string, file: string): { start: number; end: number } | undefined {
  const begins = linesOf(text, BEGIN);
  const ends = linesOf(text, END);
  if (begins.length === 0 && ends.length === 0) return undefined;
  const [start] = begins;
  const [last] = ends;
  if (begins.length === 1 && ends.length === 1 && start !== undefined && last !== undefined && start < last) {
    return { start, end: last + END.length };
  }
  const line = text.slice(0, Math.min(...begins, ...ends)).split('\n').length;
  throw new HumanError(
    'agents.broken-marks',
    `${file}:${line}: the marks of the InfraBuilder block do not pair up, so nobody can tell what is yours.`,
    `Leave one line ${BEGIN} and one line ${END} below it, or none of them, then try again.`,
  );
}

/** Offsets of the lines that hold nothing but `mark`, at their start. */
function linesOf(text: string, mark: string): number[] {
  const pattern = new RegExp(`^${mark}(?=[ \\t]*\\r?$)`, 'gm');
  return Array.from(text.matchAll(pattern), (match) => match.index);
}
