import type { AcceptanceLine, Expectation } from '../model/acceptance.ts';
import type { MeasuredValue } from '../model/check.ts';
import { isKpi, KPIS } from '../model/kpi.ts';
import { convert } from '../model/units.ts';
import { mentions } from '../parse/mentions.ts';
import type { StepState } from './survey.ts';

/**
 * `holds` and `fails` were measured. `unmeasured` is bound to a step without fresh evidence. `needs-person` is bound to
 * nothing: only a person can say that it holds.
 */
export type LineVerdict = 'holds' | 'fails' | 'unmeasured' | 'needs-person';

export interface LineState {
  readonly text: string;
  readonly verdict: LineVerdict;
  /** The figure and where it comes from, or what is missing. */
  readonly detail: string;
  /** Steps that the line is bound to. */
  readonly steps: readonly string[];
}

/** Binds an acceptance line to measured values by metric and place, or to a named check or scenario. */
export function bindLine(line: AcceptanceLine, states: readonly StepState[]): LineState {
  const { text, expectation } = line;
  return expectation === undefined ? bindNamed(text, states) : bindExpectation(text, expectation, states);
}

function bindExpectation(text: string, expectation: Expectation, states: readonly StepState[]): LineState {
  const { metric, where } = expectation;
  const name = metricName(metric);
  const placed = where === undefined ? states : states.filter(({ step }) => mentions(where, bareName(step.id)));
  if (placed.length === 0) {
    return { text, verdict: 'needs-person', detail: `No check or scenario is meant by "${where}".`, steps: [] };
  }
  const judged = placed.flatMap((state) => judge(name, expectation, state));
  if (judged.length === 0) {
    const open = placed.filter(({ fresh }) => fresh === undefined);
    const isOurs = isKpi(name) && open.length > 0;
    if (!isOurs) return { text, verdict: 'needs-person', detail: `Nothing here measures ${metric}.`, steps: [] };
    const steps = open.map(({ step }) => step.id);
    return { text, verdict: 'unmeasured', detail: `${name} was not measured yet on this work tree.`, steps };
  }
  const order: readonly LineVerdict[] = ['fails', 'unmeasured', 'holds'];
  const verdict = order.find((one) => judged.some((result) => result.verdict === one)) ?? 'unmeasured';
  const shown = judged.filter((result) => result.verdict === verdict);
  return {
    text,
    verdict,
    detail: shown.map((result) => result.detail).join('; '),
    steps: shown.map((result) => result.step),
  };
}

interface Bound {
  readonly step: string;
  readonly verdict: LineVerdict;
  readonly detail: string;
}

/** Evidence that is stale still tells which step measures a metric. */
function judge(name: string, expectation: Expectation, state: StepState): Bound[] {
  const step = state.step.id;
  const entry = state.fresh ?? state.last;
  const value = entry?.statement.predicate.values.find((one) => metricName(one.name) === name);
  if (value === undefined) return [];
  const shown = `${step}: ${name} ${value.value}${value.unit === undefined ? '' : ` ${value.unit}`}`;
  const unsure = value.verdict === 'inconclusive' || value.verdict === 'error' || value.verdict === 'not-run';
  if (state.fresh === undefined) return [{ step, verdict: 'unmeasured', detail: `${shown}, but that is stale` }];
  if (unsure) return [{ step, verdict: 'unmeasured', detail: `${shown} (${value.verdict})` }];
  const holds = compare(value, expectation);
  if (holds === undefined) {
    const detail = `${shown}, which cannot be compared with ${expectation.unit}`;
    return [{ step, verdict: 'unmeasured', detail }];
  }
  return [{ step, verdict: holds ? 'holds' : 'fails', detail: shown }];
}

/** Undefined where the units do not measure the same thing. */
function compare(value: MeasuredValue, { operator, value: limit, unit }: Expectation): boolean | undefined {
  const own = value.unit === undefined || unit === undefined ? value.value : convert(value.value, value.unit, unit);
  if (own === undefined || !Number.isFinite(own)) return undefined;
  switch (operator) {
    case '>=':
      return own >= limit;
    case '<=':
      return own <= limit;
    case '>':
      return own > limit;
    case '<':
      return own < limit;
    case '=':
      return own === limit;
    case '±':
      return Math.abs(own) <= limit;
  }
}

const NAMED = /\b(?:check|make|scenario)s?\s+`?([A-Za-z][\w-]*)`?|`([a-z][\w-]*)`/g;

/** `check lint passes`, `make bench`, `scenario failover`: bound to what ran under that name. */
function bindNamed(text: string, states: readonly StepState[]): LineState {
  const names = [...text.matchAll(NAMED)].map(([, after, quoted]) => after ?? quoted);
  const bound = states.filter(({ step }) => /^(?:check|scenario):/.test(step.id) && names.includes(bareName(step.id)));
  const steps = bound.map(({ step }) => step.id);
  if (bound.length === 0) return { text, verdict: 'needs-person', detail: 'No check or value is named.', steps };
  const verdicts = bound.map(({ fresh }) => fresh?.statement.predicate.verdict);
  const detail = bound
    .map(({ step, fresh }) => `${step.id}: ${fresh?.statement.predicate.verdict ?? 'not measured yet'}`)
    .join(', ');
  if (verdicts.includes('fail')) return { text, verdict: 'fails', detail, steps };
  return { text, verdict: verdicts.every((one) => one === 'pass') ? 'holds' : 'unmeasured', detail, steps };
}

/** `Top-N capture ratio` and `topn capture ratio` are both `topn_capture_ratio`. */
function metricName(text: string): string {
  const plain = normal(text);
  const known = Object.entries(KPIS).find(([name, { title }]) => plain === normal(name) || plain === normal(title));
  return known?.[0] ?? plain;
}

function normal(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

function bareName(id: string): string {
  return id.slice(id.indexOf(':') + 1);
}
