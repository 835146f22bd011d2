import { attributeOf, type Metric, type OtlpRequest, pointsOf } from '../services/otlp.ts';
import type { Received } from '../services/store.ts';
import { readLines } from './lines.ts';
import { decodeSketch } from './records.ts';
import type { Place, ProcessReading, SketchWindow } from './types.ts';

/** A tick as it arrived: what the subject exported of one moment. */
export interface DeliveredTick {
  readonly tick: number;
  /** When the subject looked, as it says (milliseconds since the epoch). */
  readonly at: number;
  /** When it arrived, on our clock. */
  readonly receivedAt: number;
  readonly place: Place;
  readonly top: readonly ProcessReading[];
  readonly other: { readonly count: number; readonly cpu_ms: number; readonly rss: number };
}

/** A diagnostic event as it arrived. */
export interface DeliveredEvent {
  readonly at: number;
  readonly text: string;
  readonly severity: string;
}

/** One point of a metric that the subject reports about itself. */
export interface DeliveredPoint {
  readonly name: string;
  readonly at: number;
  readonly value: number;
  readonly monotonic: boolean;
}

/** All that one subject delivered to one receiver. */
export interface Delivered {
  /** By tick; of a tick that came twice, the first. */
  readonly ticks: readonly DeliveredTick[];
  readonly windows: readonly SketchWindow[];
  /** Ticks whose raw data came. */
  readonly raw: ReadonlySet<number>;
  readonly events: readonly DeliveredEvent[];
  readonly points: readonly DeliveredPoint[];
  /** When a request of anybody was accepted. */
  readonly accepted: readonly number[];
  /** What could not be read, one sentence each. */
  readonly faults: readonly string[];
}

/** Names of the metrics that an agent exports; attributes of a process are pid, start and name. */
const PROCESS_CPU = 'process_cpu_ms';
const PROCESS_RSS = 'process_rss_bytes';
const OTHER_CPU = 'other_cpu_ms';
const OTHER_RSS = 'other_rss_bytes';
const OTHER_COUNT = 'other_count';
/** Of these each tick has hundreds of points. */
const PER_PROCESS = new Set([PROCESS_CPU, PROCESS_RSS]);
const NANOS = 1e6;

/** Reads a receiver's file: what carries this run's nonce. `file` is shown in findings. */
export async function readDelivered(path: string, file: string, nonce: string): Promise<Delivered> {
  const ticks = new Map<number, DeliveredTick>();
  const windows = new Map<string, SketchWindow>();
  const raw = new Set<number>();
  const events: DeliveredEvent[] = [];
  const points: DeliveredPoint[] = [];
  const accepted: number[] = [];
  const faults: string[] = [];
  for await (const line of readLines(path)) {
    if (!line.terminated) break;
    const received = JSON.parse(line.text) as Received;
    accepted.push(received.at);
    for (const scope of metricScopes(received.request, nonce)) {
      const place: Place = { source: 'topn', file, line: line.number };
      const tick = tickOf(scope, received.at, place);
      if (tick !== undefined && !ticks.has(tick.tick)) ticks.set(tick.tick, tick);
      for (const metric of scope.metrics) {
        if (PER_PROCESS.has(metric.name)) continue;
        for (const point of pointsOf(metric)) {
          const value = Number(point.asDouble ?? point.asInt ?? Number.NaN);
          const monotonic = metric.sum?.isMonotonic === true;
          points.push({ name: metric.name, at: msOf(point.timeUnixNano), value, monotonic });
        }
      }
    }
    for (const { record, attribute } of logRecords(received.request, nonce)) {
      const type = attribute('record_type');
      const text = record.body?.stringValue ?? '';
      if (type === 'event') {
        events.push({ at: msOf(record.timeUnixNano), text, severity: record.severityText ?? '' });
      } else if (type === 'raw') raw.add(Number(attribute('tick')));
      else if (type === 'sketch') {
        try {
          const window = decodeSketch(JSON.parse(text), { source: 'sketches', file, line: line.number });
          const key = `${window.metric} ${window.from}`;
          if (!windows.has(key)) windows.set(key, window);
        } catch (error) {
          faults.push(`${file}:${line.number}: a sketch cannot be read: ${String(error)}`);
        }
      }
    }
  }
  const ordered = [...ticks.values()].sort((a, b) => a.tick - b.tick);
  return { ticks: ordered, windows: [...windows.values()], raw, events, points, accepted, faults };
}

interface Scope {
  readonly tick: number | undefined;
  readonly metrics: readonly Metric[];
}

function metricScopes(request: OtlpRequest, nonce: string): Scope[] {
  return (request.resourceMetrics ?? [])
    .filter(({ resource }) => attributeOf(resource?.attributes, 'run_id') === nonce)
    .flatMap(({ scopeMetrics = [] }) =>
      scopeMetrics.map(({ scope, metrics = [] }) => {
        const tick = attributeOf(scope?.attributes, 'tick');
        return { tick: typeof tick === 'number' ? tick : undefined, metrics };
      }),
    );
}

function* logRecords(request: OtlpRequest, nonce: string) {
  for (const { resource, scopeLogs = [] } of request.resourceLogs ?? []) {
    if (attributeOf(resource?.attributes, 'run_id') !== nonce) continue;
    for (const { logRecords = [] } of scopeLogs) {
      for (const record of logRecords) {
        yield { record, attribute: (key: string) => attributeOf(record.attributes, key) };
      }
    }
  }
}

function tickOf({ tick, metrics }: Scope, receivedAt: number, place: Place): DeliveredTick | undefined {
  const named = new Map(metrics.map((metric) => [metric.name, metric]));
  const single = (name: string) => {
    const metric = named.get(name);
    const point = metric === undefined ? undefined : pointsOf(metric)[0];
    return point === undefined ? undefined : { value: Number(point.asDouble ?? point.asInt), at: point.timeUnixNano };
  };
  const count = single(OTHER_COUNT);
  const cpu = single(OTHER_CPU);
  const rss = single(OTHER_RSS);
  if (tick === undefined || count === undefined || cpu === undefined || rss === undefined) return undefined;
  const top = new Map<string, { pid: number; start: number; name: string; cpu_ms: number; rss: number }>();
  for (const [name, field] of [
    [PROCESS_CPU, 'cpu_ms'],
    [PROCESS_RSS, 'rss'],
  ] as const) {
    const metric = named.get(name);
    for (const { attributes, asDouble, asInt } of metric === undefined ? [] : pointsOf(metric)) {
      const pid = Number(attributeOf(attributes, 'pid'));
      const start = Number(attributeOf(attributes, 'start'));
      const key = `${pid}/${start}`;
      const entry = top.get(key) ?? {
        pid,
        start,
        name: String(attributeOf(attributes, 'name') ?? ''),
        cpu_ms: 0,
        rss: 0,
      };
      entry[field] = Number(asDouble ?? asInt);
      top.set(key, entry);
    }
  }
  const other = { count: count.value, cpu_ms: cpu.value, rss: rss.value };
  return { tick, at: msOf(count.at), receivedAt, place, top: [...top.values()], other };
}

function msOf(nanos: string | undefined): number {
  return Number(nanos ?? Number.NaN) / NANOS;
}
