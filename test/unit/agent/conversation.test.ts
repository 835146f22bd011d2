import assert from 'node:assert/strict';
import { count, NO_ACCOUNT, RESUMED } from '../../../src/core/agent/account.ts';
import { fitted, rebuild } from '../../../src/core/agent/conversation.ts';
import { transcriptHtml } from '../../../src/core/agent/html.ts';
import { replayModel } from '../../../src/core/agent/replay.ts';
import type { TranscriptEntry } from '../../../src/core/model/implementation.ts';
import type { ModelMessage } from '../../../src/core/ports.ts';
import { call, memoryBench, play, SOLVE, scripted, turn } from './support.ts';

const verify = () => turn(call('request_verification', {}));
const recorded = async () => (await play(memoryBench(), scripted(...SOLVE, verify))).entries;
const upTo = (entries: readonly TranscriptEntry[], found: (entry: TranscriptEntry) => boolean) =>
  entries.slice(0, entries.findIndex(found) + 1);

describe('a conversation that is too long', () => {
  const long = (id: string): ModelMessage => ({ role: 'tool', callId: id, text: id.repeat(1000) });
  const messages: ModelMessage[] = [{ role: 'system', text: 'rules' }, long('a'), long('b'), long('c')];
  it('loses its oldest results, and says so', () => {
    const sent = fitted(messages, 2100);
    assert.deepEqual(
      sent.map(({ text }) => text[0]),
      ['r', '[', 'b', 'c'],
    );
    assert.match(sent[1]?.text ?? '', /left out.*Call the tool again/);
  });
  it('stays as it is while it fits', () => assert.deepEqual(fitted(messages, 4000), messages));
});

describe('a run that was broken off', () => {
  it('has its conversation again, word for word', async () => {
    const entries = await recorded();
    const cut = upTo(entries, (entry) => entry.type === 'tool' && entry.step === 2);
    const { messages, unsent } = rebuild(JSON.parse(JSON.stringify(cut)));
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['system', 'user', 'assistant', 'tool', 'assistant', 'tool'],
    );
    assert.deepEqual(
      unsent.map(({ role }) => role),
      ['assistant', 'tool'],
    );
  });
  it('takes a turn again that has not all its results, from the step before it', async () => {
    const entries = await recorded();
    const cut = upTo(entries, (entry) => entry.type === 'response' && entry.step === 2);
    const { messages, unsent, commit, kept } = rebuild(cut);
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['system', 'user', 'assistant', 'tool'],
    );
    assert.deepEqual(
      unsent.map(({ role }) => role),
      ['assistant', 'tool'],
    );
    const before = entries.filter((entry) => entry.type === 'commit' && entry.step < 2).at(-1);
    assert.equal(commit, before?.type === 'commit' ? before.commit : 'none');
    assert.equal(kept.reduce(count, NO_ACCOUNT).steps, 1);
  });
  it('begins anew where the model was never asked', async () => {
    const cut = upTo(await recorded(), (entry) => entry.type === 'baseline');
    assert.deepEqual(rebuild(cut).messages, []);
  });
  it('goes on to the same end from every turn', async () => {
    const entries = await recorded();
    for (const step of [1, 2, 3]) {
      const { messages, unsent } = rebuild(upTo(entries, (entry) => entry.type === 'request' && entry.step === step));
      const bench = memoryBench();
      if (step > 2)
        await bench.files.write('agent/sampler/sampler.go', 'package sampler\n\nfunc Keep() int {\n\treturn 25\n}\n');
      const rest = [...SOLVE, verify].slice(step - 1);
      const played = await play(bench, scripted(...rest), { conversation: { messages, unsent } });
      assert.equal(played.outcome, 'done', `from step ${step}`);
      assert.match(String(played.entries[0]?.type === 'state' && played.entries[0].why), /^Resumed after step/);
    }
  });
  it('reads past lines that are no messages', () => {
    const at = '2026-11-22T08:00:00.000Z';
    const entries: TranscriptEntry[] = [
      { type: 'request', at, step: 1, messages: [{ role: 'wizard' }, { role: 'user', text: 'x' }], tools: [] },
    ];
    assert.deepEqual(rebuild(entries).messages, [{ role: 'user', text: 'x' }]);
  });
});

describe('the account of a run', () => {
  const state = (seconds: number, why: string): TranscriptEntry => {
    return { type: 'state', at: new Date(Date.UTC(2026, 10, 22) + seconds * 1000).toISOString(), state: 'edit', why };
  };
  it('leaves out the time between a crash and the next start', () => {
    const entries = [state(0, 'a'), state(10, 'b'), state(9000, `${RESUMED} after step 1.`), state(9005, 'c')];
    assert.equal(entries.reduce(count, NO_ACCOUNT).elapsed, 15_000);
  });
  it('knows what tools have written, and what was refused', async () => {
    const account = (await recorded()).reduce(count, NO_ACCOUNT);
    assert.deepEqual([...account.written], ['agent/sampler/sampler.go']);
    assert.equal(account.steps, 3);
    assert.deepEqual(account.usage, { requests: 3, inputTokens: 300, outputTokens: 30 });
  });
});

describe('a replay', () => {
  it('comes to the same end without a model', async () => {
    const entries = await recorded();
    const told: string[] = [];
    const played = await play(
      memoryBench(),
      replayModel(entries, (message) => told.push(message)),
    );
    assert.equal(played.outcome, 'done');
    assert.deepEqual(told, []);
  });
  it('tells where the tree is not as it was', async () => {
    const entries = await recorded();
    const told: string[] = [];
    const other = memoryBench({ 'agent/sampler/sampler.go': 'package sampler\n\nfunc Keep() int {\n\treturn 11\n}\n' });
    await assert.rejects(
      play(
        other,
        replayModel(entries, (message) => told.push(message)),
      ),
      { code: 'implement.replay-ended' },
    );
    assert.match(told[0] ?? '', /^Step 2: the result of the call call-\d+ is not as recorded\. Then: .*digest/);
  });
});

describe('a transcript as a page', () => {
  it('runs nothing, loads nothing and hides nothing', async () => {
    const hostile = () => ({
      text: '<script>alert(1)</script><img src=x onerror=alert(1)>',
      ...turn(call('nope"><b>', {})),
    });
    const { entries } = await play(memoryBench(), scripted(hostile, ...SOLVE, verify));
    const html = transcriptHtml(entries);
    assert.ok(!/<script|<img|<b>|https?:\/\//i.test(html));
    assert.match(html, /Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/);
    assert.match(html, /&#60;script&#62;alert\(1\)/);
    assert.match(html, /refused \(tool\.unknown\)/);
    assert.match(html, /Stage gate: holds/);
  });
  it('can be made of nothing', () => assert.match(transcriptHtml([]), /Transcript/));
});
