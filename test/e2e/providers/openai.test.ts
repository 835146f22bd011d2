import assert from 'node:assert/strict';
import { CancelledError, EnvironmentError, HumanError } from '../../../src/core/base/errors.ts';
import type { ModelRequest, ModelTurn } from '../../../src/core/ports.ts';
import { createModelEndpoints } from '../../../src/node/openai/endpoints.ts';
import {
  calls,
  events,
  finish,
  json,
  type ModelServer,
  modelServer,
  raw,
  type Script,
  says,
  text,
  usage,
} from './modelServer.ts';

const QUICK = { answerMs: 5000, silenceMs: 300, retryMs: 5 };
const HELLO: ModelRequest = { messages: [{ role: 'user', text: 'Hello?' }] };
const TOOL = {
  name: 'read',
  description: 'Reads a file.',
  input: { type: 'object', properties: { file: { type: 'string' } } },
};

describe('an OpenAI-compatible endpoint', () => {
  let server: ModelServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  async function ask(
    scripts: readonly Script[],
    request: ModelRequest = HELLO,
    model = 'm',
    apiKey?: string,
  ): Promise<ModelTurn> {
    server = await modelServer(...scripts);
    return await createModelEndpoints(QUICK).open({ baseUrl: server.baseUrl, model, apiKey }).respond(request);
  }

  async function fails(code: string, ...scripts: readonly Script[]): Promise<HumanError> {
    const error = await ask(scripts, HELLO, 'm', 'sk-secret-1234').then(
      () => assert.fail('it answered'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof HumanError, String(error));
    assert.equal(error.code, code, error.message);
    assert.ok((error.hint ?? '').length > 10, 'an error says what to do next');
    assert.ok(!error.message.includes('sk-secret-1234'), error.message);
    return error;
  }

  describe('answers', () => {
    it('streams text piece by piece and reports what it cost', async () => {
      const pieces: string[] = [];
      const turn = await ask([says('Hel', 'lo.')], { ...HELLO, onText: (piece) => pieces.push(piece) });
      assert.deepEqual(pieces, ['Hel', 'lo.']);
      assert.deepEqual(turn, {
        text: 'Hello.',
        toolCalls: [],
        stop: 'end',
        usage: { inputTokens: 12, outputTokens: 34 },
      });
    });

    it('sends messages, tools and limits as the protocol has them', async () => {
      const call = { id: 'c1', name: 'read', input: { file: 'a.md' }, raw: '{"file":"a.md"}' };
      const broken = { id: 'c2', name: 'read', input: undefined, raw: '{"file":' };
      await ask([says('ok')], {
        messages: [
          { role: 'system', text: 'S' },
          { role: 'assistant', text: '', toolCalls: [call, broken] },
          { role: 'tool', callId: 'c1', text: 'content' },
        ],
        tools: [TOOL],
        maxOutputTokens: 50,
        temperature: 0,
      });
      const [body] = server?.requests ?? [];
      const sent = (id: string, args: string) => ({
        id,
        type: 'function',
        function: { name: 'read', arguments: args },
      });
      assert.deepEqual(body, {
        model: 'm',
        messages: [
          { role: 'system', content: 'S' },
          { role: 'assistant', content: '', tool_calls: [sent('c1', '{"file":"a.md"}'), sent('c2', '{}')] },
          { role: 'tool', tool_call_id: 'c1', content: 'content' },
        ],
        stream: true,
        stream_options: { include_usage: true },
        tools: [{ type: 'function', function: { name: 'read', description: 'Reads a file.', parameters: TOOL.input } }],
        temperature: 0,
        max_tokens: 50,
      });
    });

    it('sends a key only where there is one', async () => {
      await ask([says('ok')], HELLO, 'm', 'sk-secret-1234');
      assert.deepEqual(server?.keys, ['Bearer sk-secret-1234']);
      await server?.close();
      await ask([says('ok')]);
      assert.deepEqual(server?.keys, [undefined]);
    });

    it('takes the first model on offer when none is named', async () => {
      await ask([says('ok')], HELLO, '');
      assert.equal(server?.requests[0]?.model, 'scripted-1');
    });

    it('takes an answer that is not streamed', async () => {
      const message = { role: 'assistant', content: [{ type: 'text', text: 'Whole.' }] };
      const body = { choices: [{ message, finish_reason: 'stop' }], usage: { prompt_tokens: 1, completion_tokens: 2 } };
      const turn = await ask([json(200, body)]);
      assert.deepEqual([turn.text, turn.usage], ['Whole.', { inputTokens: 1, outputTokens: 2 }]);
    });

    for (const [name, pieces, expected] of [
      ['a block', ['<think>hm</think>\n\nYes.'], 'Yes.'],
      ['tags that are cut anywhere', ['<th', 'ink>h', 'm</thi', 'nk>', '\nY', 'es.'], 'Yes.'],
      ['a block that is never closed', ['<think>hm, this goes on'], ''],
      ['a block that the template opened', ['hm, so ', 'it is</think>', 'Yes.'], 'Yes.'],
      ['no block, but a lone bracket', ['a < b, a <thin line'], 'a < b, a <thin line'],
    ] as const) {
      it(`keeps the model's thoughts to itself: ${name}`, async () => {
        assert.equal((await ask([says(...pieces)])).text, expected);
      });
    }

    it('says that the limit of tokens cut the answer off', async () => {
      assert.equal((await ask([events([text('Half'), finish('length')])])).stop, 'length');
    });
  });

  describe('tool calls', () => {
    const callsOf = async (...chunks: readonly unknown[]) =>
      (await ask([events([...chunks, finish('tool_calls')])], { ...HELLO, tools: [TOOL] })).toolCalls;

    it('puts arguments together from pieces, for several calls at once', async () => {
      const found = await callsOf(
        calls({ index: 0, id: 'a', function: { name: 'read', arguments: '{"fi' } }),
        calls({ index: 1, id: 'b', function: { name: 'read', arguments: '{}' } }),
        calls({ index: 0, function: { arguments: 'le":"x"}' } }),
      );
      assert.deepEqual(
        found.map(({ id, input }) => [id, input]),
        [
          ['a', { file: 'x' }],
          ['b', {}],
        ],
      );
    });

    it('takes arguments as an object, a missing index and a missing id', async () => {
      const found = await callsOf(
        calls({ function: { name: 'read', arguments: { file: 'x' } } }),
        calls({ function: { name: 'read', arguments: { file: 'y' } } }),
      );
      assert.deepEqual(
        found.map(({ id, name, input }) => [id, name, input]),
        [
          ['call_1', 'read', { file: 'x' }],
          ['call_2', 'read', { file: 'y' }],
        ],
      );
    });

    it('tells calls apart that share one index', async () => {
      const found = await callsOf(
        calls({ index: 0, id: 'a', function: { name: 'read', arguments: '{"file":"x"}' } }),
        calls({ index: 0, id: 'b', function: { name: 'read', arguments: '{"file":"y"}' } }),
      );
      assert.deepEqual(
        found.map(({ id, input }) => [id, input?.file]),
        [
          ['a', 'x'],
          ['b', 'y'],
        ],
      );
    });

    it('hands over arguments that are no object as raw text, so that the model can be told', async () => {
      const found = await callsOf(calls({ index: 0, id: 'a', function: { name: 'read', arguments: '{"file": x' } }));
      assert.deepEqual(found, [{ id: 'a', name: 'read', input: undefined, raw: '{"file": x' }]);
    });

    it('calls a turn with calls "tools", also where the server says "stop"', async () => {
      const turn = await ask([events([calls({ id: 'a', function: { name: 'read', arguments: '' } }), finish('stop')])]);
      assert.deepEqual([turn.stop, turn.toolCalls[0]?.input], ['tools', {}]);
    });
  });

  describe('trouble', () => {
    it('connection refused: nobody listens', async () => {
      const gone = await modelServer(says('never'));
      await gone.close();
      const model = createModelEndpoints(QUICK).open({ baseUrl: gone.baseUrl, model: 'm' });
      await assert.rejects(model.respond(HELLO), (error: unknown) => {
        assert.ok(error instanceof EnvironmentError);
        assert.equal(error.code, 'model.unreachable');
        assert.match(
          error.message,
          /^No model answers at http:\/\/127\.0\.0\.1:\d+\/v1: the connection was refused\.$/,
        );
        return true;
      });
    });

    it('401: names where to put the key, and repeats no key', async () => {
      const body = { error: { message: 'Incorrect API key provided: sk-secret-1234' } };
      assert.match((await fails('model.unauthorized', json(401, body))).hint ?? '', /INFRABUILDER_API_KEY/);
    });

    it('404: the server does not have the model', async () => {
      const error = await fails('model.unknown', json(404, { error: { message: "model 'm' not found" } }));
      assert.match(error.message, /"m".*not found/);
    });

    it('404 with a page of HTML: the message stays short', async () => {
      const page = `<html><body>${'<p>nothing here</p>'.repeat(200)}</body></html>`;
      const error = await fails('model.unknown', raw(404, 'text/html', page));
      assert.ok(error.message.length < 500 && !error.message.includes('<p>'), error.message);
    });

    it('429: tries again twice, then says so', async () => {
      await fails('model.busy', json(429, { error: { message: 'slow down' } }, { 'retry-after': '0' }));
      assert.equal(server?.requests.length, 3);
    });

    it('429 once: the second try answers', async () => {
      assert.equal((await ask([json(429, {}), says('Yes.')])).text, 'Yes.');
    });

    it('429 for a quota, or with a long wait: no second try', async () => {
      await fails('model.busy', json(429, { error: { message: 'You exceeded your current quota' } }));
      assert.equal(server?.requests.length, 1);
      await server?.close();
      await fails('model.busy', json(429, { error: { message: 'later' } }, { 'retry-after': '3600' }));
      assert.equal(server?.requests.length, 1);
    });

    it('500 twice, then an answer', async () => {
      assert.equal((await ask([json(500, {}), json(503, {}), says('Yes.')])).text, 'Yes.');
    });

    it('a connection that breaks before the first piece is tried again', async () => {
      const breaks: Script = (response) => response.socket?.destroy();
      assert.equal((await ask([breaks, says('Yes.')])).text, 'Yes.');
    });

    it('a stream that breaks off is no answer, and is not tried again', async () => {
      const error = await fails('model.cut-off', events([text('The limit is')], 'destroy'));
      assert.match(error.message, /stopped in the middle/);
      assert.equal(server?.requests.length, 1);
    });

    it('a stream that ends without saying why is no answer', async () => {
      await fails('model.cut-off', events([text('The limit is')], 'close'));
    });

    it('a stream that falls silent is given up', async () => {
      await fails('model.too-slow', events([text('The limit is')], 'silence'));
      await server?.left;
    });

    it('a stream without anything in it', async () => {
      await fails('model.not-json', events([]));
    });

    it('a body that is not JSON', async () => {
      const error = await fails('model.not-json', raw(200, 'text/html', '<html>Welcome to the router</html>'));
      assert.match(error.message, /text\/html.*Welcome|text\/html/);
    });

    it('JSON that is no completion', async () => {
      await fails('model.not-json', json(200, { hello: 'world' }));
    });

    it('an event that is not JSON', async () => {
      await fails('model.not-json', events(['{"choices": [']));
    });

    it('an error inside the stream', async () => {
      const error = await fails('model.failed', events([text('The'), { error: { message: 'out of memory' } }]));
      assert.match(error.message, /out of memory/);
    });

    it('a server that knows less of the protocol is asked for less', async () => {
      const refuse = (message: string) => json(400, { error: { message } });
      const turn = await ask(
        [refuse('unknown field stream_options'), refuse('Use max_completion_tokens instead'), says('Yes.')],
        { ...HELLO, maxOutputTokens: 9 },
      );
      const last = server?.requests.at(-1);
      assert.deepEqual([turn.text, last?.stream_options, last?.max_completion_tokens], ['Yes.', undefined, 9]);
    });

    it('any other 400 is told as it is', async () => {
      const error = await fails('model.refused', json(400, { error: { message: 'context length exceeded' } }));
      assert.match(error.hint ?? '', /larger context/);
    });
  });

  describe('a stop', () => {
    it('before, while it streams, and while it waits for a retry', async () => {
      await assert.rejects(ask([says('x')], { ...HELLO, signal: AbortSignal.abort() }), CancelledError);
      await server?.close();
      const streaming = new AbortController();
      const request = { ...HELLO, signal: streaming.signal, onText: () => streaming.abort() };
      await assert.rejects(ask([events([text('a')], 'silence')], request), CancelledError);
      await server?.left;
      await server?.close();
      const waiting = new AbortController();
      const busy: Script = (response, body, incoming) => {
        json(429, {}, { 'retry-after': '10' })(response, body, incoming);
        setTimeout(() => waiting.abort(), 20);
      };
      await assert.rejects(ask([busy], { ...HELLO, signal: waiting.signal }), CancelledError);
      assert.equal(server?.requests.length, 1);
    });
  });

  it('lists what an endpoint offers', async () => {
    server = await modelServer(says('x'));
    assert.deepEqual(await createModelEndpoints(QUICK).list({ baseUrl: server.baseUrl }), ['scripted-1', 'scripted-2']);
  });

  it('counts what a stream says of its cost wherever it says it', async () => {
    const turn = await ask([events([text('a'), usage(7, 8), finish('stop')])]);
    assert.deepEqual(turn.usage, { inputTokens: 7, outputTokens: 8 });
  });
});
