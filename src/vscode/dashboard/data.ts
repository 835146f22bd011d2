import * as vscode from 'vscode';
import type { GoalState } from '../../core/goals/goalState.ts';
import type { MeasuredValue } from '../../core/model/check.ts';
import type { Snapshot } from '../../core/project/snapshot.ts';
import type { GoalBoard } from '../goals/board.ts';
import type { Standings } from '../goals/read.ts';
import { type GoalStanding, standingOf } from '../goals/state.ts';
import { goalText, standingText } from '../goals/text.ts';
import type { Runs } from '../runs/runs.ts';
import { ageText, numberText, stateText } from '../runs/text.ts';
import type { Session } from '../session.ts';
import { statusText } from '../views/tasks.ts';

const { l10n } = vscode;

/** What the page shows. Every text is ready to be shown; `media/dashboard.js` only lays it out. */
export interface DashboardData {
  readonly title: string;
  readonly summary: string;
  readonly strings: Readonly<Record<string, string>>;
  readonly goals: readonly GoalCard[];
  readonly trends: readonly Trend[];
  readonly tasks: readonly { readonly label: string; readonly count: number; readonly slugs: readonly string[] }[];
  readonly milestones: readonly Row[];
  readonly deviations: readonly Row[];
  readonly runs: readonly (Row & { readonly report?: string })[];
}

export interface GoalCard {
  readonly id: string;
  readonly title: string;
  readonly standing: GoalStanding;
  readonly standingText: string;
  readonly text: string;
  readonly reason: string;
}

export interface Row {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** Relative to the workspace root. */
  readonly file?: string;
}

export interface Trend {
  readonly goal: string;
  readonly name: string;
  readonly min?: number;
  readonly max?: number;
  readonly limit: string;
  readonly points: readonly {
    readonly value: number;
    readonly text: string;
    readonly at: string;
    readonly verdict: string;
  }[];
}

const KEPT_POINTS = 50;
const KEPT_ROWS = 15;
const SHOWN_TASKS = 20;

export async function collect(session: Session, board: GoalBoard, runs: Runs): Promise<DashboardData> {
  const snapshot = await session.snapshot();
  const standings = board.of(session);
  const { milestones, deviations } = await registers(session, snapshot);
  const goals = standings.goals.map(card);
  const applying = goals.filter(({ standing }) => standing !== 'off');
  const passed = applying.filter(({ standing }) => standing === 'pass').length;
  return {
    title: session.folder.name,
    summary: l10n.t('{0} of {1} goals pass', passed, applying.length),
    strings: strings(),
    goals,
    trends: standings.goals.flatMap((state) => trendsOf(state, standings)),
    tasks: tasksOf(snapshot),
    milestones,
    deviations,
    runs: runRows(session, standings, runs),
  };
}

function card(state: GoalState): GoalCard {
  const { id, title } = state.goal;
  const { reason } = state;
  return { id, title, standing: standingOf(state), standingText: standingText(state), text: goalText(state), reason };
}

/** Every KPI of a goal over all evidence on it, oldest first. */
function trendsOf({ goal, steps }: GoalState, { history }: Standings): Trend[] {
  if (goal.kind !== 'kpi' || goal.applies === false) return [];
  const entries = steps.flatMap((step) => history(step));
  return Object.entries(goal.kpis).map(([name, { min, max, unit }]) => {
    const limits = [
      min === undefined ? '' : `≥ ${numberText(min, unit)}`,
      max === undefined ? '' : `≤ ${numberText(max, unit)}`,
    ];
    const points = entries.flatMap(({ statement: { predicate } }) => {
      const value = predicate.values.find((one: MeasuredValue) => one.name === name);
      if (value === undefined) return [];
      const verdict = value.verdict ?? predicate.verdict;
      return [{ value: value.value, text: numberText(value.value, unit), at: predicate.started, verdict }];
    });
    return {
      goal: goal.id,
      name,
      ...(min !== undefined && { min }),
      ...(max !== undefined && { max }),
      limit: limits.filter((part) => part !== '').join(', '),
      points: points.slice(-KEPT_POINTS),
    };
  });
}

function tasksOf(snapshot: Snapshot): DashboardData['tasks'] {
  return (['pending', 'in_progress', 'done'] as const).map((status) => {
    const own = snapshot.tasks.filter((task) => task.status === status);
    return { label: statusText(status), count: own.length, slugs: own.slice(0, SHOWN_TASKS).map(({ slug }) => slug) };
  });
}

interface Registers {
  readonly milestones: readonly Row[];
  readonly deviations: readonly Row[];
}

/** Milestones and deviations as the operations judge them; only as files say, where nothing may be run. */
async function registers(session: Session, snapshot: Snapshot): Promise<Registers> {
  const { core, engine } = await session.load();
  if (engine === undefined || !vscode.workspace.isTrusted) {
    return {
      milestones: snapshot.milestones.map(({ id, title }) => ({ id, title, text: '' })),
      deviations: snapshot.deviations.map(({ file, value }) => {
        return { id: value.id, title: value.change, text: value.status, file };
      }),
    };
  }
  const [state, { deviations }] = await Promise.all([
    core.stateOfProject(engine),
    core.deviationList.run(engine, {}, {}),
  ]);
  return {
    milestones: core.milestonesJson(state).milestones.map(({ id, title, status, date, verification, evidence }) => ({
      id,
      title,
      text: [status, date, verification].filter((part) => part !== null && part !== 'none').join(' · '),
      ...(evidence !== null && { file: evidence }),
    })),
    deviations: deviations.map(({ id, item, state: standing, file }) => ({ id, title: item, text: standing, file })),
  };
}

/** This window's runs, then what the evidence keeps of earlier ones. */
function runRows(session: Session, { steps, history }: Standings, runs: Runs): DashboardData['runs'] {
  const own = runs.all
    .filter((run) => run.session === session)
    .map((run) => ({ id: `run ${run.id}`, title: run.title, text: stateText(run) }));
  const kept = [...steps.keys()]
    .flatMap((step) => history(step))
    .sort((a, b) => (a.statement.predicate.started < b.statement.predicate.started ? 1 : -1))
    .map(({ path, run, statement: { predicate } }) => {
      const report = predicate.scenario?.report ?? undefined;
      const text = `${predicate.verdict} · ${ageText(new Date(predicate.started))} · ${predicate.reason}`;
      return { id: run, title: predicate.step, text, file: path, ...(report !== undefined && { report }) };
    });
  return [...own, ...kept].slice(0, KEPT_ROWS);
}

function strings(): Readonly<Record<string, string>> {
  return {
    goals: l10n.t('Goals now'),
    trends: l10n.t('KPIs over time'),
    tasks: l10n.t('Tasks'),
    milestones: l10n.t('Milestones'),
    deviations: l10n.t('Deviations'),
    runs: l10n.t('Last runs'),
    checkpoint: l10n.t('Run checkpoint'),
    none: l10n.t('None.'),
    noTrend: l10n.t('Nothing was measured yet.'),
    report: l10n.t('Open report'),
    limit: l10n.t('limit'),
    last: l10n.t('last'),
    measurements: l10n.t('measurements'),
    when: l10n.t('When'),
    value: l10n.t('Value'),
    verdict: l10n.t('Verdict'),
    table: l10n.t('Show as table'),
  };
}
