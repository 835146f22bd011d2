import assert from 'node:assert/strict';
import { appendFile, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import protobuf from 'protobufjs/light.js';
import { EnvironmentError } from '../../../src/core/base/errors.ts';
import { schema } from '../../../src/e2e/services/otlpSchema.ts';
import { type ReceiverService, startReceiverService } from '../../../src/e2e/services/receiverService.ts';
import { sourceLauncher } from '../../../src/e2e/services/worker.ts';
import { leftovers, type Sandbox, sandbox } from '../../support/e2eSandbox.ts';

const batch = (seq: number, run = 'r1') => ({
  resourceMetrics: [
    {
      resource: { attributes: [{ key: 'run_id', value: { stringValue: run } }] },
      scopeMetrics: [
        {
          scope: {
            attributes: [
              { key: 'batch_stream', value: { stringValue: 'metrics' } },
              { key: 'batch_seq', value: { intValue: String(seq) } },
            ],
          },
          metrics: [{ name: 'process.cpu', gauge: { dataPoints: [{ timeUnixNano: '1', asDouble: seq }] } }],
        },
      ],
    },
  ],
});

describe('OTLP receiver', function () {
  this.timeout(30_000);
  let box: Sandbox;
  let receiver: ReceiverService;
  const start = (options: { port?: number; maxBodyBytes?: number } = {}) =>
    startReceiverService({
      name: 'otlp',
      folder: box.path('otlp'),
      launcher: sourceLauncher,
      journal: box.journal,
      ...options,
    });
  const post = (body: string | Uint8Array, headers: Record<string, string> = {}, path = '/v1/metrics') =>
    fetch(receiver.service.url + path, {
      method: 'POST',
      body: body as string,
      headers: { 'Content-Type': 'application/json', ...headers },
    });
  const send = (seq: number) => post(JSON.stringify(batch(seq)));

  beforeEach(async () => {
    box = await sandbox();
  });
  afterEach(async () => {
    assert.deepEqual((await box.close()).failures, []);
    assert.deepEqual(await leftovers(box.journal.run), []);
  });

  it('sent == received, over JSON, gzip and protobuf alike', async () => {
    receiver = await start();
    const type = protobuf.Root.fromJSON(schema).lookupType('ExportMetricsServiceRequest');
    assert.equal((await send(1)).status, 200);
    assert.equal((await post(gzipSync(JSON.stringify(batch(2))), { 'Content-Encoding': 'gzip' })).status, 200);
    const reply = await post(type.encode(type.fromObject(batch(3))).finish(), {
      'Content-Type': 'application/x-protobuf',
    });
    assert.deepEqual(
      [reply.status, reply.headers.get('content-type'), await reply.text()],
      [200, 'application/x-protobuf', ''],
    );
    const status = await receiver.status();
    assert.equal(status.accepted, 3);
    assert.deepEqual(
      status.streams.map(({ run, stream, distinct, missing, items }) => [run, stream, distinct, missing, items]),
      [['r1', 'metrics', 3, 0, 3]],
    );
    const kept = [];
    for await (const record of receiver.received()) kept.push(record);
    assert.deepEqual(
      kept.map(({ signal, encoding }) => [signal, encoding]),
      [
        ['metrics', 'json'],
        ['metrics', 'json'],
        ['metrics', 'protobuf'],
      ],
    );
    assert.deepEqual(kept[2]?.request, batch(3));
  });

  it('kill -9 between requests loses nothing that was acknowledged; it comes back on its port', async () => {
    receiver = await start();
    const { port, pid } = receiver.service;
    for (let seq = 1; seq <= 20; seq++) assert.equal((await send(seq)).status, 200);
    const exit = await receiver.service.end('SIGKILL');
    assert.equal(exit.signal, 'SIGKILL');
    await assert.rejects(receiver.status(), EnvironmentError);
    await appendFile(receiver.file, '{"at":1,"signal":"metr');
    await receiver.service.start();
    assert.equal(receiver.service.port, port);
    assert.notEqual(receiver.service.pid, pid);
    const status = await receiver.status();
    assert.equal(status.torn, 22);
    assert.equal(status.streams[0]?.distinct, 20);
    await send(20);
    await send(21);
    const after = (await receiver.status()).streams[0];
    assert.deepEqual([after?.distinct, after?.duplicates, after?.missing], [21, 1, 0]);
    for (const line of (await readFile(receiver.file, 'utf8')).trim().split('\n')) JSON.parse(line);
  });

  it('many at once are all kept', async () => {
    receiver = await start();
    const replies = await Promise.all(Array.from({ length: 200 }, (_, i) => send(i + 1)));
    assert.ok(replies.every((reply) => reply.status === 200));
    assert.equal((await receiver.status()).streams[0]?.distinct, 200);
  });

  it('malformed, oversized and foreign requests are refused and counted, and nothing of them is kept', async () => {
    receiver = await start({ maxBodyBytes: 10_000 });
    const refused = async (expected: number, reply: Promise<Response>) => assert.equal((await reply).status, expected);
    await refused(400, post('{"resourceMetrics": ['));
    await refused(400, post(new Uint8Array([0x0a, 0xff]), { 'Content-Type': 'application/x-protobuf' }));
    await refused(400, post('no gzip', { 'Content-Encoding': 'gzip' }));
    await refused(413, post('x'.repeat(20_000)));
    await refused(413, post(gzipSync(Buffer.alloc(50_000_000)), { 'Content-Encoding': 'gzip' }));
    await refused(415, post('{}', { 'Content-Type': 'text/plain' }));
    await refused(415, post('{}', { 'Content-Encoding': 'br' }));
    await refused(404, post('{}', {}, '/v1/traces'));
    await refused(405, fetch(`${receiver.service.url}/v1/logs`));
    const { accepted, malformed, tooLarge, foreign } = await receiver.status();
    assert.deepEqual(
      { accepted, malformed, tooLarge, foreign },
      { accepted: 0, malformed: 3, tooLarge: 2, foreign: 4 },
    );
    assert.equal((await stat(receiver.file)).size, 0);
    assert.equal((await send(1)).status, 200);
  });

  it('a disk that is full answers 503, so that the sender keeps its data', async () => {
    if (process.platform !== 'linux') return assert.notEqual(process.platform, 'linux');
    receiver = await start();
    await receiver.service.stop();
    await import('node:fs/promises').then((fs) => fs.rm(receiver.file));
    await symlink('/dev/full', receiver.file);
    await receiver.service.start();
    const reply = await send(1);
    assert.equal(reply.status, 503);
    assert.match(await reply.text(), /ENOSPC/);
    const status = await receiver.status();
    assert.deepEqual([status.accepted, status.unavailable, status.streams.length], [0, 1, 0]);
  });

  it('a port in use is told, with what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    try {
      await assert.rejects(start({ port }), (error: unknown) => {
        assert.ok(error instanceof EnvironmentError);
        assert.equal(error.code, 'service.port-in-use');
        assert.match(error.message, new RegExp(`127.0.0.1:${port}`));
        return true;
      });
    } finally {
      other.close();
    }
  });

  it('a folder that cannot be used is told with the last output', async () => {
    await writeFile(box.path('otlp'), 'a file, not a folder');
    await assert.rejects(start(), /EEXIST/);
  });
});
