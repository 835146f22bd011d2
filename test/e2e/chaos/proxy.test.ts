import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError, HumanError } from '../../../src/core/base/errors.ts';
import { type Proxies, startProxies } from '../../../src/e2e/chaos/proxies.ts';
import { ProxyApi } from '../../../src/e2e/chaos/proxy/client.ts';
import type { ToxicRequest } from '../../../src/e2e/chaos/proxy/toxic.ts';
import { startChild } from '../../../src/e2e/reap/child.ts';
import { sourceLauncher } from '../../../src/e2e/services/worker.ts';
import { leftovers, type Sandbox, sandbox } from '../../support/e2eSandbox.ts';

/** The same demands on both servers; the real one takes part where its program is installed. */
const real = findProgram(['toxiproxy-server', 'toxiproxy']);
const SERVERS = ['our own server', ...(real === undefined ? [] : ['a toxiproxy server'])];

describe(`TCP proxy (toxiproxy on this machine: ${real ?? 'not installed, so its API is not-run here'})`, function () {
  this.timeout(30_000);
  for (const kind of SERVERS) {
    describe(kind, () => {
      let box: Sandbox;
      let echo: Server;
      let proxies: Proxies;
      let front: Awaited<ReturnType<Proxies['before']>>;
      const sockets = new Set<Socket>();

      before(async () => {
        box = await sandbox();
        echo = createServer({ allowHalfOpen: true }, (socket) => {
          socket.on('error', () => undefined);
          socket.on('data', (data) => (data.toString().endsWith('bye') ? socket.end(data) : socket.write(data)));
          socket.on('end', () => socket.end());
        }).listen(0, '127.0.0.1');
        await new Promise((resolve) => echo.once('listening', resolve));
        const external = kind === 'our own server' ? undefined : await startReal(box);
        proxies = await startProxies({
          journal: box.journal,
          launcher: sourceLauncher,
          ...(external === undefined ? {} : { external }),
        });
        front = await proxies.before('echo', `127.0.0.1:${(echo.address() as AddressInfo).port}`);
      });
      after(async () => {
        assert.deepEqual((await box.close()).failures, []);
        assert.deepEqual(await leftovers(box.journal.run), []);
        echo.close();
      });
      afterEach(async () => {
        for (const socket of sockets) socket.destroy();
        sockets.clear();
        await proxies.api.reset();
      });

      const dial = async () => {
        const [host = '', port] = front.listen.split(':');
        const socket = connect({ host: host.replace('[::]', '127.0.0.1'), port: Number(port), allowHalfOpen: true });
        sockets.add(socket);
        const received: Buffer[] = [];
        let end = '';
        socket
          .on('data', (data) => received.push(data))
          .on('end', () => (end ||= 'end'))
          .on('error', (error: NodeJS.ErrnoException) => (end ||= error.code ?? 'error'))
          .on('close', () => (end ||= 'close'));
        await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
        return {
          socket,
          get text() {
            return Buffer.concat(received).toString();
          },
          get ended() {
            return end;
          },
          async until(condition: (text: string, ended: string) => boolean): Promise<number> {
            const began = performance.now();
            while (!condition(Buffer.concat(received).toString(), end)) {
              if (performance.now() - began > 5000)
                throw new Error(`waited in vain; got ${Buffer.concat(received).length} bytes, end "${end}"`);
              await sleep(2);
            }
            return performance.now() - began;
          },
        };
      };
      const toxic = (request: ToxicRequest) => proxies.api.addToxic(front.name, request);

      it('passes bytes both ways, and the end', async () => {
        const line = await dial();
        const text = 'x'.repeat(300_000);
        line.socket.write(text);
        await line.until((got) => got.length === text.length);
        line.socket.end();
        await line.until((_, end) => end === 'end');
        assert.equal(line.text, text);
      });

      it('latency delays, also on connections that are open, and ends with the toxic', async () => {
        const line = await dial();
        line.socket.write('a');
        await line.until((got) => got === 'a');
        await toxic({ name: 'slow', type: 'latency', attributes: { latency: 150, jitter: 0 } });
        line.socket.write('b');
        assert.ok((await line.until((got) => got === 'ab')) >= 140);
        await proxies.api.removeToxic(front.name, 'slow');
        line.socket.write('c');
        assert.ok((await line.until((got) => got === 'abc')) < 140);
      });

      it('bandwidth holds a rate', async () => {
        await toxic({ type: 'bandwidth', attributes: { rate: 100 } });
        const line = await dial();
        line.socket.write('x'.repeat(40 * 1024));
        const took = await line.until((got) => got.length === 40 * 1024);
        assert.ok(took > 250 && took < 2000, `${took} ms for 40 KB at 100 KB/s`);
      });

      it('timeout lets nothing through and closes', async () => {
        await toxic({ type: 'timeout', attributes: { timeout: 100 } });
        const line = await dial();
        line.socket.write('a');
        await line.until((_, end) => end !== '');
        assert.equal(line.text, '');
      });

      it('timeout 0 keeps the connection and swallows', async () => {
        await toxic({ type: 'timeout', attributes: { timeout: 0 } });
        const line = await dial();
        line.socket.write('a');
        await sleep(200);
        assert.deepEqual([line.text, line.ended], ['', '']);
      });

      it('reset_peer resets', async () => {
        await toxic({ type: 'reset_peer', attributes: { timeout: 50 } });
        const line = await dial();
        line.socket.write('a');
        await line.until((_, end) => end !== '');
        assert.equal(line.ended, 'ECONNRESET');
      });

      it('slow_close delays the end, not the data', async () => {
        await toxic({ type: 'slow_close', attributes: { delay: 200 } });
        const line = await dial();
        line.socket.write('bye');
        await line.until((got) => got === 'bye');
        assert.ok((await line.until((_, end) => end !== '')) >= 150);
      });

      it('limit_data closes after so many bytes', async () => {
        await toxic({ type: 'limit_data', attributes: { bytes: 10 } });
        const line = await dial();
        line.socket.write('0123456789abcdef');
        await line.until((_, end) => end !== '');
        assert.equal(line.text, '0123456789');
      });

      it('slicer keeps every byte', async () => {
        await toxic({ type: 'slicer', attributes: { average_size: 7, size_variation: 3, delay: 10 } });
        const line = await dial();
        line.socket.write('The quick brown fox jumps over the lazy dog');
        await line.until((got) => got === 'The quick brown fox jumps over the lazy dog');
      });

      it('down refuses connections and cuts those that are open', async () => {
        const line = await dial();
        line.socket.write('a');
        await line.until((got) => got === 'a');
        await proxies.api.enable(front.name, false);
        await line.until((_, end) => end !== '');
        await assert.rejects(dial(), /ECONNREFUSED/);
        await proxies.api.enable(front.name, true);
        await dial();
      });

      it('says what it has', async () => {
        await toxic({ name: 'a', type: 'latency', stream: 'upstream', attributes: { latency: 5 } });
        const info = await proxies.api.get(front.name);
        assert.deepEqual(
          [info.enabled, info.toxics.map(({ name, type, stream }) => [name, type, stream])],
          [true, [['a', 'latency', 'upstream']]],
        );
      });

      it('refuses what it does not know', async () => {
        await assert.rejects(
          proxies.api.addToxic('nobody', { type: 'latency' }),
          (error: unknown) => error instanceof HumanError && /404/.test(error.message),
        );
        await assert.rejects(
          toxic({ type: 'poison' as 'latency' }),
          (error: unknown) => error instanceof HumanError && /400/.test(error.message),
        );
        await toxic({ name: 'twice', type: 'latency' });
        await assert.rejects(
          toxic({ name: 'twice', type: 'latency' }),
          (error: unknown) => error instanceof HumanError && /409/.test(error.message),
        );
      });

      it('an upstream that is down closes the client', async () => {
        const gone = createServer().listen(0, '127.0.0.1');
        await new Promise((resolve) => gone.once('listening', resolve));
        const { port } = gone.address() as AddressInfo;
        await new Promise((resolve) => gone.close(resolve));
        const dead = await proxies.before('dead', `127.0.0.1:${port}`);
        const socket = connect({ host: '127.0.0.1', port: Number(dead.listen.split(':').at(-1)) });
        socket.on('error', () => undefined);
        await new Promise((resolve) => socket.once('close', resolve));
      });
    });
  }

  it('our own server listens on the loopback interface only, and corrupts when asked', async () => {
    const box = await sandbox();
    try {
      const { api } = await startProxies({ journal: box.journal, launcher: sourceLauncher });
      await assert.rejects(
        api.create({ name: 'open', listen: '0.0.0.0:0', upstream: '127.0.0.1:1' }),
        /127.0.0.1 only|0\.0\.0\.0/,
      );
      const http = createHttpServer((request, response) => request.pipe(response)).listen(0, '127.0.0.1');
      await new Promise((resolve) => http.once('listening', resolve));
      const { listen } = await api.create({ name: 'p', upstream: `127.0.0.1:${(http.address() as AddressInfo).port}` });
      await api.addToxic('p', { name: 'c', type: 'corrupt', stream: 'upstream', attributes: { every: 10, skip: 400 } });
      const body = 'a'.repeat(1000);
      const got = await (await fetch(`http://${listen}`, { method: 'POST', body })).text();
      assert.equal(got.length, 1000);
      const differing = [...got].filter((c) => c !== 'a').length;
      const counted = await api.toxic('p', 'c');
      assert.ok(
        counted.type === 'corrupt' && counted.attributes.corrupted === differing && differing > 50,
        `${differing} differ`,
      );
      http.close();
      http.closeAllConnections();
    } finally {
      await box.close();
    }
  });

  it('a server that does not answer is told', async () => {
    const box = await sandbox();
    await assert.rejects(
      startProxies({ journal: box.journal, launcher: sourceLauncher, external: 'http://127.0.0.1:9' }),
      (error: unknown) => error instanceof EnvironmentError && error.code === 'chaos.no-proxy',
    );
    await box.close();
  });
});

function findProgram(names: readonly string[]): string | undefined {
  const named = process.env.INFRABUILDER_TOXIPROXY;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return [...(named ? [named] : []), ...names.flatMap((name) => folders.map((folder) => join(folder, name)))].find(
    (path) => existsSync(path),
  );
}

async function startReal(box: Sandbox): Promise<string> {
  const free = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => free.once('listening', resolve));
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  await startChild({
    name: 'toxiproxy',
    argv: [real ?? '', '-host', '127.0.0.1', '-port', String(port)],
    journal: box.journal,
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    try {
      await new ProxyApi(url).version();
      return url;
    } catch (error) {
      if (tries > 100) throw error;
      await sleep(20);
    }
  }
}
