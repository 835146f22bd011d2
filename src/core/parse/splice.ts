/** Replaces the text between two offsets. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

export function applySplice(text: string, splice: Splice): string {
  return text.slice(0, splice.start) + splice.newText + text.slice(splice.end);
}

/**
 * `splices` lead from an original text to `current`; the result leads from the original to `current` with `next` applied.
 * Splices are sorted, in offsets of the original, and do not touch.
 */
export function compose(splices: readonly Splice[], current: string, next: Splice): Splice[] {
  const before: Splice[] = [];
  const touched: Splice[] = [];
  const after: Splice[] = [];
  let shiftBefore = 0;
  let shift = 0;
  let { start, end } = next;
  for (const splice of splices) {
    const from = splice.start + shift;
    const to = from + splice.newText.length;
    shift += splice.newText.length - (splice.end - splice.start);
    if (to < next.start) {
      before.push(splice);
      shiftBefore = shift;
    } else if (from > next.end) after.push(splice);
    else {
      touched.push(splice);
      start = Math.min(start, from);
      end = Math.max(end, to);
    }
  }
  const grown = touched.reduce((sum, splice) => sum + splice.newText.length - (splice.end - splice.start), 0);
  const newText = current.slice(start, next.start) + next.newText + current.slice(next.end, end);
  return [...before, { start: start - shiftBefore, end: end - shiftBefore - grown, newText }, ...after];
}
