import { convert, unitName } from '../model/units.ts';

/** A figure with the unit that stands beside it, as `unitName` writes it. */
export interface Figure {
  readonly text: string;
  readonly value: number;
  /** Digits that are stated, leading zeros left out. */
  readonly digits: number;
  readonly unit: string | undefined;
  /** What is said of the figure: that it is the least or the greatest that is allowed. */
  readonly bound: 'least' | 'greatest' | undefined;
}

const IDENTIFIER = new RegExp(
  [
    String.raw`\d{4}-\d{2}-\d{2}`,
    String.raw`v?\d+(?:\.\d+){2,}(?::\d+)?`,
    String.raw`--?[a-z][\w-]*(?==|\b)`,
    String.raw`[\p{L}\p{N}_./-]*[\p{L}\p{N}_]`,
  ].join('|'),
  'gu',
);
const DATE_OR_VERSION = /^(?:\d{4}-\d{2}-\d{2}|v?\d+(?:\.\d+){2,}(?::\d+)?)$/;
const NUMBER_WORDS: Readonly<Record<string, number>> = {
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  twenty: 20,
  thirty: 30,
  hundred: 100,
  thousand: 1000,
  million: 1e6,
};
const FIGURE = new RegExp(
  String.raw`(?<![\p{L}\p{N}_.])([-−+]?)(\d{1,3}(?:[,_'\u00a0\u202f]\d{3})+(?!\d)|\d+)(\.\d+)?(?:[eE]([-+]?\d{1,3})|\s?\^\s?(\d{1,2}))?|\b(${Object.keys(NUMBER_WORDS).join('|')})\b`,
  'giu',
);
const UNIT_AFTER =
  /^\s?(%|per (?:second|minute)|[A-Za-zµμ]{1,12}(?:\/s|\s?per (?:second|minute|sec))?)(?![\p{L}\p{N}_])/u;
const LEAST = /(?:≥|>=|at least|no less than|not less than|minimum(?: of)?|["']?\bmin(?:imum)?["']?\s*[:=])\s*$/i;
const GREATEST = /(?:≤|<=|at most|no more than|not more than|maximum(?: of)?|["']?\bmax(?:imum)?["']?\s*[:=])\s*$/i;
/** Words that may also tell of a condition; where they are denied they say the opposite: "must not exceed 2 %". */
const BEYOND = /(?:(?<![-=])>|\b(?:above|over|more than|greater than|higher than|exceed(?:s|ing)?))\s*$/i;
const WITHIN = /(?:<|\b(?:below|under|less than|lower than|fewer than|smaller than|up to))\s*$/i;
const DENIED = /\b(?:not|never|no|cannot)\b|n't\b/i;
const BOUND_REACH = 40;

/** Names in a text that a source must have: code, ids, paths, flags, words in capitals, names inside a sentence. */
export function identifiersOf(text: string): string[] {
  const found = new Set<string>();
  for (const [, code = ''] of text.matchAll(/`([^`\n]+)`/g)) if (code.trim() !== '') found.add(code.trim());
  const rest = text.replace(/`[^`\n]+`/g, ' , ');
  for (const match of rest.matchAll(IDENTIFIER)) {
    const before = rest.slice(0, match.index);
    for (const word of wordsOf(match[0])) if (isIdentifier(word) || isName(word, before)) found.add(word);
  }
  return [...found];
}

/** `read/write` is two words; `sampler/selector.go` and `/proc` are one. */
function wordsOf(match: string): string[] {
  const word = match.replace(/^(?:\.{2,}|-(?![a-z-]))/, '');
  return /^\p{L}+(?:\/\p{L}+)+$/u.test(word) ? word.split('/') : [word];
}

function isIdentifier(word: string): boolean {
  if (DATE_OR_VERSION.test(word) || /^--?[a-z]/.test(word)) return true;
  if (!/\p{L}/u.test(word) || /^(?:e\.g|i\.e|\d[\d.]*[eE]\d+)$/.test(word)) return false;
  // `100MB`, `60-second`: a figure and its unit.
  if (/^\d+(?:\.\d+)?(?:\p{L}{1,3}|-\p{L}+)$/u.test(word)) return false;
  return (
    /[_/]/.test(word) ||
    /\p{Ll}\p{Lu}/u.test(word) ||
    /\p{L}-?\d|\d-?\p{L}/u.test(word) ||
    /^\p{Lu}{2,}s?$/u.test(word) ||
    /\p{L}\.\p{L}/u.test(word)
  );
}

/** A word with a capital that does not begin a sentence. */
function isName(word: string, before: string): boolean {
  return /^\p{Lu}[\p{L}-]+$/u.test(word) && /[\p{L}\p{N},;)%`"”]\s+$/u.test(before);
}

/** The figures of a text, those inside identifiers left out. */
export function figuresOf(text: string): Figure[] {
  const hidden = hideIdentifiers(text);
  return [...hidden.matchAll(FIGURE)].map((match) => {
    const [whole, sign = '', integer = '', fraction = '', exponent, power, word] = match;
    const after = text.slice(match.index + whole.length);
    const before = text.slice(Math.max(0, match.index - BOUND_REACH), match.index);
    const plain = `${integer.replace(/\D/g, '')}${fraction}`;
    const scale = exponent === undefined ? '' : `e${exponent}`;
    const magnitude =
      word === undefined
        ? power === undefined
          ? Number(`${plain}${scale}`)
          : Number(plain) ** Number(power)
        : (NUMBER_WORDS[word.toLowerCase()] ?? 0);
    // A dash after a word or a figure joins (`1-300`); only elsewhere it is a sign.
    const isNegative = /[-−]/.test(sign) && !/[\p{L}\p{N}]\s?$/u.test(before);
    return {
      text: whole.trim(),
      value: isNegative ? -magnitude : magnitude,
      digits: plain.replace('.', '').replace(/^0+/, '').length,
      unit: unitAfter(after),
      bound: boundAfter(before),
    };
  });
}

function boundAfter(before: string): Figure['bound'] {
  if (LEAST.test(before)) return 'least';
  if (GREATEST.test(before)) return 'greatest';
  const isBeyond = BEYOND.test(before);
  if (!isBeyond && !WITHIN.test(before)) return undefined;
  return isBeyond === DENIED.test(before) ? 'greatest' : 'least';
}

/** Counts that are one word with what they count, such as `500-PID`: the words in lower case, and their values. */
export function countsIn(text: string): ReadonlyMap<string, ReadonlySet<number>> {
  const counts = new Map<string, Set<number>>();
  for (const [, digits = '', word = ''] of text.matchAll(/(?<![\p{L}\p{N}_.-])(\d[\d,]*)-(\p{L}{2,})/gu)) {
    const key = word.toLowerCase();
    counts.set(key, (counts.get(key) ?? new Set()).add(Number(digits.replace(/,/g, ''))));
  }
  return counts;
}

function unitAfter(text: string): string | undefined {
  const found = UNIT_AFTER.exec(text)?.[1];
  return found === undefined ? undefined : unitName(found);
}

/** Digits of identifiers are no figures: they are made letters, so that offsets stay. */
function hideIdentifiers(text: string): string {
  return text.replace(IDENTIFIER, (word) => (isIdentifier(word) ? word.replace(/\d/g, '_') : word));
}

/** The units that a text names anywhere, also inside identifiers (`export_timeout_seconds`). */
export function unitsIn(text: string): ReadonlySet<string> {
  const units = new Set<string>();
  for (const [word] of text.matchAll(/%|[A-Za-zµμ]{2,}(?:\/s)?/g)) {
    const name = unitName(word);
    if (name !== undefined) units.add(name);
  }
  for (const [, rate = ''] of text.matchAll(/([A-Za-z]{3,} (?:per|a) second)/g))
    if (rate !== '') units.add('per second');
  return units;
}

/** Digits below which a figure is taken to be exact, not rounded. */
const FEWEST_ROUNDED_DIGITS = 3;

/**
 * Whether a source that has these figures bears out a claimed one: the same value in the same or a convertible unit, or
 * rounded from it. Rounding never changes the part before the point, and never reaches another figure of the source: 94.96
 * below a limit of 95 cannot be told as 95.0.
 */
export function bearsOut(claimed: Figure, figures: readonly Figure[], units: ReadonlySet<string>): boolean {
  const { unit } = claimed;
  return figures.some((figure) => {
    if (unit !== undefined && figure.unit === undefined && !units.has(unit)) return false;
    const value =
      unit === undefined || figure.unit === undefined ? figure.value : convert(figure.value, figure.unit, unit);
    if (value === undefined) return false;
    if (Math.abs(value - claimed.value) <= Math.abs(value) * 1e-9) return true;
    return isRounded(claimed, value) && !figures.some((other) => other.value === claimed.value);
  });
}

function isRounded({ text, value, digits }: Figure, exact: number): boolean {
  if (digits < FEWEST_ROUNDED_DIGITS || Math.trunc(value) !== Math.trunc(exact)) return false;
  const decimals = /\.(\d+)/.exec(text)?.[1]?.length ?? 0;
  return Math.abs(value - exact) <= 0.5 * 10 ** -decimals + Number.EPSILON * Math.abs(exact);
}

/** True where the source calls the same value a limit, and always the opposite one. */
export function turnsLimitRound(claimed: Figure, figures: readonly Figure[]): boolean {
  if (claimed.bound === undefined) return false;
  const same = figures.filter((figure) => figure.value === claimed.value && figure.bound !== undefined);
  return same.length > 0 && same.every((figure) => figure.bound !== claimed.bound);
}
