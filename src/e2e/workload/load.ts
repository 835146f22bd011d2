import { highest, lowest } from '../profiling/statistics/summary.ts';
import { askedAt, type LoadName, type WorkloadPlan } from './plan.ts';

/** What the generator says once a second. Counts and CPU (milliseconds) are sums since the start. */
export interface LoadPoint {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly live: number;
  readonly planned: number;
  readonly started: number;
  readonly ended: number;
  readonly churned: number;
  readonly names: number;
  /** Of the planned processes. */
  readonly loadCpuMs: number;
  /** Of the short-lived processes that have ended. */
  readonly churnCpuMs: number;
  readonly generatorCpuMs: number;
  /** Bytes that the planned processes hold. */
  readonly rss: number;
  /** How late the worst round of the generator was. */
  readonly lateMs: number;
  /** Processes ended to keep the machine from running out of memory. */
  readonly relieved: number;
  readonly availableMb: number;
}

/** One side of the load over a window. `worst` is the second that was furthest from what was asked. */
export interface LoadFigure {
  readonly name: LoadName;
  readonly unit: string;
  readonly asked: number;
  readonly achieved: number;
  readonly worst: number;
  readonly held: boolean;
}

export interface LoadReport {
  /** The figure that the workload is about comes first. */
  readonly figures: readonly LoadFigure[];
  /** True only when every figure was held and the window has at least two points. */
  readonly held: boolean;
  /** CPU of the generator itself, without the load it makes, in cores. */
  readonly generatorCores: number;
  /** CPU of the planned processes and of the short-lived ones, in cores. */
  readonly loadCores: number;
  readonly churnCores: number;
  readonly lateMs: number;
  readonly relieved: number;
  readonly seconds: number;
}

const MB = 1024 * 1024;
/** Counts and rates must be this near to what was asked; CPU and memory carry the noise of the machine. */
const TOLERANCE = { live_processes: 0.05, new_processes: 0.05, distinct_names: 0.05, cpu: 0.1, memory: 0.05 } as const;
/** Touching new memory takes its time; a step must be there after this much. */
const GROW_MS = 1000;

/** Asked and achieved load from `from` to `to` (milliseconds since the epoch; `began` is the plan's zero). */
export function loadBetween(
  plan: WorkloadPlan,
  points: readonly LoadPoint[],
  window: { readonly began: number; readonly from: number; readonly to: number },
): LoadReport {
  const inside = points.filter((point) => point.at >= window.from && point.at <= window.to);
  const first = inside[0];
  const last = inside.at(-1);
  if (first === undefined || last === undefined || last.at === first.at) {
    return {
      figures: [],
      held: false,
      generatorCores: 0,
      loadCores: 0,
      churnCores: 0,
      lateMs: 0,
      relieved: 0,
      seconds: 0,
    };
  }
  const steps = inside.slice(1).map((to, i) => ({ from: inside[i] ?? to, to }));
  const rate = (value: (point: LoadPoint) => number) => ({
    mean: ((value(last) - value(first)) * 1000) / (last.at - first.at),
    each: steps.map(({ from, to }) => ((value(to) - value(from)) * 1000) / (to.at - from.at)),
  });
  const asked = inside.map((point) => askedAt(plan, point.at - window.began));
  const figures: LoadFigure[] = [];
  const add = (
    name: LoadName,
    unit: string,
    wanted: number,
    achieved: number,
    each: readonly number[],
    relation: 'near' | 'least',
  ) => {
    if (wanted <= 0) return;
    const worst = each.reduce(
      (far, value) => (Math.abs(value - wanted) > Math.abs(far - wanted) ? value : far),
      achieved,
    );
    const low = achieved >= wanted * (1 - TOLERANCE[name]);
    const high = relation === 'least' || achieved <= wanted * (1 + TOLERANCE[name]);
    figures.push({ name, unit, asked: wanted, achieved, worst, held: low && high });
  };

  const churn = plan.churn;
  if (churn !== null) {
    const churned = rate((point) => point.churned);
    if (plan.figure === 'distinct_names') {
      const names = rate((point) => point.names);
      add('distinct_names', 'names/s', churn.perSecond, names.mean, names.each, 'near');
    }
    add('new_processes', 'processes/s', churn.perSecond, churned.mean, churned.each, 'near');
  }
  const worstLive = lowest(inside.map((point, i) => point.planned - (asked[i]?.live ?? 0)));
  const live = highest(asked.map((one) => one.live));
  add('live_processes', 'processes', live, live + worstLive, [], 'least');
  const cpu = rate((point) => point.loadCpuMs / 1000);
  add(
    'cpu',
    'cores',
    averageCpu(plan, first.at - window.began, last.at - window.began) / 1000,
    cpu.mean,
    cpu.each,
    'least',
  );
  const memory = highest(inside.map((point) => askedAt(plan, point.at - window.began - GROW_MS).rss)) / MB;
  add('memory', 'MB', memory, highest(inside.map((point) => point.rss)) / MB, [], 'least');
  figures.sort((a, b) => Number(b.name === plan.figure) - Number(a.name === plan.figure));
  return {
    figures,
    held: figures.every((figure) => figure.held),
    generatorCores: rate((point) => point.generatorCpuMs).mean / 1000,
    loadCores: cpu.mean,
    churnCores: rate((point) => point.churnCpuMs).mean / 1000,
    lateMs: last.lateMs,
    relieved: last.relieved,
    seconds: (last.at - first.at) / 1000,
  };
}

/** CPU milliseconds per second that the plan asks for on average between two instants of it. */
export function averageCpu(plan: WorkloadPlan, from: number, to: number): number {
  const edges = new Set([from, to]);
  for (const process of plan.processes) {
    for (const at of [process.at, ...process.changes.map((change) => change.at)]) {
      if (at > from && at < to) edges.add(at);
    }
  }
  const sorted = [...edges].sort((a, b) => a - b);
  let sum = 0;
  for (const [i, start] of sorted.entries()) {
    const end = sorted[i + 1];
    if (end !== undefined) sum += askedAt(plan, start).cpu * (end - start);
  }
  return sum / (to - from);
}
