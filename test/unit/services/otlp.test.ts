import assert from 'node:assert/strict';
import protobuf from 'protobufjs/light.js';
import { attributeOf, batchesOf, decodeRequest } from '../../../src/e2e/services/otlp.ts';
import { schema } from '../../../src/e2e/services/otlpSchema.ts';

const attribute = (key: string, value: object) => ({ key, value });
const metrics = {
  resourceMetrics: [
    {
      resource: { attributes: [attribute('run_id', { stringValue: 'r1' })] },
      scopeMetrics: [
        {
          scope: {
            name: 's',
            attributes: [
              attribute('batch_stream', { stringValue: 'metrics' }),
              attribute('batch_seq', { intValue: '7' }),
            ],
          },
          metrics: [
            {
              name: 'process.cpu',
              unit: 'ms',
              gauge: {
                dataPoints: [
                  { timeUnixNano: '1795337260180000001', asDouble: 1.5 },
                  { timeUnixNano: '1', asInt: '-9007199254740993' },
                ],
              },
            },
            {
              name: 'sent',
              sum: { dataPoints: [{ timeUnixNano: '1', asDouble: 2 }], aggregationTemporality: 2, isMonotonic: true },
            },
          ],
        },
      ],
    },
  ],
};
const logs = {
  resourceLogs: [
    {
      scopeLogs: [
        {
          scope: { name: 's', attributes: [attribute('run_id', { stringValue: 'r2' })] },
          logRecords: [
            {
              timeUnixNano: '5',
              severityNumber: 13,
              severityText: 'warning',
              body: { stringValue: 'AgentDiagEvent ModuleOverLimit sampler' },
            },
          ],
        },
      ],
    },
  ],
};
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const encode = (type: string, value: object) => {
  const message = protobuf.Root.fromJSON(schema).lookupType(type);
  return message.encode(message.fromObject(value)).finish();
};

describe('OTLP', () => {
  it('protobuf and JSON of one request decode to the same, with 64-bit integers kept', () => {
    const fromJson = decodeRequest('metrics', 'json', bytes(metrics));
    const fromProtobuf = decodeRequest('metrics', 'protobuf', encode('ExportMetricsServiceRequest', metrics));
    assert.deepEqual(fromProtobuf, fromJson);
    assert.equal(
      fromProtobuf.resourceMetrics?.[0]?.scopeMetrics?.[0]?.metrics?.[0]?.gauge?.dataPoints?.[1]?.asInt,
      '-9007199254740993',
    );
  });

  it('field numbers are those of opentelemetry-proto', () => {
    // A request written by hand: resource_metrics(1) { scope_metrics(2) { metrics(2) { name(1) "m" gauge(5) { data_points(1) { as_double(4) 1 } } } } }
    const point = [0x21, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f];
    const gauge = [0x0a, point.length, ...point];
    const metric = [0x0a, 1, 0x6d, 0x2a, gauge.length, ...gauge];
    const scope = [0x12, metric.length, ...metric];
    const resource = [0x12, scope.length, ...scope];
    const decoded = decodeRequest('metrics', 'protobuf', new Uint8Array([0x0a, resource.length, ...resource]));
    assert.deepEqual(decoded, {
      resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'm', gauge: { dataPoints: [{ asDouble: 1 }] } }] }] }],
    });
  });

  it('batches carry run, stream, number and how many items', () => {
    assert.deepEqual(batchesOf('metrics', metrics), [{ run: 'r1', stream: 'metrics', seq: 7, items: 3 }]);
    assert.deepEqual(batchesOf('logs', logs), [{ run: 'r2', stream: 'logs', seq: undefined, items: 1 }]);
    assert.deepEqual(batchesOf('logs', {}), []);
  });

  it('attributes of each kind', () => {
    const list = [
      attribute('s', { stringValue: '' }),
      attribute('i', { intValue: '3' }),
      attribute('b', { boolValue: false }),
      attribute('d', { doubleValue: 0.5 }),
    ];
    assert.deepEqual(
      ['s', 'i', 'b', 'd', 'x'].map((key) => attributeOf(list, key)),
      ['', 3, false, 0.5, undefined],
    );
  });

  for (const [what, body] of Object.entries({
    'cut JSON': bytes(metrics).slice(0, 100),
    'no JSON at all': new TextEncoder().encode('hello'),
    'bytes that are not UTF-8': new Uint8Array([0x22, 0xff, 0x22]),
    'an array': bytes([1]),
    'a wrong type inside': bytes({ resourceMetrics: [{ scopeMetrics: 'none' }] }),
  })) {
    it(`${what} is malformed`, () => assert.throws(() => decodeRequest('metrics', 'json', body)));
  }

  it('cut protobuf is malformed', () => {
    const whole = encode('ExportLogsServiceRequest', logs);
    assert.throws(() => decodeRequest('logs', 'protobuf', whole.subarray(0, whole.length - 3)));
  });
});
