/** The dimension a KPI is measured in; a threshold's unit must be one of its names. */
export const KPIS = {
  topn_capture_ratio: { title: 'Top-N capture ratio', units: ['percent'] },
  p95p99_error: { title: 'Worst p95/p99 error of the sketch', units: ['percent'] },
  tail_error: { title: 'Error of the aggregated sums', units: ['percent'] },
  cpu_usage: { title: 'CPU of the agent', units: ['percent'] },
  memory_usage: { title: 'Resident memory of the agent', units: ['MB'] },
  data_loss: { title: 'Data lost on the way', units: ['percent'] },
  recovery_time: { title: 'Recovery after a fault', units: ['seconds'] },
  diag_events: { title: 'Diagnostic events', units: ['count'] },
} as const satisfies Record<string, { title: string; units: readonly string[] }>;

export type KpiName = keyof typeof KPIS;

export function isKpi(name: string): name is KpiName {
  return Object.hasOwn(KPIS, name);
}
