import type { MeasuredValue } from '../model/check.ts';
import type { Verdict } from '../model/verdict.ts';
import { sectionAt } from './chunk.ts';
import type { Citation } from './citation.ts';
import type { Definition } from './definitions.ts';
import type { Document } from './library.ts';

/** What evidence says of a goal now. The goals feature knows it; grounding only tells and cites it. */
export interface GoalFact {
  /** `G-4`. */
  readonly goal: string;
  readonly title: string;
  /** `not-run` where there is no evidence. */
  readonly verdict: Verdict;
  /** False where what was measured has changed since, or was never measured. */
  readonly fresh: boolean;
  /** One sentence. */
  readonly reason: string;
  /** With the goal's own limits. */
  readonly values: readonly MeasuredValue[];
  /** Evidence files, relative to the workspace root. */
  readonly evidence: readonly string[];
}

/** Looks up goals by id, measuring nothing. Unknown ids are left out. */
export type GoalFacts = (goals: readonly string[], signal: AbortSignal | undefined) => Promise<readonly GoalFact[]>;

/** A sentence about a goal with the lines that bear it out. */
export interface FactStatement {
  readonly text: string;
  /** Parts of the text that are word for word. */
  readonly quotes: readonly string[];
  readonly citations: readonly Citation[];
}

/** A document with the line in it that defines the goal. */
export interface DefinedIn {
  readonly document: Document;
  readonly line: number;
}

/** `**G-4 Top-N Accuracy: fail**`: the engine's own verdict, which no document says and no model can change. */
export function tellVerdict({ goal, title, verdict, fresh }: GoalFact): string {
  return `**${goal} ${title}: ${verdict}**${fresh ? '' : ' (stale)'}`;
}

/**
 * One sentence a value, citing the evidence that holds the figure and the definition that holds its limit; where there is
 * no value, the reason that the evidence gives. Only what stands in these documents is told.
 */
export function tellFact(
  fact: GoalFact,
  evidence: readonly Document[],
  definitions: readonly DefinedIn[],
): FactStatement[] {
  const told = fact.values.flatMap((value) => tellValue(value, evidence, definitions) ?? []);
  return told.length > 0 ? told : evidence.flatMap((document) => tellReason(document) ?? []);
}

function tellValue(
  value: MeasuredValue,
  evidence: readonly Document[],
  definitions: readonly DefinedIn[],
): FactStatement | undefined {
  for (const document of evidence) {
    const found = findValue(document, value.name);
    if (found === undefined) continue;
    const limits = [
      ...limitText(value, 'min', 'at least', definitions),
      ...limitText(value, 'max', 'at most', definitions),
    ];
    const wanted = limits.length === 0 ? '' : `; wanted is ${limits.map((limit) => limit.text).join(' and ')}`;
    const unit = found.unit === undefined ? '' : ` ${found.unit}`;
    const text = `\`${value.name}\` is ${tellFigure(found.value, value)}${unit}${wanted}.`;
    const places = new Map([found.citation, ...limits.map((limit) => limit.citation)].map((one) => [place(one), one]));
    return { text, quotes: [], citations: [...places.values()] };
  }
  return undefined;
}

/** Lines of one value in evidence, which is JSON with one member a line. */
const VALUE_LINES = 12;

interface FoundValue {
  readonly value: number;
  readonly unit: string | undefined;
  readonly citation: Citation;
}

function findValue({ file, lines }: Document, name: string): FoundValue | undefined {
  const wanted = `"name": ${JSON.stringify(name)}`;
  for (let at = 1; at <= lines.count; at++) {
    if (!lines.line(at).includes(wanted)) continue;
    let value: number | undefined;
    let unit: string | undefined;
    let endLine = at;
    for (let next = at + 1; next <= at + VALUE_LINES && !/^\s*[}\]]/.test(lines.line(next)); next++) {
      const [, key, written = ''] = /^\s*"(\w+)":\s*(.*?),?\s*$/.exec(lines.line(next)) ?? [];
      if (key === 'value') value = Number(written);
      if (key === 'unit') unit = /^"(.*)"$/.exec(written)?.[1];
      endLine = next;
    }
    if (value !== undefined && Number.isFinite(value))
      return { value, unit, citation: { file, startLine: at, endLine } };
  }
  return undefined;
}

function limitText(
  value: MeasuredValue,
  bound: 'min' | 'max',
  words: string,
  definitions: readonly DefinedIn[],
): { text: string; citation: Citation }[] {
  const limit = value[bound];
  const unit = value.unit === undefined ? '' : ` ${value.unit}`;
  for (const { document, line } of limit === undefined ? [] : definitions) {
    const { file, lines, sections } = document;
    const isYaml = /\.ya?ml$/i.test(file);
    const last = isYaml ? (sectionAt(sections, line)?.endLine ?? line) : line;
    for (let at = line; at <= last; at++) {
      if (limit !== undefined && hasFigure(lines.line(at), limit) && lines.slice(line, at).includes(value.name)) {
        return [{ text: `${words} ${limit}${unit}`, citation: { file, startLine: line, endLine: at } }];
      }
    }
  }
  return [];
}

function tellReason({ file, lines }: Document): FactStatement | undefined {
  for (let at = 1; at <= lines.count; at++) {
    // A reason with escapes in it is not word for word what the file holds.
    const [, reason] = /^\s*"reason":\s*"([^"\\]+)",?\s*$/.exec(lines.line(at)) ?? [];
    if (reason === undefined) continue;
    return { text: `"${reason}"`, quotes: [reason], citations: [{ file, startLine: at, endLine: at }] };
  }
  return undefined;
}

function hasFigure(line: string, figure: number): boolean {
  return [...line.matchAll(/-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g)].some(([text]) => Number(text) === figure);
}

function place({ file, startLine, endLine }: Citation): string {
  return `${file}#${startLine}-${endLine}`;
}

/** Digits of a measured figure in prose; more where fewer would change what stands before the point, or reach a limit. */
const PROSE_DIGITS = 4;
const MOST_DIGITS = 15;

function tellFigure(value: number, { min, max }: MeasuredValue): string {
  if (Number.isInteger(value)) return String(value);
  for (let digits = PROSE_DIGITS; digits < MOST_DIGITS; digits++) {
    const text = value.toPrecision(digits);
    const rounded = Number(text);
    if (text.includes('e')) return String(value);
    if (Math.trunc(rounded) === Math.trunc(value) && rounded !== min && rounded !== max) return text;
  }
  return String(value);
}

/** The lines of a definition's file that define `goal`, as documents. */
export async function definedIn(
  definitions: readonly Definition[],
  document: (file: string) => Promise<Document | undefined>,
): Promise<DefinedIn[]> {
  const found: DefinedIn[] = [];
  for (const { file, line } of definitions) {
    const known = await document(file);
    if (known !== undefined) found.push({ document: known, line });
  }
  return found;
}
