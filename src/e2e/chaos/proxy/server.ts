import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorMessage, HumanError } from '../../../core/base/errors.ts';
import { listen } from '../../services/listen.ts';
import { TcpProxy } from './proxy.ts';

const VERSION = 'infrabuilder-1';
const MAX_BODY_BYTES = 64 * 1024;

class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Our TCP proxies behind the part of toxiproxy's HTTP API that we use, on the loopback interface. */
export async function startProxyServer(options: {
  readonly port: number;
}): Promise<{ readonly port: number; close(): Promise<void> }> {
  const proxies = new Map<string, TcpProxy>();
  const find = (name: string) => {
    const proxy = proxies.get(name);
    if (proxy === undefined) throw new Refusal(404, 'proxy not found');
    return proxy;
  };

  async function answer(
    method: string,
    path: readonly string[],
    body: Record<string, unknown>,
  ): Promise<[number, unknown]> {
    const [root, name, kind, toxicName] = path;
    switch (
      `${method} ${root}${name === undefined ? '' : '/*'}${kind === undefined ? '' : `/${kind}`}${toxicName === undefined ? '' : '/*'}`
    ) {
      case 'GET version':
        return [200, { version: VERSION }];
      case 'POST reset':
        for (const proxy of proxies.values()) {
          proxy.clear();
          await proxy.enable();
        }
        return [204, undefined];
      case 'GET proxies':
        return [200, Object.fromEntries(proxies)];
      case 'POST proxies': {
        const made = new TcpProxy(text(body, 'name'), text(body, 'listen'), text(body, 'upstream'));
        if (proxies.has(made.name)) throw new Refusal(409, 'proxy already exists');
        if (body.enabled !== false) await made.enable();
        proxies.set(made.name, made);
        return [201, made];
      }
      case 'GET proxies/*':
        return [200, find(name ?? '')];
      case 'POST proxies/*': {
        const proxy = find(name ?? '');
        await (body.enabled === false ? proxy.disable() : proxy.enable());
        return [200, proxy];
      }
      case 'DELETE proxies/*':
        await find(name ?? '').disable();
        proxies.delete(name ?? '');
        return [204, undefined];
      case 'GET proxies/*/toxics':
        return [200, find(name ?? '').toxics];
      case 'POST proxies/*/toxics':
        return [200, find(name ?? '').addToxic(body)];
      case 'GET proxies/*/toxics/*': {
        const toxic = find(name ?? '').toxics.find((one) => one.name === toxicName);
        if (toxic === undefined) throw new Refusal(404, 'toxic not found');
        return [200, toxic];
      }
      case 'DELETE proxies/*/toxics/*':
        if (!find(name ?? '').removeToxic(toxicName ?? '')) throw new Refusal(404, 'toxic not found');
        return [204, undefined];
      default:
        throw new Refusal(404, `there is nothing at ${method} /${path.join('/')}`);
    }
  }

  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('/').filter(Boolean).map(decodeURIComponent);
    readJson(request)
      .then((body) => answer(request.method ?? 'GET', path, body))
      .catch((error: unknown): [number, unknown] => {
        const status =
          error instanceof Refusal
            ? error.status
            : error instanceof HumanError
              ? error.code === 'proxy.toxic-exists'
                ? 409
                : 400
              : 500;
        return [status, { error: errorMessage(error), status }];
      })
      .then(([status, value]) => {
        response.writeHead(status, { 'Content-Type': 'application/json' });
        response.end(value === undefined ? undefined : JSON.stringify(value));
      });
  });
  await listen(server, options.port);
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      await Promise.all([...proxies.values()].map((proxy) => proxy.disable()));
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  let body = '';
  for await (const part of request) {
    body += part;
    if (body.length > MAX_BODY_BYTES) throw new Refusal(413, 'the body is too large');
  }
  if (body.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Falls through to the refusal.
  }
  throw new Refusal(400, 'the body is not a JSON object');
}

function text(body: Record<string, unknown>, key: string): string {
  const value = body[key];
  if (typeof value !== 'string' || value === '') throw new Refusal(400, `missing required field: ${key}`);
  return value;
}
