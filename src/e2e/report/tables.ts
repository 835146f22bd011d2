import type { MeasuredValue } from '../../core/model/check.ts';
import type { ScenarioPlan } from '../../core/model/scenarioPlan.ts';
import type { ScenarioRun } from '../../core/model/scenarioRun.ts';

export interface Section {
  readonly title: string;
  readonly header: readonly string[];
  rows(run: ScenarioRun, plan: ScenarioPlan): string[][];
}

const FIGURES = ['Figure', 'Value', 'Limit', 'Samples', 'Verdict'];

/** The tables that the Markdown and the HTML report have alike. */
export const SECTIONS: readonly Section[] = [
  {
    title: 'Goals',
    header: ['Goal', 'Verdict', 'Evidence'],
    rows: (run, plan) => [
      ...(run.goals ?? []).map(({ goal, verdict, text }) => [goal, verdict, text]),
      ...plan.otherGoals.map((goal) => [goal, 'not-run', `not judged by a run: infrabuilder verify --goal ${goal}`]),
    ],
  },
  {
    title: 'Figures',
    header: FIGURES,
    rows: (run, plan) => [
      ...run.kpis.filter((value) => isLimited(value, plan)).map(valueRow),
      ...plan.limits
        .filter(({ kpi }) => !run.kpis.some(({ name }) => name === kpi))
        .map((limit) => [limit.kpi, 'not measured', limitText(limit), '', 'not-run']),
    ],
  },
  {
    title: 'Faults',
    header: ['Fault', 'Target', 'From', 'For', 'Injected', 'Recovered', 'New events', 'Proof'],
    rows: ({ faults }) =>
      faults.map((fault) => [
        fault.id,
        fault.target ?? '',
        `${fault.atSeconds.toFixed(1)} s`,
        `${fault.durationSeconds.toFixed(1)} s`,
        fault.injected,
        fault.recovered,
        fault.events.join('\n') || 'none',
        fault.note,
      ]),
  },
  {
    title: 'Steps',
    header: ['Scenario', 'Step', 'Action', 'Verdict', 'Note'],
    rows: ({ steps }) =>
      steps.map(({ scenario, step, action, verdict, note }) => [scenario, String(step), action, verdict, note]),
  },
  {
    title: 'Platforms',
    header: ['Platform', 'Verdict', 'Why'],
    rows: ({ platforms = [] }) => platforms.map(({ platform, verdict, reason }) => [platform, verdict, reason]),
  },
];

/** Figures without a limit; they stand behind the rest. */
export const DETAILS: Section = {
  title: 'Other figures',
  header: FIGURES,
  rows: (run, plan) => run.kpis.filter((value) => !isLimited(value, plan)).map(valueRow),
};

function isLimited({ name }: MeasuredValue, { limits }: ScenarioPlan): boolean {
  return limits.some(({ kpi }) => kpi === name);
}

function valueRow(value: MeasuredValue): string[] {
  return [
    value.name,
    `${figureText(value.value)} ${value.unit ?? ''}`.trim(),
    limitText(value),
    value.n === undefined ? '' : String(value.n),
    value.verdict ?? '',
  ];
}

export function limitText({ min, max }: Pick<MeasuredValue, 'min' | 'max'>): string {
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  return min !== undefined ? `≥ ${min}` : max === undefined ? '' : `≤ ${max}`;
}

export function figureText(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 1000 ? value.toFixed(0) : value.toPrecision(4);
}
