import assert from 'node:assert/strict';
import type { Engine } from '../../../src/core/engine.ts';
import { newRunName, runImplement } from '../../../src/core/operations/implement.ts';
import { editRules } from '../../../src/core/operations/implementRules.ts';
import type { Isolation } from '../../../src/core/ports.ts';
import { sampleEngine } from '../../support/sampleEngine.ts';
import { scripted } from './support.ts';

const SLUG = 'topn_sampler';
const model = scripted(() => ({ text: 'Done.' }));

/** The embedded workspace, where whoever begins a run has got past every refusal. */
async function engineThatBegins(changes: Readonly<Record<string, string>> = {}): Promise<Engine> {
  const { engine } = await sampleEngine(changes);
  const isolation = { begin: () => Promise.reject(new Error('begun')) } as unknown as Isolation;
  return { ...engine, isolation, at: () => engine };
}

describe('implement begins no run', () => {
  it('in a workspace that cannot be copied', async () => {
    const { engine } = await sampleEngine();
    await assert.rejects(runImplement(engine, { slug: SLUG, model }), { code: 'isolation.none' });
  });
  it('without a model that can write, and says how to name one', async () => {
    const engine = await engineThatBegins({ 'infrabuilder.yaml': 'version: 1\n' });
    await assert.rejects(runImplement(engine, { slug: SLUG }), (error: Error & { code: string; hint: string }) => {
      assert.equal(error.code, 'implement.no-model');
      assert.match(error.message, /Grounded \(offline\) answers by quoting; it cannot write code/);
      assert.match(error.hint, /--base-url .* --model NAME, INFRABUILDER_BASE_URL/);
      return true;
    });
    await assert.rejects(runImplement(engine, { slug: SLUG, model: engine.grounding.offline }), {
      code: 'implement.no-model',
    });
  });
  it('for a task that is not there, is done, or waits for another', async () => {
    const engine = await engineThatBegins();
    await assert.rejects(runImplement(engine, { slug: 'topn', model }), { code: 'task.unknown' });
    const text = (await engine.files.read(`tasks/pending/${SLUG}.yaml`)) ?? '';
    const waiting = await engineThatBegins({ [`tasks/pending/${SLUG}.yaml`]: `${text}depends_on: [export_gzip]\n` });
    await assert.rejects(runImplement(waiting, { slug: SLUG, model }), { code: 'task.blocked' });
    const done = await engineThatBegins();
    await done.files.move(`tasks/pending/${SLUG}.yaml`, `tasks/done/${SLUG}.yaml`);
    await assert.rejects(runImplement(done, { slug: SLUG, model }), { code: 'task.already-done' });
  });
  it('for a task that the blueprint does not have', async () => {
    const engine = await engineThatBegins({ 'blueprint_tasks.yaml': 'epics: {}\n' });
    await assert.rejects(runImplement(engine, { slug: SLUG, model }), { code: 'task.not-aligned' });
  });
  it('but does for one that may be worked on', async () => {
    await assert.rejects(runImplement(await engineThatBegins(), { slug: SLUG, model }), { message: 'begun' });
  });
});

describe('where a model may write in the embedded workspace', () => {
  it('is the source, the runbook and the changelog', async () => {
    const { engine } = await sampleEngine();
    const rules = editRules(await engine.project.snapshot());
    assert.equal(rules.source, 'infrastructure-agent');
    assert.deepEqual(rules.documents, ['docs/runbook.md', 'docs/CHANGELOG.md']);
    assert.deepEqual(rules.closed, ['infrastructure-agent-testbed', 'docs', 'tasks', 'reports', 'e2e']);
  });
  it('is not shut by a folder that holds the source', async () => {
    const { engine } = await sampleEngine({
      'infrabuilder.yaml': 'version: 1\npaths: {source: ., testbed: testbed}\n',
    });
    const rules = editRules(await engine.project.snapshot());
    assert.equal(rules.source, '.');
    assert.deepEqual(rules.closed, ['testbed', 'docs', 'tasks', 'reports', 'e2e']);
  });
});

describe('the name of a run', () => {
  it('sorts by time and ends in chance', () => {
    assert.match(newRunName(new Date('2026-11-22T11:30:00.000Z')), /^20261122-113000-[0-9a-f]{4}$/);
  });
});
