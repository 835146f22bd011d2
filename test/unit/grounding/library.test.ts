import assert from 'node:assert/strict';
import { STORE_FILE } from '../../../src/core/grounding/store.ts';
import { groundingOver } from './support.ts';

const QUEUE = '# Export\n\nThe export queue holds 600 batches.\n';
const BREAKER = '# Breakers\n\nThe breaker opens after five failures.\n';

describe('the kept index', () => {
  it('is written once, and saves the next process from reading anything twice', async () => {
    const { files, grounding } = groundingOver({ 'docs/a.md': QUEUE, 'docs/b.md': BREAKER });
    assert.equal((await grounding.search('export queue'))[0]?.document.file, 'docs/a.md');
    const kept = await files.read(STORE_FILE);
    assert.match(kept ?? '', /^infrabuilder grounding \d+ [0-9a-f]{64}\n\[/);
    const next = groundingOver(files.texts());
    await next.grounding.search('queue');
    assert.equal(await next.files.read(STORE_FILE), kept);
  });

  it('follows a change, a new file and a deleted file', async () => {
    const { files, project, grounding } = groundingOver({ 'docs/a.md': QUEUE, 'docs/b.md': BREAKER });
    await grounding.search('queue');
    await files.write('docs/a.md', QUEUE.replace('queue', 'buffer'));
    await files.write('docs/c.md', '# New\n\nA fresh paragraph.\n');
    await files.remove('docs/b.md');
    project.update();
    const found = async (query: string) => (await grounding.search(query)).map((hit) => hit.document.file);
    assert.deepEqual(await found('buffer'), ['docs/a.md']);
    assert.deepEqual(await found('fresh paragraph'), ['docs/c.md']);
    assert.deepEqual(await found('breaker failures'), []);
    assert.ok(!(await files.read(STORE_FILE))?.includes('docs/b.md'));
  });

  for (const [name, spoil] of [
    ['cut short', (text: string) => text.slice(0, 200)],
    ['edited', (text: string) => text.replace('docs/a.md', 'docs/x.md')],
    ['of another version', (text: string) => text.replace(/^infrabuilder grounding \d+/, 'infrabuilder grounding 0')],
    ['not even text of ours', () => '\u0000\u0001{"file":1}'],
    ['empty', () => ''],
  ] as const) {
    it(`is made anew where it is ${name}`, async () => {
      const first = groundingOver({ 'docs/a.md': QUEUE });
      await first.grounding.search('queue');
      const texts = first.files.texts();
      const second = groundingOver({ ...texts, [STORE_FILE]: spoil(texts[STORE_FILE] ?? '') });
      assert.equal((await second.grounding.search('queue'))[0]?.document.file, 'docs/a.md');
      assert.equal(await second.files.read(STORE_FILE), texts[STORE_FILE]);
    });
  }

  it('is done without where it cannot be written', async () => {
    const { grounding } = groundingOver({ 'docs/a.md': QUEUE, [STORE_FILE]: { link: '/etc/elsewhere' } });
    assert.equal((await grounding.search('queue'))[0]?.document.file, 'docs/a.md');
  });

  it('is asked by many at once', async () => {
    const { grounding } = groundingOver({ 'docs/a.md': QUEUE, 'docs/b.md': BREAKER });
    const found = await Promise.all(['queue', 'breaker', 'queue'].map((query) => grounding.search(query)));
    assert.deepEqual(
      found.map(([hit]) => hit?.document.file),
      ['docs/a.md', 'docs/b.md', 'docs/a.md'],
    );
  });
});

describe('what is searched', () => {
  it('is the workspace: documents, reports, tasks, scenarios, goals; not code, logs or other folders', async () => {
    const word = 'needle';
    const { grounding } = groundingOver({
      'docs/blueprint_vFinal.md': word,
      'docs/adr/0001-x.md': word,
      'docs/deep/er/notes.md': word,
      'docs/node_modules/x/README.md': word,
      'docs/.hidden/x.md': word,
      'reports/topn_sampler_plan.md': word,
      'reports/evidence/run.json': word,
      'tasks/pending/a.yaml': `slug: a # ${word}`,
      'e2e/scenarios/standard.yml': `name: standard # ${word}`,
      'infrabuilder.yaml': `version: 1 # ${word}`,
      'blueprint_tasks.yaml': `epics: {} # ${word}`,
      'conformance.yaml': `version: 1 # ${word}`,
      'infrastructure-agent/main.go': word,
      'AGENTS.md': word,
    });
    const hits = await grounding.search(word, { limit: 50 });
    assert.deepEqual(hits.map((hit) => hit.document.file).sort(), [
      'blueprint_tasks.yaml',
      'conformance.yaml',
      'docs/adr/0001-x.md',
      'docs/blueprint_vFinal.md',
      'docs/deep/er/notes.md',
      'e2e/scenarios/standard.yml',
      'infrabuilder.yaml',
      'reports/topn_sampler_plan.md',
      'tasks/pending/a.yaml',
    ]);
  });

  it('leaves out what cannot be read, and says so', async () => {
    const { grounding } = groundingOver({
      'docs/a.md': QUEUE,
      'docs/binary.md': new Uint8Array([0xff, 0xfe, 0x00]),
      'docs/outside.md': { link: '/etc/passwd' },
    });
    const { abstained, notes } = await grounding.ask({ question: 'How many batches does the export queue hold?' });
    assert.equal(abstained, false);
    assert.deepEqual(notes.map((note) => note.split(' ')[0]).sort(), ['docs/binary.md', 'docs/outside.md']);
  });
});
