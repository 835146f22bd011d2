import { posix } from 'node:path';
import type { MeasuredValue } from '../model/check.ts';
import { thresholdText } from '../model/threshold.ts';
import type { Verdict } from '../model/verdict.ts';

const MARKS: Readonly<Record<Verdict, string>> = {
  pass: '✅ Pass',
  fail: '❌ Fail',
  inconclusive: '⚠️ Inconclusive',
  'not-run': '⏳ Not run',
  error: '❌ Error',
};

/** A verdict as the plan's tables show it. What is older than the work tree is no pass. */
export function verdictMark(verdict: Verdict, fresh = true): string {
  if (verdict === 'not-run' || fresh) return MARKS[verdict];
  return `⏳ Stale (was ${verdict})`;
}

/** Four significant digits, so that a reader sees a limit crossed; the evidence has the rest. */
export function figure(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 1000 ? value.toFixed(1) : String(Number(value.toPrecision(4)));
}

/** `97.31 percent`. */
export function valueText({ value, unit }: Pick<MeasuredValue, 'value' | 'unit'>): string {
  return unit === undefined ? figure(value) : `${figure(value)} ${unit}`;
}

/** `≥ 95 percent`; `-` without a limit. */
export function limitText({ min, max, unit }: Pick<MeasuredValue, 'min' | 'max' | 'unit'>): string {
  if (min === undefined && max === undefined) return '-';
  return thresholdText({ ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }), unit });
}

/** `+1.2`, `-0.5`, `0`; the unit is that of the values. */
export function deltaText(now: number, before: number | undefined): string {
  if (before === undefined) return '-';
  const delta = now - before;
  return delta > 0 ? `+${figure(delta)}` : figure(delta);
}

/** Text for a cell of a table: on one line, with no bar that would end the cell. */
export function cell(text: string): string {
  const plain = text
    .replace(/\s*\r?\n\s*/g, ' ')
    .replaceAll('|', '\\|')
    .trim();
  return plain === '' ? '-' : plain;
}

export function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}

/** `a, b`; `none` for an empty list. */
export function listText(items: readonly string[], none = 'none'): string {
  return items.length === 0 ? none : items.join(', ');
}

/** The day of an ISO time, in UTC. */
export function day(time: string): string {
  return time.slice(0, 10);
}

/** `2026-11-22 08:15 UTC`. */
export function minute(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
}

/** Links out of a document: paths of the workspace as seen from where the document lies. */
export function linkFrom(file: string): (path: string) => string {
  return (path) => posix.relative(posix.dirname(file), path);
}
