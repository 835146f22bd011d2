import protobuf from 'protobufjs/light.js';
import { schema } from './otlpSchema.ts';

/** The two signals that an agent exports to us. */
export type Signal = 'metrics' | 'logs';

const root = protobuf.Root.fromJSON(schema);
const requests = {
  metrics: root.lookupType('ExportMetricsServiceRequest'),
  logs: root.lookupType('ExportLogsServiceRequest'),
};
const status = root.lookupType('Status');

/** A request in the JSON form of OTLP: lower camel case, 64-bit integers as decimal text. Throws for malformed bytes. */
export function decodeRequest(signal: Signal, encoding: 'json' | 'protobuf', body: Uint8Array): OtlpRequest {
  if (encoding === 'protobuf') {
    const type = requests[signal];
    return type.toObject(type.decode(body), { longs: String, bytes: String }) as OtlpRequest;
  }
  const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('it is not a JSON object');
  const invalid = requests[signal].verify(forVerify(value) as object);
  if (invalid !== null) throw new Error(invalid);
  return value as OtlpRequest;
}

/** The OTLP reply to a refused request. */
export function encodeStatus(encoding: 'json' | 'protobuf', message: string): Uint8Array {
  const INVALID_ARGUMENT = 3;
  const value = { code: INVALID_ARGUMENT, message };
  return encoding === 'protobuf' ? status.encode(value).finish() : new TextEncoder().encode(JSON.stringify(value));
}

/** JSON writes 64-bit integers, enums and bytes as text, and NaN and infinities too; the schema check wants numbers. */
function forVerify(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => forVerify(one, key));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, forVerify(one, name)]));
  }
  if (typeof value !== 'string') return value;
  if (/Nano$|^(intValue|asInt|count|zeroCount|bucketCounts|rejected)/.test(key) && /^-?\d+$/.test(value)) return 0;
  if (/^(asDouble|doubleValue|sum|min|max)$/.test(key) && /^(NaN|-?Infinity)$/.test(value)) return 0;
  return value;
}

export interface KeyValue {
  readonly key: string;
  readonly value?: AnyValue;
}

export interface AnyValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string | number;
  readonly doubleValue?: number;
}

interface Scope {
  readonly name?: string;
  readonly attributes?: readonly KeyValue[];
}

export interface DataPoint {
  readonly attributes?: readonly KeyValue[];
  readonly timeUnixNano?: string;
  readonly asDouble?: number;
  readonly asInt?: string | number;
}

export interface Metric {
  readonly name: string;
  readonly unit?: string;
  readonly gauge?: { readonly dataPoints?: readonly DataPoint[] };
  readonly sum?: { readonly dataPoints?: readonly DataPoint[]; readonly isMonotonic?: boolean };
}

export interface LogRecord {
  readonly timeUnixNano?: string;
  readonly severityText?: string;
  readonly severityNumber?: number;
  readonly body?: AnyValue;
  readonly attributes?: readonly KeyValue[];
}

/** A metrics request has `resourceMetrics`, a logs request `resourceLogs`. */
export interface OtlpRequest {
  readonly resourceMetrics?: readonly {
    readonly resource?: { readonly attributes?: readonly KeyValue[] };
    readonly scopeMetrics?: readonly { readonly scope?: Scope; readonly metrics?: readonly Metric[] }[];
  }[];
  readonly resourceLogs?: readonly {
    readonly resource?: { readonly attributes?: readonly KeyValue[] };
    readonly scopeLogs?: readonly { readonly scope?: Scope; readonly logRecords?: readonly LogRecord[] }[];
  }[];
}

/** One scope of a request: what the agent calls a batch. */
export interface Batch {
  /** The nonce of the run; empty when the sender names none. */
  readonly run: string;
  readonly stream: string;
  /** The sender's running number in its stream; undefined when it gives none. */
  readonly seq: number | undefined;
  /** Data points or log records. */
  readonly items: number;
}

/** The batches in a request, told apart by the attributes run_id, batch_stream and batch_seq of resource or scope. */
export function batchesOf(signal: Signal, request: OtlpRequest): Batch[] {
  const groups =
    signal === 'metrics'
      ? (request.resourceMetrics ?? []).map((one) => ({
          resource: one.resource?.attributes,
          scopes: (one.scopeMetrics ?? []).map((scope) => ({
            attributes: scope.scope?.attributes,
            items: (scope.metrics ?? []).reduce((sum, metric) => sum + pointsOf(metric).length, 0),
          })),
        }))
      : (request.resourceLogs ?? []).map((one) => ({
          resource: one.resource?.attributes,
          scopes: (one.scopeLogs ?? []).map((scope) => ({
            attributes: scope.scope?.attributes,
            items: scope.logRecords?.length ?? 0,
          })),
        }));
  return groups.flatMap(({ resource, scopes }) =>
    scopes.map(({ attributes, items }) => {
      const find = (key: string) => attributeOf(attributes, key) ?? attributeOf(resource, key);
      const seq = Number(find('batch_seq') ?? Number.NaN);
      return {
        run: String(find('run_id') ?? ''),
        stream: String(find('batch_stream') ?? signal),
        seq: Number.isSafeInteger(seq) ? seq : undefined,
        items,
      };
    }),
  );
}

export function pointsOf(metric: Metric): readonly DataPoint[] {
  return metric.gauge?.dataPoints ?? metric.sum?.dataPoints ?? [];
}

export function attributeOf(
  attributes: readonly KeyValue[] | undefined,
  key: string,
): string | number | boolean | undefined {
  const value = attributes?.find((one) => one.key === key)?.value;
  return (
    value?.stringValue ??
    value?.boolValue ??
    value?.doubleValue ??
    (value?.intValue === undefined ? undefined : Number(value.intValue))
  );
}
