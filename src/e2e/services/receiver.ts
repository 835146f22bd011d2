import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { errorMessage } from '../../core/base/errors.ts';
import { Accounts, type StreamAccount } from './account.ts';
import { listen } from './listen.ts';
import { batchesOf, decodeRequest, encodeStatus, type Signal } from './otlp.ts';
import { readReceived, Store } from './store.ts';

const inflate = promisify(gunzip);
const DEFAULT_BODY_BYTES = 16 * 1024 * 1024;
export const RECEIVED_FILE = 'received.jsonl';

export interface ReceiverOptions {
  /** Folder of the file; it must exist. */
  readonly folder: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Limit of a body, packed and unpacked. */
  readonly maxBodyBytes?: number;
}

/** What `GET /status` answers. Counts of refused requests begin anew at a restart; accounts do not. */
export interface ReceiverStatus {
  readonly pid: number;
  readonly now: number;
  readonly accepted: number;
  readonly malformed: number;
  readonly tooLarge: number;
  readonly unavailable: number;
  readonly foreign: number;
  /** Bytes of a torn last line that were cut off at the start. */
  readonly torn: number;
  readonly streams: readonly StreamAccount[];
}

export interface Receiver {
  readonly port: number;
  close(): Promise<void>;
}

/** An answer that is not a success. */
class Refusal extends Error {
  readonly status: number;
  readonly counter: 'malformed' | 'tooLarge' | 'unavailable' | 'foreign';

  constructor(status: number, counter: Refusal['counter'], message: string) {
    super(message);
    this.status = status;
    this.counter = counter;
  }
}

/** An OTLP/HTTP receiver on the loopback interface. It says 200 only when the request is on the disk. */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const path = join(options.folder, RECEIVED_FILE);
  const { store, torn } = await Store.open(path);
  const accounts = new Accounts();
  for await (const record of readReceived(path)) {
    for (const batch of batchesOf(record.signal, record.request)) accounts.add(batch);
  }
  const counts = { accepted: 0, malformed: 0, tooLarge: 0, unavailable: 0, foreign: 0 };
  const limit = options.maxBodyBytes ?? DEFAULT_BODY_BYTES;

  const server = createServer((request, response) => {
    void handle(request, response).catch((error: unknown) => {
      const refusal = error instanceof Refusal ? error : new Refusal(500, 'unavailable', errorMessage(error));
      counts[refusal.counter]++;
      const encoding = isProtobuf(request) ? 'protobuf' : 'json';
      // A body that was not read to its end makes the connection useless.
      if (!request.complete) response.setHeader('Connection', 'close');
      if (refusal.status === 503) response.setHeader('Retry-After', '1');
      reply(response, refusal.status, encoding, encodeStatus(encoding, refusal.message));
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url?.split('?')[0];
    if (request.method === 'GET' && url === '/status') {
      const status: ReceiverStatus = { pid: process.pid, now: Date.now(), ...counts, torn, streams: accounts.report() };
      return reply(response, 200, 'json', JSON.stringify(status));
    }
    const signal = signalOf(url);
    if (signal === undefined) throw new Refusal(404, 'foreign', `There is nothing at ${url}.`);
    if (request.method !== 'POST') throw new Refusal(405, 'foreign', 'Only POST is taken here.');
    const type = request.headers['content-type']?.split(';')[0]?.trim();
    if (type !== 'application/json' && type !== 'application/x-protobuf') {
      throw new Refusal(415, 'foreign', `The content type ${type ?? '(none)'} is not taken.`);
    }
    const encoding = type === 'application/json' ? 'json' : 'protobuf';
    const packed = await readBody(request, limit);
    const body = await unpack(packed, request.headers['content-encoding'], limit);
    let decoded: ReturnType<typeof decodeRequest>;
    try {
      decoded = decodeRequest(signal, encoding, body);
    } catch (error) {
      throw new Refusal(400, 'malformed', `The body is not an OTLP ${signal} request: ${errorMessage(error)}`);
    }
    const batches = batchesOf(signal, decoded);
    await store
      .append({ at: Date.now(), signal, encoding, bytes: packed.length, request: decoded })
      .catch((error: unknown) => {
        throw new Refusal(503, 'unavailable', `Cannot keep the request: ${errorMessage(error)}`);
      });
    counts.accepted++;
    for (const batch of batches) accounts.add(batch);
    reply(response, 200, encoding, encoding === 'json' ? '{"partialSuccess":{}}' : new Uint8Array());
  }

  await listen(server, options.port);
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await store.close();
    },
  };
}

function signalOf(url: string | undefined): Signal | undefined {
  return url === '/v1/metrics' ? 'metrics' : url === '/v1/logs' ? 'logs' : undefined;
}

function isProtobuf(request: IncomingMessage): boolean {
  return request.headers['content-type']?.startsWith('application/x-protobuf') ?? false;
}

function reply(
  response: ServerResponse,
  status: number,
  encoding: 'json' | 'protobuf',
  body: string | Uint8Array,
): void {
  response.writeHead(status, { 'Content-Type': encoding === 'json' ? 'application/json' : 'application/x-protobuf' });
  response.end(body);
}

async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of request) {
      size += (part as Buffer).length;
      if (size > limit) throw new Refusal(413, 'tooLarge', `The body is larger than ${limit} bytes.`);
      parts.push(part as Buffer);
    }
  } catch (error) {
    throw error instanceof Refusal
      ? error
      : new Refusal(400, 'malformed', `The body broke off: ${errorMessage(error)}`);
  }
  return Buffer.concat(parts);
}

async function unpack(body: Buffer, encoding: string | undefined, limit: number): Promise<Uint8Array> {
  if (encoding === undefined || encoding === 'identity') return body;
  if (encoding !== 'gzip') throw new Refusal(415, 'foreign', `The content encoding ${encoding} is not taken.`);
  try {
    return await inflate(body, { maxOutputLength: limit });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new Refusal(413, 'tooLarge', `The body unpacks to more than ${limit} bytes.`);
    }
    throw new Refusal(400, 'malformed', `The body is not gzip: ${errorMessage(error)}`);
  }
}
