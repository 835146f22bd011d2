import type { VerifyJson } from '../../core/operations/verify.ts';
import type { Stream } from '../io.ts';
import { figure, verdictText } from './check.ts';
import { table } from './table.ts';

type GoalJson = VerifyJson['goals'][number];
type Value = GoalJson['values'][number];

/** One row a goal with what measures it again, and below why some do not hold. */
export function verifyText(stream: Stream, { goals, holds }: VerifyJson): string {
  const rows = goals.flatMap((goal) => goalRows(stream, goal));
  const open = goals.filter((goal) => goal.applies && !goal.holds);
  const why = open.map((goal) => `${goal.id}  ${goal.reason}\n`);
  const off = goals.filter((goal) => !goal.applies).map((goal) => `${goal.id}  ${goal.reason}\n`);
  const end = holds ? 'All goals hold.' : `${open.length} of ${goals.length} goals do not hold.`;
  return [
    table(['GOAL', 'TITLE', 'VERDICT', 'VALUE', 'MEASURED', 'LIMIT', 'AGE', 'AGAIN'], rows),
    ...why,
    ...off,
    `${end}\n`,
  ].join('');
}

function goalRows(stream: Stream, goal: GoalJson): string[][] {
  const verdict = goal.applies ? verdictText(stream, goal.verdict) + (isStale(goal) ? ' (stale)' : '') : 'off';
  const shown = goal.values.filter(
    ({ name, min, max }) => min !== undefined || max !== undefined || /tests_passed$/.test(name),
  );
  const age = ageText(goal.ageSeconds);
  const again = goal.applies ? `infrabuilder verify --goal ${goal.id} --force` : '-';
  const [first, ...more] = shown.length === 0 ? [undefined] : shown;
  return [
    [goal.id, goal.title, verdict, ...cells(first), age, again],
    ...more.map((value) => ['', '', '', ...cells(value)]),
  ];
}

function isStale(goal: GoalJson): boolean {
  return !goal.fresh && (goal.verdict === 'pass' || goal.verdict === 'fail');
}

function cells(value: Value | undefined): [string, string, string] {
  if (value === undefined) return ['-', '-', '-'];
  const unit = value.unit === undefined || value.unit === 'count' ? '' : ` ${value.unit}`;
  return [value.name, `${figure(value.value)}${unit}`, limit(value)];
}

function limit({ min, max }: Value): string {
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  if (min !== undefined) return `>= ${min}`;
  return max === undefined ? '-' : `<= ${max}`;
}

export function ageText(seconds: number | null): string {
  if (seconds === null) return '-';
  const steps: readonly [number, string][] = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
  ];
  for (const [size, unit] of steps) if (seconds >= size) return `${Math.floor(seconds / size)} ${unit}`;
  return `${seconds} s`;
}

/** The lines that the plan's script reads: evidence on standard output, failures on standard error. */
export function evidenceLine({ id, reason }: GoalJson): string {
  return `[${id}] [EVIDENCE] ${oneLine(reason)}\n`;
}

export function failureLine({ id, verdict, reason }: GoalJson): string {
  return `[${id}] [FAILURE] ${verdict}: ${oneLine(reason)}\n`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
