import { RUN_PATTERN } from '../../model/evidence.ts';
import { unitName } from '../../model/units.ts';
import type { Figure } from '../claim.ts';
import type { DocumentLine } from './document.ts';

/** Columns that hold no measured figure: limits, names, times. */
const OTHER_COLUMN =
  /^#$|^n$|limit|threshold|target|budget|bar\b|max|min(?!ute)|expected|required|requirement|baseline|last run|before|age\b|date|when|version|platform|phase|duration|samples|evidence|run\b|command|again|priority|effort|estimate|load/i;
const VALUE_COLUMN =
  /value|measured|result|actual|observed|after|current|passed|coverage|status|evidence|achieved|score|notes?/i;
const NAME_COLUMN = /metric|kpi|indicator|measure\b|name/i;

const NUMBER = /(?<![\w./:#@~^-])[-+]?\d+(?:,\d{3})*(?:\.\d+)?/g;
const UNIT = /^\s?(%|[A-Za-zµμ]+(?:\/[A-Za-z]+)?|\/(?:s|min)\b)/;
/** What is counted. */
const COUNTED =
  /^\s(?:(?:unit|integration|consecutive|failed|passing|green|new)\s)?(tests?|checks?|cases|assertions|events?|envelopes|scenarios?|pids?|processes|runs?|errors?|failures?|packets|requests?|records?|violations?|benchmarks?)\b(?:\s(passed|failed|passing|green|skipped))?/i;
/** In front of a number: a limit, not what was measured. */
const COMPARED =
  /(?:[≤≥<>±~≈]=?|at least|at most|(?:less|more|greater|fewer|lower|higher|better) than|under|below|above|over|within|up to|exceeds?|limit(?: of)?|threshold(?: of)?|target(?: of)?|budget(?: of)?|max(?:imum)?(?: of)?|min(?:imum)?(?: of)?|from|after|every|for|between|version|between\b[^.;]*\band|γ =|α =|p)\s*[:=]?\s*\(?$/iu;
const NOISE = [
  /https?:\/\/\S+/g,
  /\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?Z?)?/g,
  /\bv?\d+\.\d+\.\d+\S*/g,
  /\b\d{1,2}:\d{2}(?::\d{2})?\b/g,
  /\b[0-9a-f]{12,}\b/g,
  // An event as the subject wrote it: what it says of itself is quoted, not claimed.
  /\b\w*Event\b[^|=]*(?:\b[\w.-]+=(?:"[^"]*"|[^\s|"]+)\s*)+/g,
];
const LONGEST_METRIC_WORDS = 5;
/** Characters; what stands further away names nothing. */
const LONGEST_CLAUSE = 200;
const FILLER =
  /^(?:the|a|an|and|or|with|is|was|are|were|of|at|in|to|only|about|now|still|reached|measured|achieved|showed?|shows|has|had|have|by|we|it|our|got|consistently|average|final|total)$/i;

/** The figures with a metric or a unit in a line of a result document; limits, dates, versions and places are none. */
export function figuresIn(line: DocumentLine): Figure[] {
  if (line.kind === 'row') return rowFigures(line);
  if (line.kind === 'output' && !/%/.test(line.text)) return [];
  return textFigures(line.text, undefined);
}

function rowFigures({ cells, header }: DocumentLine): Figure[] {
  const label = rowLabel(cells, header);
  return cells.flatMap((cell, at) => {
    const column = header[at] ?? '';
    if (OTHER_COLUMN.test(column) && !/evidence/i.test(column)) return [];
    if (at === label.at && !/[:=]/.test(cell)) return [];
    const found = textFigures(cell, label.text);
    if (found.length > 0 || !VALUE_COLUMN.test(column)) return found;
    const only = /^([-+]?\d+(?:,\d{3})*(?:\.\d+)?)$/.exec(cell.trim());
    if (only === null) return [];
    const metric = /^(?:passed|failed|skipped|coverage)$/i.test(column) ? column : label.text;
    return [figure(metric, only[1] ?? '', undefined)];
  });
}

/** What the row is about: the column that holds names, else the first. */
function rowLabel(cells: readonly string[], header: readonly string[]): { readonly at: number; readonly text: string } {
  const named = header.findIndex((one) => NAME_COLUMN.test(one));
  const valueIsName = header.some((one) => /^measured$/i.test(one))
    ? header.findIndex((one) => /^value$/i.test(one))
    : -1;
  const at = Math.max(0, valueIsName >= 0 ? valueIsName : named);
  return { at, text: (cells[at] ?? '').replaceAll('`', '') };
}

function textFigures(text: string, label: string | undefined): Figure[] {
  const clean = withoutNoise(text);
  const found: Figure[] = [];
  for (const match of clean.matchAll(NUMBER)) {
    const [number] = match;
    const before = clean.slice(Math.max(0, match.index - LONGEST_CLAUSE), match.index);
    const after = clean.slice(match.index + number.length);
    if (COMPARED.test(before) || /^\s?(?:[-–:/]\d|\.\d|(?:or|to) \d)/.test(after)) continue;
    const counted = COUNTED.exec(after);
    const unit = unitOf(after);
    const named = nameBefore(before);
    if (unit !== undefined) found.push(figure(named ?? label ?? nameAfter(after) ?? '', number, unit));
    else if (counted !== null) found.push(figure(countName(counted), number, 'count'));
    else if (named !== undefined && /_|`/.test(named) && /[:=]\s*$|\bis\s$|\bof\s$/.test(before)) {
      found.push(figure(named, number, undefined));
    }
  }
  return found
    .filter(({ metric }) => /\p{L}/u.test(metric))
    .map((one) => ({ ...one, metric: one.metric.replaceAll('`', '') }));
}

function withoutNoise(text: string): string {
  const runs = new RegExp(RUN_PATTERN.source.replace(/^\^|\$$/g, '').replace('(.+)', '[\\w-]+?'), 'g');
  return [runs, ...NOISE].reduce((rest, pattern) => rest.replace(pattern, ' '), text);
}

function unitOf(after: string): string | undefined {
  const word = UNIT.exec(after)?.[1];
  if (word === undefined) return undefined;
  const isShort = word.length === 1 && word !== '%';
  // A single letter is a unit only where it touches the number: "3 s" and "5 d" are as rare as "2 a".
  if (isShort && /^\s/.test(after) && word !== 's') return undefined;
  return unitName(word);
}

/** `topn_capture_ratio`, or the last words before the number in its clause. */
function nameBefore(before: string): string | undefined {
  const clause = before.split(/[,;(|]|\s[–—]\s|\.\s|:\s+(?=.*\s)/u).at(-1) ?? '';
  const identifier =
    /([A-Za-z]\w*_\w+)\W{0,3}(?:is|was|of|at|=|:)?\W{0,3}$/.exec(clause) ?? /`([^`]+)`[^`]{0,6}$/.exec(clause);
  if (identifier !== null) return `\`${identifier[1]}\``;
  const words = clause
    .replace(/[*`:=→✅]|->/gu, ' ')
    .trim()
    .split(/\s+/)
    .slice(-LONGEST_METRIC_WORDS);
  while (words.length > 0 && FILLER.test(words.at(-1) ?? '')) words.pop();
  while (words.length > 0 && FILLER.test(words[0] ?? '')) words.shift();
  const name = words.join(' ');
  return name === '' ? undefined : name;
}

/** `91.2% coverage`, `97 % of the top processes`. */
function nameAfter(after: string): string | undefined {
  const [, words] = /^\s?\S+\s+(?:of\s+)?((?:[\w-]+\s?){1,3})/.exec(after) ?? [];
  return words?.trim();
}

function countName([, noun = '', state]: RegExpExecArray): string {
  const plural = noun.toLowerCase().replace(/s?$/, 's');
  return state === undefined ? plural : `${plural} ${state.toLowerCase().replace(/passing|green/, 'passed')}`;
}

function figure(metric: string, number: string, unit: string | undefined): Figure {
  const text = number.replaceAll(',', '');
  const decimals = /\.(\d+)$/.exec(text)?.[1]?.length ?? 0;
  return { metric: metric.trim(), value: Number(text), unit, decimals };
}
