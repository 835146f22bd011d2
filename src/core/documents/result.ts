import type { MeasuredValue, TestCounts } from '../model/check.ts';
import type { ScenarioEvidence } from '../model/evidence.ts';
import type { Issue } from '../model/issue.ts';
import type { Task } from '../model/task.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { blueprintText, taskContent } from './plan.ts';
import type { View } from './template.ts';
import { cell, deltaText, limitText, linkFrom, listText, minute, valueText, verdictMark } from './words.ts';

/** Evidence on this very work tree. */
export interface Proof {
  readonly run: string;
  /** Relative to the workspace root. */
  readonly path: string;
  readonly started: string;
}

/** A value with those of earlier runs, in the same unit. */
export interface ComparedValue extends MeasuredValue {
  readonly last?: number | undefined;
  readonly baseline?: number | undefined;
}

export interface ResultGoal {
  readonly id: string;
  readonly title: string;
  /** Whether the task names it; the others are hard stops for every task. */
  readonly named: boolean;
  readonly applies: boolean;
  readonly verdict: Verdict;
  readonly fresh: boolean;
  readonly reason: string;
  readonly values: readonly ComparedValue[];
  readonly proofs: readonly Proof[];
  readonly command: string;
}

export interface ResultLine {
  readonly text: string;
  readonly verdict: 'holds' | 'fails' | 'unmeasured' | 'needs-person' | 'signed-off';
  readonly detail: string;
  readonly proofs: readonly Proof[];
}

/** A check or scenario that belongs to the task; without proof it has not run on this work tree. */
export interface ResultStep {
  readonly id: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly proof: Proof | undefined;
  readonly tests: TestCounts | null;
  readonly values: readonly ComparedValue[];
  readonly scenario: ScenarioEvidence | null;
  readonly issues: readonly Issue[];
  readonly command: string;
}

export interface ResultInput {
  readonly file: string;
  readonly snapshot: Snapshot;
  readonly task: Task;
  readonly lines: readonly ResultLine[];
  readonly goals: readonly ResultGoal[];
  readonly steps: readonly ResultStep[];
  /** With state: `approved by Ada until 2026-12-31`, `expired on ...`. */
  readonly deviations: readonly { readonly id: string; readonly item: string; readonly state: string }[];
  readonly signOffs: readonly {
    readonly line: string;
    readonly by: string;
    readonly reason: string;
    readonly proof: Proof;
  }[];
}

const MOST_CAUSES = 10;
const LINE_MARKS: Readonly<Record<ResultLine['verdict'], string>> = {
  holds: verdictMark('pass'),
  fails: verdictMark('fail'),
  unmeasured: '⏳ Not measured',
  'needs-person': '✍️ Needs a sign-off',
  'signed-off': '✍️ Signed off',
};

/** The fields of `templates/documents/result.md`. Every figure comes from evidence. */
export function resultView(input: ResultInput): View {
  const { file, snapshot, task, lines, goals, steps, deviations, signOffs } = input;
  const link = linkFrom(file);
  const proofText = (proofs: readonly Proof[]) =>
    listText(
      proofs.map(({ run, path }) => `[${run}](${link(path)})`),
      '-',
    );
  const open = [...lines.filter((line) => !isLineDone(line)), ...goals.filter((goal) => !isGoalDone(goal))];
  const times = [...goals.flatMap(({ proofs }) => proofs), ...steps.flatMap(({ proof }) => proof ?? [])].map(
    ({ started }) => started,
  );
  const checks = steps.filter(({ id }) => id.startsWith('check:'));
  const scenarios = steps.filter(({ scenario }) => scenario !== null);
  return {
    slug: task.slug,
    title: task.title ?? task.slug,
    module: task.module ?? '-',
    blueprint: blueprintText(snapshot, task),
    verdict:
      open.length === 0
        ? 'All acceptance lines and goals hold.'
        : `${open.length} of ${lines.length + goals.length} acceptance lines and goals are open.`,
    measured:
      times.length === 0
        ? 'Nothing was measured on this work tree.'
        : `${minute(times.sort()[0] ?? '')} to ${minute(times.at(-1) ?? '')}`,
    lines: lines.map((line, at) => ({
      number: String(at + 1),
      text: cell(line.text),
      verdict: LINE_MARKS[line.verdict],
      detail: cell(line.detail),
      evidence: proofText(line.proofs),
    })),
    goals: goals.flatMap((goal) => goalRows(goal, proofText)),
    checks: checks.map((step) => ({
      name: nameOf(step),
      verdict: stepMark(step),
      passed: count(step.tests?.passed),
      failed: count(step.tests?.failed),
      skipped: count(step.tests?.skipped),
      coverage: coverageOf(step),
      evidence: proofText(step.proof === undefined ? [] : [step.proof]),
    })),
    figures: steps.flatMap((step) => figureRows(step)),
    scenarios: scenarios.map((step) => ({
      name: nameOf(step),
      verdict: stepMark(step),
      load: loadText(step.scenario),
      report: step.scenario?.report == null ? '-' : `[report](${link(step.scenario.report)})`,
      evidence: proofText(step.proof === undefined ? [] : [step.proof]),
    })),
    diagnostics: scenarios.flatMap(diagnosticRows),
    runbook: goals
      .filter(({ id }) => isRunbook(snapshot, id))
      .map(({ id, title, verdict, fresh, reason }) => ({ id, title, verdict: verdictMark(verdict, fresh), reason })),
    deviations: deviations.map(({ id, item, state }) => ({ id, item: cell(item), state: cell(state) })),
    open: lines.filter(({ verdict }) => verdict === 'needs-person').map(({ text, detail }) => ({ text, detail })),
    signed: signOffs.map(({ line, by, reason, proof }) => ({ line, by, reason, evidence: proofText([proof]) })),
    causes: causesOf(input, link),
    unmeasured: unmeasured(input),
  };
}

/** What a result is about: newer evidence, another word of a person or another task makes it old. */
export function resultSubjects(input: Omit<ResultInput, 'file'>): Readonly<Record<string, unknown>> {
  const { snapshot, task, lines, goals, steps, deviations, signOffs } = input;
  const proofs = [...goals.flatMap((goal) => goal.proofs), ...steps.flatMap(({ proof }) => proof ?? [])];
  return {
    task: taskContent(snapshot, task),
    evidence: [...new Set(proofs.map(({ run }) => run))].sort(),
    verdicts: [
      ...lines.map(({ text, verdict }) => [text, verdict]),
      ...goals.map(({ id, verdict, fresh }) => [id, verdict, fresh]),
    ],
    deviations: deviations.map(({ id, state }) => [id, state]),
    'sign-offs': signOffs.map(({ proof }) => proof.run).sort(),
  };
}

export function isLineDone({ verdict }: ResultLine): boolean {
  return verdict === 'holds' || verdict === 'signed-off';
}

export function isGoalDone({ applies, verdict, fresh }: ResultGoal): boolean {
  return !applies || (verdict === 'pass' && fresh);
}

function goalRows(goal: ResultGoal, proofText: (proofs: readonly Proof[]) => string): View[] {
  const head = {
    id: goal.id,
    title: goal.title,
    verdict: goal.applies ? verdictMark(goal.verdict, goal.fresh) : '➖ Switched off',
    evidence: proofText(goal.proofs),
  };
  const limited = goal.values.filter(({ min, max }) => min !== undefined || max !== undefined);
  if (limited.length === 0) {
    return [{ ...head, measured: cell(goal.reason), limit: '-', last: '-', baseline: '-' }];
  }
  return limited.map((value) => ({
    ...head,
    measured: `${value.name} ${valueText(value)}`,
    limit: limitText(value),
    last: deltaText(value.value, value.last),
    baseline: deltaText(value.value, value.baseline),
  }));
}

function figureRows(step: ResultStep): View[] {
  return step.values
    .filter(({ name }) => !name.startsWith('tests_') && name !== 'coverage')
    .map((value) => ({
      step: nameOf(step),
      name: cell(value.name),
      value: valueText(value),
      n: value.n === undefined ? '-' : String(value.n),
      limit: limitText(value),
      last: deltaText(value.value, value.last),
      baseline: deltaText(value.value, value.baseline),
    }));
}

function diagnosticRows(step: ResultStep): View[] {
  const { scenario } = step;
  if (scenario === null) return [];
  const faults = scenario.faults.map((fault) => ({
    what: cell(
      `${nameOf(step)}: fault ${fault.type}${fault.target === null ? '' : ` on ${fault.target}`} at ${fault.atSeconds} s for ${fault.durationSeconds} s`,
    ),
    verdict: `injected ${fault.injected}, recovered ${fault.recovered}`,
    events: cell(listText(fault.events, 'no new event')),
  }));
  const verified = scenario.steps.filter(({ action }) => action === 'verify');
  const steps = verified.map((one) => ({
    what: cell(`${nameOf(step)}: ${one.scenario}, step ${one.step}`),
    verdict: verdictMark(one.verdict),
    events: cell(one.note),
  }));
  const control =
    scenario.controlEvents === null
      ? []
      : [
          {
            what: `${nameOf(step)}: control run without faults`,
            verdict: scenario.controlEvents.length === 0 ? 'silent' : 'not silent',
            events: cell(listText(scenario.controlEvents, 'no event')),
          },
        ];
  return [...faults, ...steps, ...control];
}

/** Why goals and lines do not hold, out of the failing evidence: the reason, then places in the source. */
function causesOf({ goals, steps, lines }: ResultInput, link: (path: string) => string): View[] {
  const bad = steps.filter(({ verdict, proof }) => isBad(verdict) && proof !== undefined);
  const fromSteps = bad.map((step) => ({
    what: step.id,
    why: step.reason,
    command: step.command,
    places: placesOf(step.issues, link),
  }));
  const named = new Set(bad.map(({ id }) => id));
  const fromGoals = goals
    .filter((goal) => goal.applies && goal.fresh && isBad(goal.verdict) && !named.has(`goal:${goal.id}`))
    .map((goal) => ({ what: `goal ${goal.id}`, why: goal.reason, command: goal.command, places: [] as View[] }));
  const fromLines = lines
    .filter(({ verdict }) => verdict === 'fails')
    .map(({ text, detail }) => ({ what: `"${text}"`, why: detail, command: '', places: [] as View[] }));
  return [...fromSteps, ...fromGoals, ...fromLines];
}

function isBad(verdict: Verdict): boolean {
  return verdict === 'fail' || verdict === 'error' || verdict === 'inconclusive';
}

/** What cannot be told, because nothing fresh says it. */
function unmeasured({ goals, lines }: ResultInput): string {
  const open = goals.filter((goal) => goal.applies && (!goal.fresh || goal.verdict === 'not-run')).map(({ id }) => id);
  const text = lines.filter(({ verdict }) => verdict === 'unmeasured').map((line) => `"${line.text}"`);
  return [...open, ...text].join(', ');
}

function placesOf(issues: readonly Issue[], link: (path: string) => string): View[] {
  const errors = issues.filter(({ severity }) => severity === 'error').slice(0, MOST_CAUSES);
  return errors.map(({ file, range, message }) => ({
    place: `${file}:${range.start.line}`,
    link: link(`${file}#L${range.start.line}`),
    message: message.replace(/\s+/g, ' '),
  }));
}

function nameOf({ id }: ResultStep): string {
  return id.slice(id.indexOf(':') + 1);
}

function stepMark({ verdict, proof }: ResultStep): string {
  return verdictMark(verdict, proof !== undefined);
}

function count(value: number | undefined): string {
  return value === undefined ? '-' : String(value);
}

function coverageOf({ values }: ResultStep): string {
  const coverage = values.find(({ name }) => name === 'coverage');
  return coverage === undefined
    ? '-'
    : `${valueText(coverage)}${coverage.min === undefined ? '' : ` (${limitText(coverage)})`}`;
}

function loadText(scenario: ScenarioEvidence | null): string {
  const load = scenario?.load;
  return load == null ? '-' : `${load.achieved} of ${load.asked} ${load.unit}`;
}

function isRunbook({ config }: Snapshot, id: string): boolean {
  const kind = config.goals.find((goal) => goal.id === id)?.kind;
  return kind === 'runbook' || kind === 'docs-parity';
}
