import type { MeasuredValue } from '../../core/model/check.ts';
import type { ScenarioRun } from '../../core/model/scenarioRun.ts';

/** Names of the figures as the scripts of the plan read them; any other keeps its own. */
const NAMES: readonly (readonly [kpi: string, name: string])[] = [
  ['cpu_usage', 'CPU Usage'],
  ['memory_usage', 'Memory Usage'],
  ['p95p99_error', 'p95/p99 Error'],
  ['topn_capture_ratio', 'topn_capture_ratio'],
  ['tail_error', 'Tail Error'],
  ['data_loss', 'Data Loss'],
  ['recovery_time', 'Recovery Time'],
  ['diag_events', 'Diagnostic Events'],
];

/**
 * One line a figure: `CPU Usage: 1.23 percent pass`, unrounded. A figure that was not measured says so, which no script
 * takes for a number.
 */
export function metricsText(run: ScenarioRun): string {
  return NAMES.map(([kpi, name]) => {
    const value = run.kpis.find((each) => each.name === kpi);
    if (value === undefined) return `${name}: not-measured\n`;
    return `${name}: ${value.value} ${value.unit ?? ''} ${value.verdict ?? ''}`.trimEnd().concat('\n');
  }).join('');
}

export function metricsJson(run: ScenarioRun): string {
  const metrics = Object.fromEntries(
    NAMES.map(([kpi, name]) => [name, run.kpis.find((each) => each.name === kpi) ?? null]),
  );
  const all: readonly MeasuredValue[] = run.kpis;
  const { scenario, verdict, reason, seed, load, startedAt, durationMs } = run;
  return `${JSON.stringify({ schemaVersion: 1, scenario, run: run.run, verdict, reason, seed, load: load ?? null, startedAt, durationMs, metrics, values: all }, undefined, 2)}\n`;
}
