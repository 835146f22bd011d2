import type { AcceptanceLine, Expectation, Operator } from '../model/acceptance.ts';
import { unitName } from '../model/units.ts';

const OPERATOR_NAMES: Readonly<Record<string, Operator>> = {
  '≥': '>=',
  '>=': '>=',
  'at least': '>=',
  'no less than': '>=',
  'not less than': '>=',
  '≤': '<=',
  '<=': '<=',
  'at most': '<=',
  'no more than': '<=',
  'not more than': '<=',
  '>': '>',
  'more than': '>',
  'greater than': '>',
  '<': '<',
  'less than': '<',
  'fewer than': '<',
  '=': '=',
  '==': '=',
  equals: '=',
  '±': '±',
  '+/-': '±',
};

const OPERATOR =
  /≥|≤|±|\+\/-|(?<![-=<>!:≠])(?:>=|<=|==|>|<|=)(?![=<>])|\b(?:at least|at most|no(?:t)? (?:less|more) than|(?:more|greater|less|fewer) than|equals)\b/gi;
const NUMBER =
  /^\s*([-+]?(?:\d{1,3}(?:[,_]\d{3})+(?![\d,_])|\d+)(?:\.\d+)?(?:e[-+]?\d+)?|[-+]?\.\d+)(?![\d.,_^/-]*\d)/i;
const UNIT = /^\s*(%|(?:[A-Za-zµμ]+ )?per (?:second|sec|minute)\b|[A-Za-zµμ]+(?:\/[A-Za-z]+)?|\/(?:s|min)\b)/;
const PLACE =
  /^(?:[,:]\s*)?(?:(?:on|in|at)\s+(?!\d)(?<bare>.+)|(?<full>(?:under|during|for|across|with|while|after|when|over)\s.+)|\((?<inner>[^()]+)\))$/i;
const PREPOSITION = /^(?:on|in|at|under|during|for|across|with|while|after|when|over|of|from|per|to|and|or|by|than)$/i;
/** Words that make a line say more than one comparison can. */
const QUALIFIER = /\b(?:or|unless|except|but|if|not|never|no|without|either|neither)\b/i;
const METRIC_QUALIFIER = /\b(?:and|when|while|after|before|under|during)\b|[,;?]|(?:^|\s)\d/i;
const VERB = /(?:\s+(?:is|are|be|must be|should be|stays|stay|remains|remain|of))+$|\s*:$/i;
const MAX_METRIC_WORDS = 6;
/** Characters beside a sign in which its number stands. */
const LONGEST_FIGURE = 40;

/**
 * Reads one acceptance line. A line becomes an expectation only where it is one plain comparison; with a second
 * comparison, a condition or a remainder that is not a place it stays free text, for a person to judge.
 */
export function parseAcceptance(text: string): AcceptanceLine {
  const expectation = readExpectation(text);
  return expectation === undefined ? { text } : { text, expectation };
}

function readExpectation(text: string): Expectation | undefined {
  const plain = text
    .replaceAll(/[`*]/g, '')
    .replaceAll(/[\s\u00A0\u202F]+/g, ' ')
    .trim()
    .replace(/\.$/, '');
  const [match, second] = [...plain.matchAll(OPERATOR)];
  if (match === undefined || second !== undefined) return undefined;
  const operator = OPERATOR_NAMES[match[0].toLowerCase()];
  const after = plain.slice(match.index + match[0].length);
  const number = NUMBER.exec(after);
  const value = Number(number?.[1]?.replaceAll(/[,_]/g, ''));
  if (operator === undefined || number === null || !Number.isFinite(value)) return undefined;
  const metric = plain.slice(0, match.index).trim().replace(VERB, '');
  const rest = after.slice(number[0].length);
  const named = metric === '' ? readNamedAfter(rest) : readNamedBefore(metric, rest);
  return (
    named && {
      metric: named.metric,
      operator,
      value,
      ...optional('unit', named.unit),
      ...optional('where', named.where),
    }
  );
}

const SIGN = /≥|≤|±|\+\/-|(?<![-=<>!])(?:>=|<=)(?![=<>])|(?<=\s|^)[<>](?=\s|$)/g;
const DIGIT_BEFORE = /\d\s*\S{0,3}\s*$/;
const DIGIT_AFTER = /^\s*[-+~≈$€]?\s*\.?\d/;

/** Where a comparison sign compares with no number, as in `≥ ninety%`; offsets in UTF-16 units. */
export function signWithoutNumber(text: string): { readonly at: number; readonly sign: string } | undefined {
  for (const { 0: sign, index } of text.matchAll(SIGN)) {
    const [before, after] = [text.slice(0, index), text.slice(index + sign.length)];
    if (!DIGIT_BEFORE.test(before.slice(-LONGEST_FIGURE)) && !DIGIT_AFTER.test(after.slice(0, LONGEST_FIGURE))) {
      return { at: index, sign };
    }
  }
  return undefined;
}

interface Named {
  readonly metric: string;
  readonly unit: string | undefined;
  readonly where: string | undefined;
}

/** `recovery_time < 5s on linux`: the metric stands before the comparison. */
function readNamedBefore(metric: string, rest: string): Named | undefined {
  if (!isMetric(metric)) return undefined;
  const word = UNIT.exec(rest);
  const hasUnit = word?.[1] !== undefined && !PREPOSITION.test(word[1]);
  const unit = hasUnit ? (unitName(word[1] ?? '') ?? word[1]) : undefined;
  const place = readPlace(hasUnit ? rest.slice(word[0].length) : rest);
  return place && { metric, unit, where: place.where };
}

/** `≥95% capture on linux`, `at least 3 replicas`: the metric follows the value, and is counted where there is no unit. */
function readNamedAfter(rest: string): Named | undefined {
  const word = UNIT.exec(rest)?.[0] ?? '';
  const unit = unitName(word);
  const remainder = (unit === undefined ? rest : rest.slice(word.length)).trim();
  const words = remainder.split(' ');
  const stop = words.findIndex((part) => PREPOSITION.test(part) || part.startsWith('('));
  const metric = words.slice(0, stop < 0 ? undefined : stop).join(' ');
  const place = readPlace(stop < 0 ? '' : words.slice(stop).join(' '));
  if (!isMetric(metric) || place === undefined) return undefined;
  return { metric, unit: unit ?? 'count', where: place.where };
}

function isMetric(metric: string): boolean {
  if (metric.split(' ').length > MAX_METRIC_WORDS || !/\p{L}/u.test(metric)) return false;
  return !QUALIFIER.test(metric) && !METRIC_QUALIFIER.test(metric);
}

function readPlace(text: string): { readonly where: string | undefined } | undefined {
  const rest = text.trim();
  if (rest === '') return { where: undefined };
  const groups = QUALIFIER.test(rest) ? undefined : PLACE.exec(rest)?.groups;
  return groups && { where: groups.bare ?? groups.full ?? groups.inner };
}

function optional<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: string };
}
