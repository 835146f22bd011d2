import type { MeasuredValue } from '../model/check.ts';
import type { Verdict } from '../model/verdict.ts';
import { TextLines } from '../parse/textLines.ts';
import type { Citation } from './citation.ts';

/** What the latest evidence says of a goal. The goals feature knows it; grounding only tells and cites it. */
export interface GoalFact {
  /** `G-4`. */
  readonly goal: string;
  readonly title: string;
  /** `not-run` where there is no evidence. */
  readonly verdict: Verdict;
  /** False where the inputs have changed since the evidence was made. */
  readonly fresh: boolean;
  readonly values: readonly MeasuredValue[];
  /** The evidence file, relative to the workspace root; undefined where there is none. */
  readonly evidence: string | undefined;
}

/** Looks up goals by id. Unknown ids are left out. */
export type GoalFacts = (goals: readonly string[], signal: AbortSignal | undefined) => Promise<readonly GoalFact[]>;

/** A sentence about a goal with the lines of evidence that bear it out. */
export interface FactStatement {
  readonly text: string;
  readonly citations: readonly Citation[];
}

/** The verdict first, then one sentence a value. Only what stands in `evidence` is told. */
export function tellFact(fact: GoalFact, file: string, evidence: string): FactStatement[] {
  const lines = new TextLines(evidence);
  const cite = (startLine: number, endLine = startLine): Citation => ({ file, startLine, endLine });
  const goalLine = findLine(lines, (line) => hasString(line, fact.goal));
  const verdictLine = findLine(lines, (line) => hasKey(line, 'verdict') && hasString(line, fact.verdict));
  const statements: FactStatement[] = [];
  if (goalLine > 0 && verdictLine > 0) {
    const citations = goalLine === verdictLine ? [cite(goalLine)] : [cite(goalLine), cite(verdictLine)];
    statements.push({ text: `The verdict of ${fact.goal} is ${fact.verdict}.`, citations });
  }
  for (const value of fact.values) {
    const span = findValue(lines, value);
    if (span !== undefined) statements.push({ text: tellValue(value), citations: [cite(span.from, span.to)] });
  }
  return statements;
}

/** Lines between the name of a value and its figure, in JSON with one member a line. */
const VALUE_REACH = 12;

function findValue(lines: TextLines, { name, value, min, max }: MeasuredValue): { from: number; to: number } | undefined {
  for (let at = 1; at <= lines.count; at++) {
    if (!hasString(lines.line(at), name)) continue;
    const wanted = [value, ...[min, max].filter((limit) => limit !== undefined)];
    const found = wanted.map((figure) => nearest(lines, at, figure));
    const [first] = found;
    if (first === undefined) continue;
    const known = [at, ...found.filter((line) => line !== undefined)];
    return { from: Math.min(...known), to: Math.max(...known) };
  }
  return undefined;
}

function nearest(lines: TextLines, at: number, figure: number): number | undefined {
  for (let away = 0; away <= VALUE_REACH; away++) {
    for (const line of [at + away, at - away]) {
      if (line >= 1 && line <= lines.count && hasFigure(lines.line(line), figure)) return line;
    }
  }
  return undefined;
}

function hasFigure(line: string, figure: number): boolean {
  return [...line.matchAll(/-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g)].some(([text]) => Number(text) === figure);
}

function hasString(line: string, text: string): boolean {
  return line.includes(JSON.stringify(text));
}

function hasKey(line: string, key: string): boolean {
  return new RegExp(`"${key}"\\s*:`).test(line);
}

function findLine(lines: TextLines, test: (line: string) => boolean): number {
  for (let at = 1; at <= lines.count; at++) if (test(lines.line(at))) return at;
  return 0;
}

function tellValue(value: MeasuredValue): string {
  const unit = value.unit === undefined ? '' : ` ${value.unit}`;
  const limits: string[] = [];
  if (value.min !== undefined) limits.push(`at least ${value.min}${unit}`);
  if (value.max !== undefined) limits.push(`at most ${value.max}${unit}`);
  const wanted = limits.length === 0 ? '' : `; wanted is ${limits.join(' and ')}`;
  return `\`${value.name}\` is ${tellFigure(value)}${unit}${wanted}.`;
}

/** Digits of a measured figure in prose; more where fewer would change what stands before the point, or reach a limit. */
const PROSE_DIGITS = 4;
const MOST_DIGITS = 15;

function tellFigure({ value, min, max }: MeasuredValue): string {
  if (Number.isInteger(value)) return String(value);
  for (let digits = PROSE_DIGITS; digits < MOST_DIGITS; digits++) {
    const text = value.toPrecision(digits);
    const rounded = Number(text);
    if (text.includes('e')) return String(value);
    if (Math.trunc(rounded) === Math.trunc(value) && rounded !== min && rounded !== max) return text;
  }
  return String(value);
}
