import assert from 'node:assert/strict';
import { CancelledError, HumanError } from '../../../src/core/base/errors.ts';
import type { GoalFact } from '../../../src/core/grounding/facts.ts';
import { groundingOver, modelThatSays } from './support.ts';

const RUNBOOK = `# Runbook

## Export

The key \`export_queue_size\` is 600 by default. At one tick a second that is ten minutes.

## Breakers

After five failures in a row the breaker \`otlp\` opens for 10 seconds.
`;
const CONFIG = `version: 1
goals:
  - id: G-4
    title: Top-N Accuracy
    kind: kpi
    scenario: standard
    kpis:
      topn_capture_ratio: {min: 95, unit: percent}
`;
const EVIDENCE = JSON.stringify(
  {
    predicate: {
      step: 'scenario:standard',
      verdict: 'fail',
      reason: 'A limit was crossed.',
      values: [{ name: 'topn_capture_ratio', value: 71.2345678, unit: 'percent', n: 240 }],
    },
  },
  undefined,
  2,
);
const RUN = 'reports/evidence/run.json';
const DOCUMENTS = { 'docs/runbook.md': RUNBOOK, 'infrabuilder.yaml': CONFIG, [RUN]: EVIDENCE };
const FACT: GoalFact = {
  goal: 'G-4',
  title: 'Top-N Accuracy',
  verdict: 'fail',
  fresh: true,
  reason: 'too low',
  values: [{ name: 'topn_capture_ratio', value: 71.2345678, unit: 'percent', min: 95 }],
  evidence: [RUN],
};
const QUEUE = 'What is the default of export_queue_size?';

describe('ask without a model', () => {
  it('quotes, and cites the very lines', async () => {
    const { grounding } = groundingOver(DOCUMENTS);
    const answer = await grounding.ask({ question: QUEUE });
    assert.match(answer.text, /^> The key `export_queue_size` is 600 by default\..*\n>\n> \[docs\/runbook\.md#L5\]/);
    assert.deepEqual([answer.abstained, answer.provider], [false, 'Grounded (offline)']);
    assert.ok(answer.claims.every((claim) => claim.verdict === 'verified'));
    assert.ok(answer.citations.every((citation) => citation.verified));
  });

  it('abstains where the documents do not tell, and names the nearest headings', async () => {
    const { grounding } = groundingOver(DOCUMENTS);
    const answer = await grounding.ask({ question: 'Which Kafka partition holds the export of customer invoices?' });
    assert.deepEqual([answer.abstained, answer.claims, answer.citations], [true, [], []]);
    assert.deepEqual(answer.nearest, [{ file: 'docs/runbook.md', line: 3, heading: 'Runbook > Export' }]);
    assert.match(
      answer.text,
      /do not answer that\.\n\nNearest headings:\n\n- Runbook > Export \[docs\/runbook\.md#L3\]$/,
    );
  });

  it('names the chapters where not a word of the question is known', async () => {
    const { grounding } = groundingOver(DOCUMENTS);
    const { nearest } = await grounding.ask({ question: 'zebra giraffe' });
    assert.deepEqual(
      nearest.map(({ heading }) => heading),
      ['Runbook > Export', 'Runbook > Breakers'],
    );
  });

  it('says so where there are no documents at all', async () => {
    const { abstained, notes, nearest } = await groundingOver({}).grounding.ask({ question: 'why?' });
    assert.deepEqual([abstained, nearest], [true, []]);
    assert.match(notes.join('\n'), /There are no documents\. Write docs\/runbook\.md/);
  });

  it('leans on the question before where there is little in this one', async () => {
    const { grounding } = groundingOver(DOCUMENTS);
    const alone = await grounding.ask({ question: 'And for how long?' });
    const turn = { question: 'When does the otlp breaker open?', answer: '' };
    const inTalk = await grounding.ask({ question: 'And for how long?', history: [turn] });
    assert.deepEqual([alone.abstained, inTalk.abstained], [true, false]);
    assert.match(inTalk.text, /for 10 seconds/);
  });

  it('quotes the definition of a goal that the question names', async () => {
    const { grounding } = groundingOver({
      ...DOCUMENTS,
      'docs/notes.md': '# Notes\n\nG-4 and G-4 and G-4, see G-4.\n',
    });
    const { text } = await grounding.ask({ question: 'What does G-4 demand?' });
    assert.match(text, /^> {3}- id: G-4\n> {5}title: Top-N Accuracy/);
  });

  it('refuses an empty question', async () => {
    await assert.rejects(groundingOver(DOCUMENTS).grounding.ask({ question: ' \n' }), HumanError);
  });

  it('streams what it returns, and stops when told to', async () => {
    const { grounding } = groundingOver(DOCUMENTS);
    let streamed = '';
    const answer = await grounding.ask({
      question: QUEUE,
      onText: (piece) => {
        streamed += piece;
      },
    });
    assert.equal(streamed.trimEnd(), answer.text);
    const { grounding: cold } = groundingOver(DOCUMENTS);
    await assert.rejects(cold.ask({ question: QUEUE, signal: AbortSignal.abort() }), CancelledError);
  });

  it('is a language model too: it answers the last message of the person', async () => {
    const { grounding } = groundingOver(DOCUMENTS);
    const { text, toolCalls } = await grounding.offline.respond({
      messages: [
        { role: 'system', text: 'Call tools.' },
        { role: 'user', text: 'Hello' },
        { role: 'assistant', text: 'Hi' },
        { role: 'user', text: QUEUE },
      ],
      tools: [{ name: 'write', description: '', input: {} }],
    });
    assert.match(text, /600 by default/);
    assert.deepEqual(toolCalls, []);
  });
});

describe('why a goal fails', () => {
  const facts = async (goals: readonly string[]) => (goals.includes('G-4') ? [FACT] : []);

  it('is told from evidence: the figure with its lines, the limit with its own', async () => {
    const { text, claims, citations } = await groundingOver(DOCUMENTS, facts).grounding.ask({
      question: 'why does g-4 fail?',
    });
    assert.match(
      text,
      /^\*\*G-4 Top-N Accuracy: fail\*\*\n\n`topn_capture_ratio` is 71\.23 percent; wanted is at least 95 percent\./,
    );
    assert.deepEqual([claims[0]?.verdict, claims[0]?.reasons], ['verified', []]);
    assert.deepEqual(
      citations.slice(0, 2).map(({ file, startLine, endLine, verified }) => [file, startLine, endLine, verified]),
      [
        [RUN, 8, 11, true],
        ['infrabuilder.yaml', 3, 8, true],
      ],
    );
    assert.match(EVIDENCE.split('\n').slice(7, 11).join('\n'), /topn_capture_ratio[\s\S]*71\.2345678/);
  });

  it('is told for the goals that do not hold where none is named', async () => {
    const { text } = await groundingOver(DOCUMENTS, async () => [
      { ...FACT, goal: 'G-1', verdict: 'pass' },
      FACT,
    ]).grounding.ask({
      question: 'Which goals are red?',
    });
    assert.match(text, /^\*\*G-4 .*fail/);
    assert.doesNotMatch(text, /G-1/);
  });

  it('says that evidence is stale, or that there is none', async () => {
    const stale = await groundingOver(DOCUMENTS, async () => [{ ...FACT, fresh: false }]).grounding.ask({
      question: 'G-4?',
    });
    assert.match(stale.text, /fail\*\* \(stale\)/);
    const none = await groundingOver(DOCUMENTS, async () => [{ ...FACT, evidence: [] }]).grounding.ask({
      question: 'G-4?',
    });
    assert.match(none.notes.join(), /There is no evidence for G-4\. Run "infrabuilder verify --goal G-4"/);
    assert.doesNotMatch(none.text, /71/);
  });

  it('gives the reason of the evidence where it holds no figure', async () => {
    const { text, claims } = await groundingOver(DOCUMENTS, async () => [{ ...FACT, values: [] }]).grounding.ask({
      question: 'G-4?',
    });
    assert.match(text, /"A limit was crossed\." \[reports\/evidence\/run\.json#L5\]/);
    assert.equal(claims[0]?.verdict, 'verified');
  });

  it('tells no figure that the evidence does not hold, whatever the facts say', async () => {
    const values = [{ name: 'made_up', value: 99, min: 95 }];
    const { text } = await groundingOver(DOCUMENTS, async () => [{ ...FACT, values }]).grounding.ask({
      question: 'G-4?',
    });
    assert.doesNotMatch(text, /made_up|99/);
  });

  it('keeps a figure below its limit: 94.996 is not told as 95.00', async () => {
    const evidence = EVIDENCE.replace('71.2345678', '94.996');
    const { text, claims } = await groundingOver({ ...DOCUMENTS, [RUN]: evidence }, facts).grounding.ask({
      question: 'G-4?',
    });
    assert.match(text, /is 94\.996 percent/);
    assert.equal(claims[0]?.verdict, 'verified');
  });

  it('answers from the documents where evidence cannot be read', async () => {
    const failing = async () => {
      throw new HumanError('git.broken', 'git does not answer.');
    };
    const { abstained, notes } = await groundingOver(DOCUMENTS, failing).grounding.ask({
      question: 'What does G-4 demand?',
    });
    assert.equal(abstained, false);
    assert.match(notes.join(), /The evidence cannot be read: git does not answer/);
  });
});

describe('ask with a model', () => {
  const ask = async (says: string, question = QUEUE) => {
    const model = modelThatSays(says);
    let streamed = '';
    const { grounding } = groundingOver(DOCUMENTS);
    const answer = await grounding.ask({
      question,
      model,
      onText: (piece) => {
        streamed += piece;
      },
    });
    assert.equal(streamed.trimEnd(), answer.text.trimEnd());
    return { answer, model };
  };

  it('shows verified sentences as they are', async () => {
    const { answer } = await ask('It is 600 by default [docs/runbook.md#L5].');
    assert.equal(answer.text, 'It is 600 by default [docs/runbook.md#L5].');
    assert.deepEqual([answer.abstained, answer.usage], [false, { inputTokens: 1, outputTokens: 2 }]);
  });

  it('marks each lie, and only the lies: a wrong figure, a made-up file, a wrong line', async () => {
    const { answer } = await ask(
      [
        'The key `export_queue_size` is 600 by default [docs/runbook.md#L5].',
        '',
        'The key `export_queue_size` is 900 by default [docs/runbook.md#L5].',
        'The breaker `otlp` opens after five failures [docs/breakers.md#L9].',
        'The breaker `otlp` opens after five failures [docs/runbook.md#L5].',
      ].join('\n'),
    );
    assert.deepEqual(
      answer.claims.map((claim) => claim.verdict),
      ['verified', 'unsupported', 'unsupported', 'unsupported'],
    );
    const lines = answer.text.split('\n').filter((line) => line !== '');
    assert.deepEqual(
      lines.map((line) => line.includes('**[unsupported:')),
      [false, true, true, true],
    );
    assert.deepEqual(
      answer.citations.map(({ file, startLine, verified }) => [file, startLine, verified]),
      [
        ['docs/runbook.md', 5, true],
        ['docs/breakers.md', 9, false],
      ],
    );
  });

  it('corrects a line that is wrong where a unique quote tells the right one', async () => {
    const { answer } = await ask('It says "At one tick a second that is ten minutes." [docs/runbook.md#L1]');
    assert.equal(answer.text, 'It says "At one tick a second that is ten minutes." [docs/runbook.md#L5]');
    assert.equal(answer.citations[0]?.status, 'moved');
  });

  it('abstains where the model does, and where nothing of what it says is borne out', async () => {
    const { answer: honest } = await ask('NOT FOUND');
    assert.deepEqual([honest.abstained, honest.claims], [true, []]);
    assert.doesNotMatch(honest.text, /NOT FOUND/);
    const { answer: bold } = await ask('The task is done and all goals pass.');
    assert.deepEqual([bold.abstained, bold.claims[0]?.verdict], [true, 'unsupported']);
    assert.match(bold.text, /\*\*\[unsupported: It cites nothing\.\]\*\*\n\nNo statement of this answer is borne out/);
  });

  it('is not asked at all where the documents hold nothing', async () => {
    const { answer, model } = await ask('It is blue [docs/runbook.md#L5].', 'What colour is the giraffe?');
    assert.deepEqual([answer.abstained, model.asked.length], [true, 0]);
  });

  it('gets excerpts with line numbers, the question, and no tools', async () => {
    const { model } = await ask('NOT FOUND');
    const [request] = model.asked;
    const last = request?.messages.at(-1);
    assert.equal(last?.role, 'user');
    assert.match(last?.text ?? '', /=====EXCERPT===== docs\/runbook\.md#L1-L\d+\n1: # Runbook\n/);
    assert.match(last?.text ?? '', /\n5: The key `export_queue_size` is 600/);
    assert.match(last?.text ?? '', /\nQuestion: What is the default of export_queue_size\?$/);
    assert.equal(request?.tools, undefined);
  });

  it('hands on what the model throws', async () => {
    const failing = {
      name: 'x',
      respond: async () => {
        throw new HumanError('model.busy', 'busy');
      },
    };
    await assert.rejects(groundingOver(DOCUMENTS).grounding.ask({ question: QUEUE, model: failing }), /busy/);
  });
});
