import type { CheckResult, MeasuredValue } from '../../core/model/check.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { paint, type Stream, type Style } from '../io.ts';
import { table } from './table.ts';

const STYLES: Record<Verdict, Style> = {
  pass: 'green',
  fail: 'red',
  inconclusive: 'yellow',
  'not-run': 'yellow',
  error: 'red',
};

export function verdictText(stream: Stream, verdict: Verdict): string {
  return paint(stream, STYLES[verdict], verdict);
}

/** The values, then one line with verdict and reason, then where the raw output is. */
export function checkText(stream: Stream, result: CheckResult): string {
  const { values, notes, check, verdict, reason, log, durationMs } = result;
  const figures =
    values.length === 0
      ? ''
      : table(
          ['VALUE', 'MEASURED', 'LIMIT', 'N', 'VERDICT'],
          values.map((v) => row(stream, v)),
        );
  const seconds = (durationMs / 1000).toFixed(1);
  const where = log === undefined ? '' : `  log: ${log}\n`;
  const said = notes.map((note) => paint(stream, 'dim', `  ${note}\n`)).join('');
  return `${figures}${said}${check}: ${verdictText(stream, verdict)} in ${seconds} s. ${reason}\n${where}`;
}

function row(stream: Stream, value: MeasuredValue): string[] {
  const unit = value.unit === undefined ? '' : ` ${value.unit}`;
  return [
    value.name,
    `${figure(value.value)}${unit}`,
    limitText(value),
    value.n === undefined ? '-' : String(value.n),
    value.verdict === undefined ? '-' : verdictText(stream, value.verdict),
  ];
}

function limitText({ min, max }: MeasuredValue): string {
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  if (min !== undefined) return `>= ${min}`;
  return max === undefined ? '-' : `<= ${max}`;
}

/** Four significant digits: enough to see a limit crossed, few enough to read. */
export function figure(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 1000 ? value.toFixed(1) : value.toPrecision(4);
}
