import { relative, sep } from 'node:path';
import type { MeasuredValue } from '../../core/model/check.ts';
import type { PlannedLimit, ScenarioPlan } from '../../core/model/scenarioPlan.ts';
import type { FaultRecord, TrendResult } from '../../core/model/scenarioRun.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import type { FaultRecord as Injected } from '../chaos/controller.ts';
import { judgeLive, type LiveJudgement, strangersExplain } from '../oracle/live.ts';
import { type Delivered, readDelivered } from '../oracle/liveExports.ts';
import type { ProfileAnalysis } from '../profiling/analysis.ts';
import { type Recording, readRecording } from '../profiling/recording.ts';
import type { Act } from '../runner/act.ts';
import type { Subject } from '../runner/subject.ts';
import { type AgentEvent, answersTo, mergeEvents } from './events.ts';
import { type Loss, lossIn } from './loss.ts';
import { type Recovery, recoveriesOf } from './recovery.ts';
import { type Resources, resourcesOf } from './resources.ts';
import { trendsOf } from './trends.ts';
import { applyLimits } from './verdicts.ts';

/** One agent of an act, judged. */
export interface SubjectJudgement {
  readonly name: string;
  readonly live: LiveJudgement | undefined;
  readonly recording: Recording | undefined;
  readonly analysis: ProfileAnalysis | undefined;
  /** Milliseconds of the recording at which the window opens. */
  readonly openMs: number;
  readonly events: readonly AgentEvent[];
  readonly recoveries: readonly Recovery[];
  readonly values: readonly MeasuredValue[];
  readonly trends: readonly TrendResult[];
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

export interface ActJudgement {
  readonly act: Act;
  readonly subjects: readonly SubjectJudgement[];
  /** Of the worst agent each. */
  readonly values: readonly MeasuredValue[];
  readonly faults: readonly FaultRecord[];
  readonly controlEvents: readonly string[] | undefined;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

export interface JudgeOptions {
  readonly root: string;
  readonly plan: ScenarioPlan;
  readonly intervalMs: number;
  readonly eventSeconds: number;
  readonly shortestCpuSeconds: number;
}

/** A subject that was held back needs so many ticks to be itself again. */
const AFTER_TICKS = 2;

/** Judges one act by its raw data alone. */
export async function judgeAct(act: Act, options: JudgeOptions): Promise<ActJudgement> {
  const control = act.control && (await eventsOf(act.control, act.received.control, act, options.root));
  const subjects: SubjectJudgement[] = [];
  const answers = new Map<string, AgentEvent[]>();
  for (const subject of act.subjects) {
    const judged = await judgeSubject(subject, act, control ?? [], options);
    subjects.push(judged.judgement);
    for (const [fault, events] of judged.answers) answers.set(fault, [...(answers.get(fault) ?? []), ...events]);
  }
  const { load } = act;
  const loadText = load?.figures
    .map(
      ({ name, asked, achieved, unit, held }) =>
        `${name} ${round(achieved)} of ${round(asked)} ${unit}${held ? '' : ' (not held)'}`,
    )
    .join(', ');
  return {
    act,
    subjects,
    values: worstOf(subjects.map(({ values }) => values)),
    faults: act.faults.map((fault) => recordOf(fault, act, answers.get(fault.id) ?? [])),
    controlEvents: control?.map(({ text }) => text),
    problems: [...act.problems, ...subjects.flatMap(({ problems }) => problems)],
    notes: [
      ...(load === undefined
        ? []
        : [
            `Load: ${loadText}. The generator itself used ${load.generatorCores.toFixed(2)} cores, its worst round was ${load.lateMs} ms late.`,
          ]),
      ...(subjects[0]?.notes ?? []),
    ],
  };
}

async function judgeSubject(
  subject: Subject,
  act: Act,
  control: readonly AgentEvent[],
  { root, plan, intervalMs, eventSeconds, shortestCpuSeconds }: JudgeOptions,
): Promise<{ judgement: SubjectJudgement; answers: ReadonlyMap<string, readonly AgentEvent[]> }> {
  const { nonce, name } = subject.agent;
  const delivered = await readDelivered(act.received.otelcol, shown(root, act.received.otelcol), nonce);
  const sketched = await readDelivered(act.received.sketches, shown(root, act.received.sketches), nonce);
  const joined: Delivered = {
    ...delivered,
    windows: [...delivered.windows, ...sketched.windows],
    faults: [...delivered.faults, ...sketched.faults],
  };
  const window = { from: act.from, to: act.to, intervalMs };
  const events = mergeEvents(subject.agent.events, delivered.events).filter(({ at }) => at >= act.from);
  const answers = answersTo(act.faults, events, control, eventSeconds);
  const recoveries = recoveriesOf(act.faults, delivered, sketched);
  const loss = await lossIn([act.received.otelcol, act.received.sketches], nonce, delivered, joined, window);
  const live = await liveOf(subject, act, joined, intervalMs);
  const openMs = act.from - subject.profileBegan;
  const resources = await resourcesIn(subject, act, openMs, shortestCpuSeconds, plan.limits);
  const problems = [
    ...(subject.profileError === undefined ? [] : [`The ${name} could not be profiled: ${subject.profileError}`]),
    ...(resources.leak === undefined ? [] : [`The ${name} leaks: ${resources.leak}`]),
    ...(live === undefined ? [] : Object.values(live.faults).flat()),
  ];
  const raw = [
    ...resources.values,
    ...(live?.values ?? []),
    ...eventValues(act.faults, answers),
    ...lossValues(loss),
    ...recoveryValues(recoveries, act, plan.limits),
  ];
  const doubt = {
    loadHeld: act.load?.held !== false,
    explained: strangersExplain(raw, plan.limits),
  };
  return {
    answers,
    judgement: {
      name,
      live,
      recording: resources.recording,
      analysis: resources.analysis,
      openMs,
      events,
      recoveries,
      values: applyLimits(raw, plan.limits, doubt),
      trends: trendsOf(name, resources.analysis, plan.limits),
      problems: [...new Set(problems)],
      notes: [...resources.notes, ...(live?.notes ?? []), ...(loss?.notes ?? [])],
    },
  };
}

async function liveOf(
  subject: Subject,
  act: Act,
  delivered: Delivered,
  intervalMs: number,
): Promise<LiveJudgement | undefined> {
  if (!subject.sees || act.ledger === undefined) return undefined;
  const { stepMs, looksFile } = subject;
  return judgeLive({
    delivered,
    looks: looksFile,
    ledger: act.ledger,
    intervalMs,
    stepMs,
    from: act.from,
    to: act.to,
    without: act.faults
      .filter(({ target, injectedAt }) => target === 'agent' && injectedAt !== undefined)
      .map(({ injectedAt = 0, resolvedAt = act.to }) => ({
        from: injectedAt,
        to: resolvedAt + AFTER_TICKS * intervalMs,
      })),
  });
}

async function resourcesIn(
  subject: Subject,
  act: Act,
  openMs: number,
  shortestCpuSeconds: number,
  limits: readonly PlannedLimit[],
): Promise<Resources & { readonly recording: Recording | undefined }> {
  if (subject.profileError !== undefined) {
    return { values: [], analysis: undefined, notes: [], leak: undefined, recording: undefined };
  }
  const recording = await readRecording(subject.profileFile);
  const window = { fromMs: openMs, toMs: act.to - subject.profileBegan };
  return { ...resourcesOf(recording, window, shortestCpuSeconds, limits), recording };
}

async function eventsOf(
  subject: Subject,
  received: string | undefined,
  { from }: Act,
  root: string,
): Promise<AgentEvent[]> {
  const delivered =
    received === undefined ? [] : (await readDelivered(received, shown(root, received), subject.agent.nonce)).events;
  return mergeEvents(subject.agent.events, delivered).filter(({ at }) => at >= from);
}

/** Without a proven fault there is nothing to answer. */
function eventValues(
  faults: readonly Injected[],
  answers: ReadonlyMap<string, readonly AgentEvent[]>,
): MeasuredValue[] {
  const proven = faults.filter(({ proof }) => proof?.holds === true);
  if (proven.length === 0) return [];
  const silent = proven.some(({ id }) => (answers.get(id) ?? []).length === 0);
  const value = proven.reduce((sum, { id }) => sum + (answers.get(id)?.length ?? 0), 0);
  return [{ name: 'diag_events', value, unit: 'count', n: proven.length, ...(silent && { verdict: 'fail' as const }) }];
}

function lossValues(loss: Loss | undefined): MeasuredValue[] {
  if (loss === undefined) return [];
  return [
    { name: 'data_loss', value: loss.percent, unit: 'percent', n: loss.received },
    { name: 'data_loss.duplicates', value: loss.duplicates, unit: 'count', n: loss.received },
  ];
}

/** The slowest; one that did not come counts as the time that it was waited for. */
function recoveryValues(recoveries: readonly Recovery[], act: Act, limits: readonly PlannedLimit[]): MeasuredValue[] {
  if (recoveries.length === 0) return [];
  const max = limits.find(({ kpi }) => kpi === 'recovery_time')?.max;
  const seconds = recoveries.map((one) => {
    const resolvedAt = act.faults.find(({ id }) => id === one.fault)?.resolvedAt ?? act.to;
    return one.seconds ?? (act.to - resolvedAt) / 1000;
  });
  const value = Math.max(...seconds);
  const missing = recoveries.some((one) => one.seconds === undefined);
  const verdict: Verdict | undefined = !missing
    ? undefined
    : max !== undefined && value > max
      ? 'fail'
      : 'inconclusive';
  return [
    {
      name: 'recovery_time',
      value,
      unit: 'seconds',
      n: recoveries.length,
      ...(verdict !== undefined && { verdict }),
    },
  ];
}

function recordOf(fault: Injected, act: Act, answers: readonly AgentEvent[]): FaultRecord {
  const began = fault.injectedAt ?? act.from;
  const ended = fault.resolvedAt ?? began;
  const injected: Verdict =
    fault.state === 'not-run' ? 'not-run' : fault.proof?.holds === true ? 'pass' : 'inconclusive';
  const recovered: Verdict = fault.state === 'not-run' ? 'not-run' : fault.recovery?.holds === true ? 'pass' : 'fail';
  const proof =
    fault.proof === undefined ? '' : `Expected: ${fault.proof.expected}. Observed: ${fault.proof.observed}.`;
  return {
    id: fault.id,
    type: fault.type,
    target: fault.target,
    atSeconds: (began - act.from) / 1000,
    durationSeconds: (ended - began) / 1000,
    injected,
    recovered,
    events: answers.map(({ text }) => text),
    note: [fault.method, proof, fault.reason].filter(Boolean).join(' '),
  };
}

const ORDER: readonly (Verdict | undefined)[] = ['fail', 'error', 'inconclusive', 'not-run', 'pass', undefined];

/** Of several agents, each value from the one that did worst by it. */
function worstOf(agents: readonly (readonly MeasuredValue[])[]): MeasuredValue[] {
  const [first = [], ...others] = agents;
  return first.map((value) => {
    const rivals = others.flatMap((values) => values.filter(({ name }) => name === value.name));
    return rivals.reduce((worst, rival) => (isWorse(rival, worst) ? rival : worst), value);
  });
}

function isWorse(a: MeasuredValue, b: MeasuredValue): boolean {
  const rank = ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict);
  if (rank !== 0) return rank < 0;
  return a.min === undefined ? a.value > b.value : a.value < b.value;
}

function shown(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}
