import { type Figure, figuresOf } from './facets.ts';
import { tellingTerms } from './tokens.ts';

/** A table row that is cited, with the head of its table. */
export interface CitedRow {
  readonly head: string;
  readonly row: string;
}

/**
 * Figures that the source states of something else: a claim on "Default" that takes the figure of another column.
 * One sentence each. A claim that names no column, or two, is not judged.
 */
export function wrongColumn(claim: string, rows: readonly CitedRow[]): string[] {
  const figures = figuresOf(claim);
  const words = new Set(tellingTerms(claim));
  const wrong = rows.map(({ head, row }) => {
    const names = cellsOf(head);
    const named = names.flatMap((name, at) => {
      const terms = tellingTerms(name);
      return terms.length > 0 && terms.every((term) => words.has(term)) ? [at] : [];
    });
    const [at] = named;
    const cells = cellsOf(row);
    const own = figuresOf(cells[at ?? -1] ?? '');
    if (at === undefined || named.length > 1 || own.length === 0) return undefined;
    if (figures.length === 0 || figures.some((figure) => isAmong(figure, own))) return undefined;
    const taken = cells.findIndex((cell) => figures.some((figure) => isAmong(figure, figuresOf(cell))));
    if (taken < 0) return undefined;
    return `The cited row has that figure under "${names[taken]}"; under "${names[at]}" it has ${cells[at]}.`;
  });
  const [first] = wrong;
  return first !== undefined && wrong.every((one) => one !== undefined) ? [first] : [];
}

/** With its unit. */
const LONGEST_FIGURE = 40;
/** `CPU ≤ 2%`: a name, and what it is compared with. */
const COMPARED = /(?<![\p{L}\p{N}_])([\p{L}_][\p{L}\p{N}_]*)`?\s*(?:[≤≥<>=]=?|:)\s*/gu;

/** Figures that the source compares with another name: `RSS ≤ 2%` where it says `CPU ≤ 2% and RSS ≤ 100 MB`. */
export function swapped(claim: string, source: string): string[] {
  const known = new Map<string, Figure[]>();
  for (const match of source.matchAll(COMPARED)) {
    const start = match.index + match[0].length;
    const behind = source.slice(start, start + LONGEST_FIGURE);
    const [figure] = /^[-+]?\d/.test(behind) ? figuresOf(behind) : [];
    const name = (match[1] ?? '').toLowerCase();
    if (figure === undefined) continue;
    const figures = known.get(name);
    if (figures === undefined) known.set(name, [figure]);
    else figures.push(figure);
  }
  if (known.size < 2) return [];
  const reasons: string[] = [];
  let from = 0;
  for (const figure of figuresOf(claim)) {
    const at = claim.indexOf(figure.text, from);
    const between = new Set(
      claim
        .slice(from, at)
        .toLowerCase()
        .match(/[\p{L}_][\p{L}\p{N}_]*/gu),
    );
    from = at + figure.text.length;
    const [name, ...others] = [...known.keys()].filter((one) => between.has(one));
    if (name === undefined || others.length > 0 || isAmong(figure, known.get(name) ?? [])) continue;
    const owner = [...known].find(([, figures]) => isAmong(figure, figures))?.[0];
    if (owner !== undefined) reasons.push(`The cited lines state ${figure.text} of ${owner}, not of ${name}.`);
  }
  return reasons;
}

function isAmong({ value }: Figure, figures: readonly Figure[]): boolean {
  return figures.some((figure) => figure.value === value);
}

function cellsOf(row: string): string[] {
  return row
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim());
}
