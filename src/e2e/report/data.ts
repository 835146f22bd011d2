import type { PlannedLimit, ScenarioPlan } from '../../core/model/scenarioPlan.ts';
import type { ActJudgement, SubjectJudgement } from '../kpi/act.ts';
import type { QuantileError } from '../oracle/fidelity.ts';
import type { ProfileTop } from '../profiling/pprof/top.ts';
import type { Point } from '../profiling/statistics/trend.ts';

/** Seconds after the window opened, and a value. */
export type ChartPoint = readonly [x: number, y: number];

export interface Band {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

/** What the charts of one act show. */
export interface ActCharts {
  readonly name: string;
  readonly seconds: number;
  readonly bands: readonly Band[];
  readonly agents: readonly {
    readonly name: string;
    readonly cpu: readonly ChartPoint[];
    readonly memory: readonly ChartPoint[];
    readonly capture: readonly ChartPoint[];
    readonly n: readonly ChartPoint[];
    readonly quantiles: readonly QuantileError[];
    readonly recoveries: readonly { readonly fault: string; readonly seconds: number | undefined }[];
  }[];
  readonly profiles: readonly ProfileTop[];
}

const MEGABYTE = 1e6;

export function chartsOf({ act, subjects, faults }: ActJudgement): ActCharts {
  return {
    name: act.name,
    seconds: (act.to - act.from) / 1000,
    bands: faults
      .filter(({ injected }) => injected === 'pass')
      .map(({ atSeconds, durationSeconds, id }) => ({ from: atSeconds, to: atSeconds + durationSeconds, label: id })),
    agents: subjects.map((subject) => agentCharts(subject, act.from)),
    profiles: act.profiles,
  };
}

function agentCharts(subject: SubjectJudgement, from: number): ActCharts['agents'][number] {
  const { live, analysis, recording, openMs } = subject;
  const end = analysis === undefined ? 0 : analysis.fromMs + analysis.durationMs;
  const captures = live?.captures ?? [];
  return {
    name: subject.name,
    cpu: perSecond(analysis?.cpu.series ?? []).map(({ at, value }) => [(at - openMs) / 1000, value]),
    memory: (recording?.samples ?? [])
      .filter(({ at }) => at >= openMs && at <= end)
      .map(({ at, rss }) => [(at - openMs) / 1000, rss / MEGABYTE]),
    capture: captures.flatMap(({ at, percent }) => (percent === undefined ? [] : [[(at - from) / 1000, percent]])),
    n: captures.map(({ at, n }) => [(at - from) / 1000, n]),
    quantiles: live?.quantiles ?? [],
    recoveries: subject.recoveries,
  };
}

/** An agent works at its ticks: samples between them would draw a saw. */
function perSecond(series: readonly Point[]): Point[] {
  const groups = new Map<number, Point[]>();
  for (const point of series) {
    const second = Math.floor(point.at / 1000);
    groups.set(second, [...(groups.get(second) ?? []), point]);
  }
  return [...groups.values()].flatMap((points) => {
    const last = points.at(-1);
    const value = points.reduce((sum, point) => sum + point.value, 0) / points.length;
    return last === undefined ? [] : [{ at: last.at, value }];
  });
}

export function limitOf({ limits }: ScenarioPlan, kpi: string): PlannedLimit | undefined {
  return limits.find((limit) => limit.kpi === kpi);
}
