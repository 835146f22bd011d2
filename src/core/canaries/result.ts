import type { MeasuredValue } from '../model/check.ts';
import type { Goal } from '../model/goal.ts';
import type { Issue } from '../model/issue.ts';
import { combineVerdicts, type Verdict } from '../model/verdict.ts';
import type { Defect, Unplantable } from './defect.ts';

export const CANARY_RESULTS = ['red', 'green', 'not-proven', 'broken', 'no-canary', 'off'] as const;
/**
 * `red`: the goal turned red, as it must. `green`: the gate did not see the defect. `not-proven`: nothing was measured, or
 * too little. `broken`: the defect could not be planted, or broke something else.
 */
export type CanaryOutcome = (typeof CANARY_RESULTS)[number];

/** One canary, or a goal without any. */
export interface CanaryResult {
  readonly goal: string;
  /** Undefined where there is no defect to plant. */
  readonly defect: string | undefined;
  readonly origin: Defect['origin'] | undefined;
  readonly files: readonly string[];
  /** The scenario that was run for about so many seconds in place of its own length. */
  readonly scenario: { readonly name: string; readonly seconds: number } | undefined;
  /** Undefined where the goal was not measured. */
  readonly before: Verdict | undefined;
  readonly verdict: Verdict | undefined;
  /** What was measured with the defect, on one line. */
  readonly measured: string;
  readonly reason: string;
  readonly seconds: number | undefined;
  readonly result: CanaryOutcome;
  /** What stands beside the result; empty where there is nothing to say. */
  readonly note: string;
}

/** What the goal said with the defect in place. */
export interface Seen {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly values: readonly MeasuredValue[];
  readonly issues: readonly Issue[];
  /** Verdicts of the steps that were measured for this defect; none where nothing depends on what it changed. */
  readonly steps: readonly Verdict[];
  /** True where the goal has steps that were not measured for this defect. */
  readonly others: boolean;
}

/** What was known without the defect: of the goal, and of the step that the defect is for. */
export interface Before {
  readonly goal: Verdict | undefined;
  readonly step: Verdict | undefined;
}

/** Whether a defect made its goal red. The goal must say so, and by what was measured for this defect. */
export function judge(
  shows: Defect['shows'],
  before: Before,
  seen: Seen,
): { readonly result: CanaryOutcome; readonly note: string } {
  if (seen.steps.length === 0) {
    const note = 'nothing that the goal is judged by depends on what the defect changes';
    return { result: 'broken', note };
  }
  const verdict = seen.others ? combineVerdicts(seen.steps) : seen.verdict;
  if (verdict === 'error') return { result: 'broken', note: 'the measurement broke; the defect shows nothing' };
  const isRed = shows === 'fail' ? verdict === 'fail' : verdict === 'fail' || verdict === 'not-run';
  if (isRed && seen.verdict !== 'pass') {
    if (before.goal === 'fail') return { result: 'red', note: 'already red, so its canary proves nothing new' };
    if (verdict === 'not-run') return { result: 'red', note: 'nothing ran, and that is no pass' };
    const wasGreen = before.goal === 'pass' || before.step === 'pass';
    return { result: 'red', note: wasGreen ? '' : `was ${before.goal ?? 'not measured'} before, so less is proven` };
  }
  if (verdict === 'pass' || seen.verdict === 'pass')
    return { result: 'green', note: 'the gate does not see the defect' };
  return { result: 'not-proven', note: `${verdict} is not red` };
}

/** The figure or the problem that the verdict hangs on. */
export function measuredText({ values, issues }: Pick<Seen, 'values' | 'issues'>): string {
  const limited = values.filter(({ min, max }) => min !== undefined || max !== undefined);
  const shown = limited.find(isBeyond) ?? values.find(({ name, value }) => /tests_failed$/.test(name) && value > 0);
  if (shown !== undefined) return valueText(shown);
  const issue = issues.find(({ severity }) => severity === 'error');
  if (issue !== undefined) return firstSentence(issue.message);
  const first = limited[0] ?? values.find(({ name }) => /tests_passed$/.test(name));
  return first === undefined ? '' : valueText(first);
}

function isBeyond({ value, min, max }: MeasuredValue): boolean {
  return (min !== undefined && value < min) || (max !== undefined && value > max);
}

function valueText({ name, value, unit, min, max }: MeasuredValue): string {
  const figure = Number.isInteger(value) ? String(value) : value.toPrecision(4);
  const named = unit === undefined || unit === 'count' ? '' : ` ${unit}`;
  const limit = [min === undefined ? '' : `>= ${min}`, max === undefined ? '' : `<= ${max}`].filter(Boolean).join(', ');
  return `${name} ${figure}${named}${limit === '' ? '' : ` (${limit})`}`;
}

function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/s.exec(text)?.[0].replace(/\s+/g, ' ') ?? text;
}

const NOTHING = {
  files: [],
  scenario: undefined,
  before: undefined,
  verdict: undefined,
  measured: '',
  seconds: undefined,
};

export function switchedOff({ id, reason = '' }: Goal): CanaryResult {
  return { ...NOTHING, goal: id, defect: undefined, origin: undefined, reason, result: 'off', note: reason };
}

export function withoutCanary({ id, kind }: Goal): CanaryResult {
  const reason = `Goals of kind ${kind} need a canary of the project's own: list one under "canaries" in infrabuilder.yaml.`;
  return { ...NOTHING, goal: id, defect: undefined, origin: undefined, reason, result: 'no-canary', note: '' };
}

/** A declared one that cannot be planted is a mistake; that nothing can be derived from a project is none. */
export function unplantable({ goal, title, origin, why }: Unplantable): CanaryResult {
  const result = origin === 'declared' ? 'broken' : 'no-canary';
  return { ...NOTHING, goal, defect: title, origin, reason: why, result, note: '' };
}
