import type { INamespace } from 'protobufjs/light.js';

const one = (type: string, id: number) => ({ type, id });
const many = (type: string, id: number) => ({ rule: 'repeated' as const, type, id });

/** The part of opentelemetry-proto 1.x that metrics and logs need, by field number. Unknown fields are skipped. */
export const schema: INamespace = {
  nested: {
    Status: { fields: { code: one('int32', 1), message: one('string', 2) } },
    ExportMetricsServiceRequest: { fields: { resourceMetrics: many('ResourceMetrics', 1) } },
    ExportLogsServiceRequest: { fields: { resourceLogs: many('ResourceLogs', 1) } },
    ResourceMetrics: {
      fields: { resource: one('Resource', 1), scopeMetrics: many('ScopeMetrics', 2), schemaUrl: one('string', 3) },
    },
    ResourceLogs: {
      fields: { resource: one('Resource', 1), scopeLogs: many('ScopeLogs', 2), schemaUrl: one('string', 3) },
    },
    Resource: { fields: { attributes: many('KeyValue', 1), droppedAttributesCount: one('uint32', 2) } },
    Scope: {
      fields: {
        name: one('string', 1),
        version: one('string', 2),
        attributes: many('KeyValue', 3),
        droppedAttributesCount: one('uint32', 4),
      },
    },
    KeyValue: { fields: { key: one('string', 1), value: one('AnyValue', 2) } },
    AnyValue: {
      oneofs: {
        value: {
          oneof: ['stringValue', 'boolValue', 'intValue', 'doubleValue', 'arrayValue', 'kvlistValue', 'bytesValue'],
        },
      },
      fields: {
        stringValue: one('string', 1),
        boolValue: one('bool', 2),
        intValue: one('int64', 3),
        doubleValue: one('double', 4),
        arrayValue: one('ArrayValue', 5),
        kvlistValue: one('KeyValueList', 6),
        bytesValue: one('bytes', 7),
      },
    },
    ArrayValue: { fields: { values: many('AnyValue', 1) } },
    KeyValueList: { fields: { values: many('KeyValue', 1) } },
    ScopeMetrics: { fields: { scope: one('Scope', 1), metrics: many('Metric', 2), schemaUrl: one('string', 3) } },
    Metric: {
      oneofs: { data: { oneof: ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] } },
      fields: {
        name: one('string', 1),
        description: one('string', 2),
        unit: one('string', 3),
        gauge: one('Gauge', 5),
        sum: one('Sum', 7),
        histogram: one('Histogram', 9),
        exponentialHistogram: one('ExponentialHistogram', 10),
        summary: one('Summary', 11),
      },
    },
    Gauge: { fields: { dataPoints: many('NumberDataPoint', 1) } },
    Sum: {
      fields: {
        dataPoints: many('NumberDataPoint', 1),
        aggregationTemporality: one('int32', 2),
        isMonotonic: one('bool', 3),
      },
    },
    Histogram: { fields: { dataPoints: many('HistogramDataPoint', 1), aggregationTemporality: one('int32', 2) } },
    ExponentialHistogram: {
      fields: { dataPoints: many('ExponentialHistogramDataPoint', 1), aggregationTemporality: one('int32', 2) },
    },
    Summary: { fields: { dataPoints: many('SummaryDataPoint', 1) } },
    NumberDataPoint: {
      oneofs: { value: { oneof: ['asDouble', 'asInt'] } },
      fields: {
        attributes: many('KeyValue', 7),
        startTimeUnixNano: one('fixed64', 2),
        timeUnixNano: one('fixed64', 3),
        asDouble: one('double', 4),
        asInt: one('sfixed64', 6),
        flags: one('uint32', 8),
      },
    },
    HistogramDataPoint: {
      fields: {
        attributes: many('KeyValue', 9),
        startTimeUnixNano: one('fixed64', 2),
        timeUnixNano: one('fixed64', 3),
        count: one('fixed64', 4),
        sum: one('double', 5),
        bucketCounts: many('fixed64', 6),
        explicitBounds: many('double', 7),
        flags: one('uint32', 10),
        min: one('double', 11),
        max: one('double', 12),
      },
    },
    ExponentialHistogramDataPoint: {
      fields: {
        attributes: many('KeyValue', 1),
        startTimeUnixNano: one('fixed64', 2),
        timeUnixNano: one('fixed64', 3),
        count: one('fixed64', 4),
        sum: one('double', 5),
        scale: one('sint32', 6),
        zeroCount: one('fixed64', 7),
        positive: one('Buckets', 8),
        negative: one('Buckets', 9),
        flags: one('uint32', 10),
        min: one('double', 12),
        max: one('double', 13),
        zeroThreshold: one('double', 14),
      },
    },
    Buckets: { fields: { offset: one('sint32', 1), bucketCounts: many('uint64', 2) } },
    SummaryDataPoint: {
      fields: {
        attributes: many('KeyValue', 7),
        startTimeUnixNano: one('fixed64', 2),
        timeUnixNano: one('fixed64', 3),
        count: one('fixed64', 4),
        sum: one('double', 5),
        flags: one('uint32', 8),
      },
    },
    ScopeLogs: { fields: { scope: one('Scope', 1), logRecords: many('LogRecord', 2), schemaUrl: one('string', 3) } },
    LogRecord: {
      fields: {
        timeUnixNano: one('fixed64', 1),
        severityNumber: one('int32', 2),
        severityText: one('string', 3),
        body: one('AnyValue', 5),
        attributes: many('KeyValue', 6),
        droppedAttributesCount: one('uint32', 7),
        flags: one('fixed32', 8),
        traceId: one('bytes', 9),
        spanId: one('bytes', 10),
        observedTimeUnixNano: one('fixed64', 11),
        eventName: one('string', 12),
      },
    },
  },
};
