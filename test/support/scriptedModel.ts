import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const DIGEST = /\bdigest:? (?:is )?([0-9a-f]{8,})/;

export interface ScriptedCall {
  readonly name: string;
  /** An object, or text that is sent as it is. */
  readonly arguments: Readonly<Record<string, unknown>> | string;
}

/** What the model says in one turn. */
export interface ScriptedTurn {
  readonly text?: string;
  readonly calls?: readonly ScriptedCall[];
  /** Milliseconds before the answer and between its pieces. */
  readonly slow?: number;
  /** The connection breaks in the middle, the first `drop` times that this turn is asked for. */
  readonly drop?: number;
  readonly stop?: 'length';
}

/** One tool call of an earlier turn, and what came back. */
export interface ToolResult {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** The conversation so far, as the server is sent it. */
export interface Conversation {
  /** Turns that the model has taken. */
  readonly turns: number;
  readonly results: readonly ToolResult[];
  /** The last thing that the model was told. */
  readonly last: string;
  /** Everything that it was told. */
  readonly text: string;
  /** The digest that the last reading or edit of a file gave. */
  digest(path: string): string;
}

export type Script = (conversation: Conversation) => ScriptedTurn | Promise<ScriptedTurn>;

/** Plays one turn after the other; the last one again and again. */
export function play(...turns: readonly (ScriptedTurn | Script)[]): Script {
  return (conversation) => {
    const turn = turns[Math.min(conversation.turns, turns.length - 1)] ?? {};
    return typeof turn === 'function' ? turn(conversation) : turn;
  };
}

/** First these turns, then another script as if it had just begun. */
export function then(turns: readonly (ScriptedTurn | Script)[], next: Script): Script {
  const first = play(...turns);
  return (conversation) =>
    conversation.turns < turns.length
      ? first(conversation)
      : next({ ...conversation, turns: conversation.turns - turns.length });
}

export function call(name: string, input: Readonly<Record<string, unknown>> | string): ScriptedCall {
  return { name, arguments: input };
}

export interface ScriptedServer {
  /** With `/v1`. */
  readonly baseUrl: string;
  readonly requests: number;
  /** What follows is played by this script. */
  play(script: Script): void;
  close(): Promise<void>;
}

/** A real HTTP server on a free port of this machine that speaks the OpenAI API, and answers by a script. */
export async function scriptedServer(first: Script): Promise<ScriptedServer> {
  let script = first;
  let requests = 0;
  const drops = new Map<number, number>();
  const server = createServer((request, response) => {
    if (request.url === '/v1/models') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ object: 'list', data: [{ id: 'scripted' }] }));
      return;
    }
    let text = '';
    request.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    request.on('end', () => {
      requests++;
      void answer(script, text, response, drops).catch((error: unknown) => response.destroy(error as Error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    get requests() {
      return requests;
    },
    play(next) {
      script = next;
      drops.clear();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  script: Script,
  body: string,
  response: ServerResponse,
  drops: Map<number, number>,
): Promise<void> {
  const { messages } = JSON.parse(body) as { messages: readonly Message[] };
  const conversation = readConversation(messages);
  const turn = await script(conversation);
  const chunks = chunksOf(turn, conversation.turns, Math.ceil(body.length / 4));
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const dropped = drops.get(conversation.turns) ?? 0;
  const breaks = dropped < (turn.drop ?? 0);
  if (breaks) drops.set(conversation.turns, dropped + 1);
  for (const [index, chunk] of chunks.entries()) {
    if (turn.slow !== undefined) await sleep(turn.slow);
    if (response.destroyed) return;
    if (breaks && index > 0) {
      response.destroy();
      return;
    }
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  }
  response.end('data: [DONE]\n\n');
}

function chunksOf({ text = '', calls = [], stop }: ScriptedTurn, turn: number, inputTokens: number): unknown[] {
  const delta = (part: unknown) => ({ choices: [{ index: 0, delta: part }] });
  const sent = calls.map(({ name, arguments: given }, index) => {
    const raw = typeof given === 'string' ? given : JSON.stringify(given);
    return delta({
      tool_calls: [{ index, id: `call_${turn}_${index}`, type: 'function', function: { name, arguments: raw } }],
    });
  });
  const reason = stop ?? (calls.length > 0 ? 'tool_calls' : 'stop');
  const size = text.length + calls.reduce((sum, one) => sum + JSON.stringify(one.arguments).length, 0);
  const half = Math.ceil(text.length / 2);
  return [
    delta({ role: 'assistant', content: text.slice(0, half) }),
    delta({ content: text.slice(half) }),
    ...sent,
    { choices: [{ index: 0, delta: {}, finish_reason: reason }] },
    { choices: [], usage: { prompt_tokens: inputTokens, completion_tokens: Math.max(1, Math.ceil(size / 4)) } },
  ];
}

interface Message {
  readonly role: string;
  readonly content?: string | null;
  readonly tool_call_id?: string;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
}

function readConversation(messages: readonly Message[]): Conversation {
  const calls = new Map(messages.flatMap(({ tool_calls: made = [] }) => made.map((one) => [one.id, one.function])));
  const results = messages.flatMap(({ role, tool_call_id: id = '', content }) => {
    const made = calls.get(id);
    if (role !== 'tool' || made === undefined) return [];
    return [{ name: made.name, input: JSON.parse(made.arguments) as Record<string, unknown>, text: content ?? '' }];
  });
  return {
    turns: messages.filter(({ role }) => role === 'assistant').length,
    results,
    last: messages.at(-1)?.content ?? '',
    text: messages.map(({ content }) => content ?? '').join('\n'),
    digest(path) {
      const found = results.findLast(({ input, text }) => input.path === path && DIGEST.test(text));
      return DIGEST.exec(found?.text ?? '')?.[1] ?? 'never-read-it';
    },
  };
}
