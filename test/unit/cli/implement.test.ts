import assert from 'node:assert/strict';
import type { RunEvent } from '../../../src/cli/events.ts';
import { parentModel } from '../../../src/cli/parentModel.ts';
import { entryLines, implementationText } from '../../../src/cli/render/implement.ts';
import type { Implementation, TranscriptEntry } from '../../../src/core/model/implementation.ts';

const AT = '2026-11-22T11:30:00.000Z';
const PLAIN = { color: false, isTerminal: false, write: () => undefined };

describe('implement: what a person reads', () => {
  it('is one line for each event', () => {
    const show = entryLines(PLAIN);
    const entries: TranscriptEntry[] = [
      { type: 'state', at: AT, state: 'edit', why: 'The checks are red.' },
      {
        type: 'response',
        at: AT,
        step: 1,
        text: 'All\n\n\u001b[31mtests\u001b[0m pass.\u202e',
        toolCalls: [{ id: 'a', name: 'edit_file', input: { path: 'a_test.go', search: 'x' }, raw: '{}' }],
        stop: 'tools',
        usage: null,
        seconds: 1,
      },
      {
        type: 'tool',
        at: AT,
        step: 1,
        callId: 'a',
        name: 'edit_file',
        refused: 'guard.test-file',
        result: 'No.\nNever.',
      },
      { type: 'commit', at: AT, step: 1, commit: 'c', message: 'm' },
      {
        type: 'verdict',
        at: AT,
        stage: 'checks',
        holds: false,
        missing: [
          { code: 'gate.goal-fail', message: 'G-4: 91 %, at least 95 %', mend: 'infrabuilder verify --goal G-4' },
        ],
      },
    ];
    assert.equal(
      entries.map(show).join(''),
      [
        'edit  The checks are red.',
        '  model    All [31mtests [0m pass.',
        '  edit_file a_test.go  refused [guard.test-file] No. Never.',
        '  checks: does not hold',
        '    G-4: 91 %, at least 95 %',
        '',
      ].join('\n'),
    );
  });

  it('ends with outcome, reason, what is missing with the command that mends it, cost and what to do', () => {
    const result: Implementation = {
      run: 'r1',
      slug: 'heap',
      model: 'm at u',
      outcome: 'not-done',
      reason: 'The budget of 6 repairs is used up.',
      missing: [{ code: 'gate.goal-fail', message: 'G-4 fails.', mend: 'infrabuilder verify --goal G-4' }],
      branch: 'infrabuilder/heap/r1',
      root: '/w/.infrabuilder/runs/r1/tree',
      changes: [
        { path: 'a.go', change: 'changed', addedLines: 3, removedLines: 1 },
        { path: 'reports/evidence/x.json', change: 'added', addedLines: 9, removedLines: 0 },
      ],
      tests: { before: 4, after: 5, added: 1 },
      steps: 7,
      repairs: 6,
      usage: { requests: 7, inputTokens: 1000, outputTokens: 50, estimated: true },
      refusals: [{ step: 1, tool: 'edit_file', code: 'guard.test-file', message: 'No.' }],
      tampering: [],
      seconds: 9,
      transcript: 't',
    };
    assert.equal(
      implementationText(PLAIN, result),
      [
        'heap: not done. The budget of 6 repairs is used up.',
        '  missing  G-4 fails. [gate.goal-fail]',
        '           infrabuilder verify --goal G-4',
        '  changed  1 files, 3 lines added, 1 removed; 1 files of evidence',
        '  tests    4 before, 5 now, 1 of them new',
        '  model    m at u: 7 steps, 6 repairs, tokens 1000 in, 50 out (estimated)',
        '  refused  1: guard.test-file',
        '  branch   infrabuilder/heap/r1',
        '  look     infrabuilder implement --diff r1',
        '  go on    infrabuilder implement --resume r1',
        '  accept   infrabuilder implement --accept r1 (as it is)',
        '  discard  infrabuilder implement --discard r1',
        '',
      ].join('\n'),
    );
  });
});

describe('implement: a model in the parent process', () => {
  /** The parent: what it is asked, and how it answers. */
  function parent() {
    const asked: RunEvent[] = [];
    let listener: (line: string) => void = () => undefined;
    const stop = new AbortController();
    const inputLines = (listen: (line: string) => void) => {
      listener = listen;
      return () => {
        listener = () => undefined;
      };
    };
    const run = { emit: (event: RunEvent) => void asked.push(event), signal: stop.signal };
    const model = parentModel({ inputLines }, run, 'chat model');
    return {
      asked,
      stop,
      model,
      say: (value: unknown) => listener(typeof value === 'string' ? value : JSON.stringify(value)),
    };
  }
  const messages = [{ role: 'user' as const, text: 'Begin.' }];

  it('is asked by number, and answers with a turn', async () => {
    const { asked, model, say } = parent();
    const first = model.respond({ messages });
    assert.deepEqual(asked, [{ type: 'model-request', id: 1, request: { messages } }]);
    say({ type: 'model-turn', id: 7, turn: { text: 'another request' } });
    say({ type: 'model-turn', id: 1, turn: { text: 'Hello', toolCalls: [{ id: 'c', name: 't', input: { a: 1 } }] } });
    assert.deepEqual(await first, {
      text: 'Hello',
      toolCalls: [{ id: 'c', name: 't', input: { a: 1 }, raw: '{"a":1}' }],
      stop: 'tools',
      usage: undefined,
    });
    const second = model.respond({ messages, maxOutputTokens: 10 });
    say({
      type: 'model-turn',
      id: 2,
      turn: { toolCalls: [{ id: 'c', name: 't', raw: '{"a"' }], usage: { inputTokens: 1, outputTokens: 2 } },
    });
    const { toolCalls, usage } = await second;
    assert.deepEqual(toolCalls, [{ id: 'c', name: 't', input: undefined, raw: '{"a"' }]);
    assert.deepEqual(usage, { inputTokens: 1, outputTokens: 2 });
  });

  it('may fail, garble its line, or be gone', async () => {
    const { model, say, stop } = parent();
    const failing = model.respond({ messages });
    say({ type: 'model-error', id: 1, code: 'blocked', message: 'Not allowed.' });
    await assert.rejects(failing, { code: 'model.blocked', message: 'Not allowed.' });
    const garbled = model.respond({ messages });
    say('{"type":"model-turn","id":2');
    await assert.rejects(garbled, { code: 'model.parent', message: /it is not JSON/ });
    const wrong = model.respond({ messages });
    say({ type: 'model-turn', id: 3, turn: { toolCalls: [{ name: 't' }] } });
    await assert.rejects(wrong, { code: 'model.parent', message: /turn\.toolCalls\.0\.id/ });
    const left = model.respond({ messages });
    stop.abort();
    await assert.rejects(left, { name: 'CancelledError' });
    await assert.rejects(model.respond({ messages }), { name: 'CancelledError' });
    model.close();
  });
});
