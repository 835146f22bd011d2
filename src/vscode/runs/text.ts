import { l10n } from 'vscode';
import type { MeasuredValue } from '../../core/model/check.ts';
import type { TranscriptEntry } from '../../core/model/implementation.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import type { VerifyJson } from '../../core/operations/verify.ts';
import { resultText } from '../implement/lines.ts';
import { type CheckJson, type Run, type RunEnd, type Settled, verdictOf } from './run.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type CheckFacts = Pick<CheckJson, 'verdict' | 'tests' | 'coverage' | 'values' | 'issues'>;

/** `just now`, `2 min ago`. */
export function ageText(then: Date, now = Date.now()): string {
  const age = now - then.getTime();
  if (age < MINUTE) return l10n.t('just now');
  if (age < HOUR) return l10n.t('{0} min ago', Math.floor(age / MINUTE));
  if (age < DAY) return l10n.t('{0} h ago', Math.floor(age / HOUR));
  return l10n.t('{0} d ago', Math.floor(age / DAY));
}

/** The outcome of a run in a few words: `212 passed, 84 %`. */
export function summaryText(end: RunEnd): string {
  switch (end.kind) {
    case 'check':
      return checkSummary(end.result);
    case 'verify':
      return verifySummary(end.result);
    case 'scenario':
      return [verdictText(end.result.verdict), ...end.result.kpis.slice(0, 2).map(valueText)].join(', ');
    case 'implement':
      return outcomeText(end.result.outcome);
    case 'cancelled':
      return l10n.t('cancelled');
    case 'unusable':
      return end.message.split('\n')[0] ?? end.message;
  }
}

/** The outcome in a sentence, for the end of the output. */
export function endText(end: RunEnd): string {
  if (end.kind === 'check' || end.kind === 'scenario')
    return `${verdictText(end.result.verdict)}: ${end.result.reason}`;
  if (end.kind === 'verify') return verifySummary(end.result);
  if (end.kind === 'implement') return resultText(end.result, outcomeText(end.result.outcome)).join('\r\n');
  return end.kind === 'cancelled' ? l10n.t('Cancelled.') : end.message.replaceAll('\n', '\r\n');
}

/** What a lens or a row says about the last run: outcome, age, and whether it still holds. */
export function stateText(run: Run): string {
  if (run.end === undefined) return run.progress === '' ? l10n.t('running') : run.progress;
  const parts = [summaryText(run.end), ageText(run.endedAt ?? run.startedAt)];
  if (run.settled !== undefined) parts.push(settledText(run.settled));
  if (run.stale && verdictOf(run.end) !== undefined) parts.push(l10n.t('stale'));
  return parts.join(' · ');
}

function settledText(settled: Settled): string {
  switch (settled) {
    case 'accepted':
      return l10n.t('accepted');
    case 'discarded':
      return l10n.t('discarded');
    case 'gone':
      return l10n.t('copy is gone');
  }
}

export function verdictText(verdict: Verdict): string {
  switch (verdict) {
    case 'pass':
      return l10n.t('pass');
    case 'fail':
      return l10n.t('fail');
    case 'inconclusive':
      return l10n.t('inconclusive');
    case 'not-run':
      return l10n.t('not run');
    case 'error':
      return l10n.t('error');
  }
}

export function outcomeText(outcome: Extract<TranscriptEntry, { type: 'end' }>['outcome']): string {
  switch (outcome) {
    case 'done':
      return l10n.t('done');
    case 'not-done':
      return l10n.t('not done');
    case 'needs-person':
      return l10n.t('needs a person');
    case 'interrupted':
      return l10n.t('interrupted');
  }
}

/** Two figures after the point are enough to read; comparison happens on the unrounded value. */
export function numberText(value: number, unit: string | undefined): string {
  const digits = Math.abs(value) >= 100 ? 0 : 2;
  const text = value.toLocaleString('en', { maximumFractionDigits: digits, useGrouping: false });
  return unit === undefined || unit === 'count' ? text : `${text} ${unit === 'percent' ? '%' : unit}`;
}

function verifySummary({ goals }: VerifyJson): string {
  const applying = goals.filter(({ applies }) => applies);
  const held = applying.filter(({ holds }) => holds).length;
  const failed = applying.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id);
  const text = l10n.t('{0} of {1} goals pass', held, applying.length);
  return failed.length === 0 ? text : `${text}, ${l10n.t('failing: {0}', failed.join(', '))}`;
}

/** `topn_capture_ratio 71.43 % < 95 %`, or with the limit that holds: `cpu_usage 1.2 % ≤ 2 %`. */
export function valueText({ name, value, unit, min, max }: MeasuredValue): string {
  const parts = [name, numberText(value, unit)];
  if (min !== undefined) parts.push(`${value >= min ? '≥' : '<'} ${numberText(min, unit)}`);
  if (max !== undefined) parts.push(`${value <= max ? '≤' : '>'} ${numberText(max, unit)}`);
  return parts.join(' ');
}

/** What a check counted, in a few words: `212 passed, 84 %`. */
export function checkSummary({ verdict, tests, coverage, values, issues }: CheckFacts): string {
  const parts: string[] = [];
  if (tests !== null) {
    parts.push(l10n.t('{0} passed', tests.passed));
    if (tests.failed > 0) parts.push(l10n.t('{0} failed', tests.failed));
    if (tests.skipped > 0) parts.push(l10n.t('{0} skipped', tests.skipped));
  }
  if (coverage !== null) parts.push(numberText(coverage, 'percent'));
  const missed = values.find((value) => value.verdict === 'fail');
  if (missed !== undefined) parts.push(`${missed.name} ${numberText(missed.value, missed.unit)}`);
  const problems = issues.filter(({ severity }) => severity !== 'info').length;
  if (problems > 0 && tests === null)
    parts.push(problems === 1 ? l10n.t('1 problem') : l10n.t('{0} problems', problems));
  if (parts.length === 0 || (verdict !== 'pass' && verdict !== 'fail')) parts.unshift(verdictText(verdict));
  return parts.join(', ');
}
