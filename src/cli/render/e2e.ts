import type { ScenarioPlan } from '../../core/model/scenarioPlan.ts';
import type { RunJson } from '../../core/operations/e2eRun.ts';
import type { Stream } from '../io.ts';
import { figure, verdictText } from './check.ts';
import { table } from './table.ts';

/** Goals that hold, on standard output, as the plan's scripts read them. */
export function evidenceLines({ goals }: RunJson): string {
  return goals
    .filter(({ verdict }) => verdict === 'pass')
    .map(({ goal, text }) => `[${goal}] [EVIDENCE] ${oneLine(text)}\n`)
    .join('');
}

/** Goals that do not hold, on standard error. */
export function failureLines({ goals }: RunJson): string {
  return goals
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ goal, verdict, text }) => `[${goal}] [FAILURE] ${verdict}: ${oneLine(text)}\n`)
    .join('');
}

export function runText(stream: Stream, run: RunJson): string {
  const limited = run.kpis.filter(({ min, max }) => min !== undefined || max !== undefined);
  const figures =
    limited.length === 0
      ? ''
      : table(
          ['KPI', 'MEASURED', 'LIMIT', 'SAMPLES', 'VERDICT'],
          limited.map(({ name, value, unit = '', n, min, max, verdict }) => [
            name,
            `${figure(value)} ${unit}`,
            min === undefined ? `<= ${max}` : `>= ${min}`,
            n === undefined ? '-' : String(n),
            verdict === undefined ? '-' : verdictText(stream, verdict),
          ]),
        );
  const faults =
    run.faults.length === 0
      ? ''
      : table(
          ['FAULT', 'TARGET', 'AT', 'FOR', 'INJECTED', 'RECOVERED', 'NEW EVENTS'],
          run.faults.map((fault) => [
            fault.id,
            fault.target ?? '-',
            `${fault.atSeconds.toFixed(0)} s`,
            `${fault.durationSeconds.toFixed(0)} s`,
            verdictText(stream, fault.injected),
            verdictText(stream, fault.recovered),
            String(fault.events.length),
          ]),
        );
  const steps =
    run.steps.length === 0
      ? ''
      : table(
          ['SCENARIO', 'STEP', 'ACTION', 'VERDICT', 'NOTE'],
          run.steps.map((step) => [
            step.scenario,
            String(step.step),
            step.action,
            verdictText(stream, step.verdict),
            oneLine(step.note),
          ]),
        );
  const load = run.notes
    .filter((note) => note.startsWith('Load:'))
    .map((note) => `${note}\n`)
    .join('');
  const findings = run.issues.map(({ message }) => `finding: ${message}\n`).join('');
  const report = run.report === null ? '' : `report: ${run.report}\n`;
  return `${figures}${faults}${steps}${findings}${load}${report}${run.scenario}: ${verdictText(stream, run.verdict)} in ${(run.durationMs / 1000).toFixed(0)} s. ${run.reason}\n`;
}

/** What a run would do. */
export function planText(plan: ScenarioPlan): string {
  const { workload } = plan;
  const params = Object.entries(workload?.params ?? {}).map(([name, value]) => `${name} ${String(value)}`);
  const lines = [
    `scenario       ${plan.scenario}${plan.file === undefined ? ' (a workload, without a scenario file)' : `  ${plan.file}`}`,
    `machine        ${plan.machine}${plan.notRun === undefined ? '' : `; not run: ${plan.notRun}`}`,
    ...plan.platforms.map(
      ({ name, runs, reason }) => `platform       ${name}: ${runs ? 'runs' : 'not-run'}, ${reason}`,
    ),
    `configuration  ${plan.configuration.base}, ${plan.agents} agent${plan.agents === 1 ? '' : 's'}${plan.control ? ' and one without faults' : ''}`,
    ...(workload === undefined
      ? []
      : [
          `workload       ${workload.type} (${params.join(', ') || 'as it is by default'}), seed ${plan.seed}, plan ${workload.digest.slice(0, 12)}`,
          `time           ${plan.warmUpSeconds} s warm-up, then a window of ${plan.windowSeconds} s${plan.replicates === 1 ? '' : `, ${plan.replicates} times`}`,
        ]),
    ...plan.faults.map(
      ({ type, target, atSeconds, durationSeconds, params: settings }) =>
        `fault          at ${atSeconds} s: ${type} on ${target}${durationSeconds === undefined ? '' : ` for ${durationSeconds} s`} ${JSON.stringify(settings)}`,
    ),
    ...plan.sequences.flatMap(({ name, steps, seconds }) => [
      `steps          ${name}: ${seconds} s of waiting`,
      ...steps.map(({ action, params: settings }, index) => `  ${index + 1}. ${action} ${JSON.stringify(settings)}`),
    ]),
    ...plan.limits.map(({ kpi, min, max, unit, goals }) => {
      const bounds = [...(min === undefined ? [] : [`>= ${min}`]), ...(max === undefined ? [] : [`<= ${max}`])];
      return `limit          ${kpi} ${bounds.join(', ')} ${unit}${goals.length === 0 ? '' : ` (${goals.join(', ')})`}`;
    }),
    ...plan.runbookSections.map((section) => `runbook        must have a section about ${section}`),
    ...(plan.otherGoals.length === 0
      ? []
      : [`not judged     ${plan.otherGoals.join(', ')}: other checks do (infrabuilder verify)`]),
    'phases         set up, start, warm up, steady state, faults, recovery, collect, judge, report, tear down',
    `about          ${Math.ceil(plan.seconds)} s and the set-up`,
  ];
  return `${lines.join('\n')}\n`;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' / ');
}
