import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers one request; `body` is what the client sent. */
export type Script = (response: ServerResponse, body: Record<string, unknown>, request: IncomingMessage) => void;

export interface ModelServer {
  /** With `/v1`. */
  readonly baseUrl: string;
  /** Bodies of the chat requests so far. */
  readonly requests: readonly Record<string, unknown>[];
  /** Authorization headers of the chat requests so far. */
  readonly keys: readonly (string | undefined)[];
  /** Settles once a client has hung up on a request that was not answered to its end. */
  readonly left: Promise<void>;
  close(): Promise<void>;
}

/** A real HTTP server on a free port of this machine. Scripts are played in order; the last one again and again. */
export async function modelServer(...scripts: readonly Script[]): Promise<ModelServer> {
  const requests: Record<string, unknown>[] = [];
  const keys: (string | undefined)[] = [];
  let hangUp = (): void => undefined;
  const left = new Promise<void>((resolve) => {
    hangUp = resolve;
  });
  const server = createServer((request, response) => {
    response.on('close', () => {
      if (!response.writableEnded) hangUp();
    });
    if (request.url === '/v1/models') {
      json(200, { object: 'list', data: [{ id: 'scripted-1' }, { id: 'scripted-2' }] })(response, {}, request);
      return;
    }
    let text = '';
    request.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    request.on('end', () => {
      const body = JSON.parse(text) as Record<string, unknown>;
      requests.push(body);
      keys.push(request.headers.authorization);
      const script = scripts[Math.min(requests.length, scripts.length) - 1];
      script?.(response, body, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    keys,
    left,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Script {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
}

export function raw(status: number, type: string, body: string): Script {
  return (response) => {
    response.writeHead(status, { 'content-type': type }).end(body);
  };
}

/** Server-sent events; `end` tells whether the stream is closed in order, broken off, or left open in silence. */
export function events(chunks: readonly unknown[], end: 'done' | 'close' | 'destroy' | 'silence' = 'done'): Script {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const chunk of chunks)
      response.write(`data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`);
    if (end === 'done') response.write('data: [DONE]\n\n');
    if (end === 'done' || end === 'close') response.end();
    // A moment later, so that what was written has left.
    if (end === 'destroy') setTimeout(() => response.destroy(), 20);
  };
}

/** Pieces of text as chunks of a stream, with the reason why it ends, and what it cost. */
export function says(...pieces: readonly string[]): Script {
  return events([...pieces.map(text), finish('stop'), usage(12, 34)]);
}

export function text(content: string): unknown {
  return { choices: [{ index: 0, delta: { content } }] };
}

export function finish(reason: string): unknown {
  return { choices: [{ index: 0, delta: {}, finish_reason: reason }] };
}

export function usage(input: number, output: number): unknown {
  return { choices: [], usage: { prompt_tokens: input, completion_tokens: output } };
}

export function calls(...toolCalls: readonly unknown[]): unknown {
  return { choices: [{ index: 0, delta: { tool_calls: toolCalls } }] };
}
