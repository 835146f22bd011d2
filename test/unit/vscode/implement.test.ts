import assert from 'node:assert/strict';
import { CancelledError, HumanError } from '../../../src/core/base/errors.ts';
import type { Implementation, TranscriptEntry } from '../../../src/core/model/implementation.ts';
import type { LanguageModel } from '../../../src/core/ports.ts';
import { entryText, oneLine, resultText } from '../../../src/vscode/implement/lines.ts';
import { answerRequest } from '../../../src/vscode/implement/parent.ts';

const at = '2026-11-22T11:30:00.000Z';
const call = { id: 'c1', name: 'read_file', input: { startLine: 1, path: 'src/app.go' }, raw: '{}' };

describe('a transcript for whoever watches', () => {
  const told = (entry: TranscriptEntry): string => entryText(entry).join('\n');

  it('states say why', () => {
    assert.equal(told({ type: 'state', at, state: 'check', why: 'The model asks.' }), 'check: The model asks.');
  });

  it('a turn of the model is its words and its calls', () => {
    const usage = { inputTokens: 1, outputTokens: 1 };
    const turn = { type: 'response', at, step: 1, text: 'I read\nfirst.', stop: 'tools', usage, seconds: 1 } as const;
    assert.equal(told({ ...turn, toolCalls: [call] }), '  model: I read first.\n  read_file src/app.go');
    assert.equal(told({ ...turn, text: ' ', toolCalls: [{ ...call, input: null }] }), '  read_file');
  });

  it('a call that was taken says nothing more, a refused one says why', () => {
    const tool = {
      type: 'tool',
      at,
      step: 1,
      callId: 'c1',
      name: 'edit_file',
      result: 'Tests are protected.',
    } as const;
    assert.equal(told({ ...tool, refused: null }), '');
    assert.equal(told({ ...tool, refused: 'guard.test-file' }), '  refused [guard.test-file] Tests are protected.');
  });

  it('a verdict names what is missing', () => {
    const missing = [{ code: 'gate.goal-fail', message: 'G-8 fails.', mend: 'infrabuilder verify' }];
    const verdict = { type: 'verdict', at, stage: 'check', holds: false, missing } as const;
    assert.equal(told(verdict), '  check: does not hold\n    G-8 fails.');
  });

  it('cannot move the cursor, turn the text around, or go on for ever', () => {
    assert.equal(oneLine('a\u001b[2Jb\u202e\r\nc'), 'a [2Jb c');
    assert.equal(oneLine('x'.repeat(200)).length, 162);
  });
});

describe('the end of a run', () => {
  it('is the outcome with its reason, all that is missing, and what tampered', () => {
    const result: Implementation = {
      run: '20261122-113000-1a2b',
      slug: 'median',
      model: 'm',
      outcome: 'not-done',
      reason: 'The budget of steps is used up.',
      missing: [{ code: 'gate.goal-fail', message: 'G-8 fails.', mend: 'infrabuilder verify' }],
      branch: 'infrabuilder/median/20261122-113000-1a2b',
      root: '/copy',
      changes: [],
      tests: null,
      steps: 3,
      repairs: 1,
      usage: { requests: 3, inputTokens: 40, outputTokens: 2, estimated: true },
      refusals: [],
      tampering: [{ code: 'tamper.skip', message: 'A test is skipped.', file: 'a_test.go', line: 7 }],
      seconds: 4,
      transcript: 't',
    };
    assert.deepEqual(resultText(result, 'not done'), [
      'median: not done. The budget of steps is used up.',
      '  missing: G-8 fails. (infrabuilder verify)',
      '  tampering: a_test.go:7: A test is skipped.',
      '  steps 3, tokens 42 (estimated), branch infrabuilder/median/20261122-113000-1a2b',
    ]);
  });
});

describe('a model on our side of a run', () => {
  const { signal } = new AbortController();
  const asked = { id: 4, request: { messages: [{ role: 'user', text: 'Write.' }] } } as const;
  const says = (respond: LanguageModel['respond']): LanguageModel => ({ name: 'm', respond });

  it('answers with the number of the request', async () => {
    const turn = { text: 'Yes.', toolCalls: [call], stop: 'tools', usage: undefined } as const;
    const model = says(async ({ messages }) => ({ ...turn, text: messages.map(({ text }) => text).join() }));
    assert.deepEqual(await answerRequest(model, asked, signal), {
      type: 'model-turn',
      id: 4,
      turn: { ...turn, text: 'Write.' },
    });
  });

  for (const [error, code] of [
    [new HumanError('model.quota', 'No quota is left.'), 'model.quota'],
    [new CancelledError(), 'cancelled'],
    [new TypeError('No quota is left.'), 'model.failed'],
  ] as const) {
    it(`a failure is an answer too: ${code}`, async () => {
      const answer = await answerRequest(
        says(async () => {
          throw error;
        }),
        asked,
        signal,
      );
      assert.deepEqual(answer, { type: 'model-error', id: 4, code, message: error.message });
    });
  }
});
