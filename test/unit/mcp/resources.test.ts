import assert from 'node:assert/strict';
import { complete } from '../../../src/mcp/names.ts';
import { isDocument, listCatalog } from '../../../src/mcp/resources/catalog.ts';
import { readUri, uriOf } from '../../../src/mcp/resources/uri.ts';
import { sound } from '../project/workspace.ts';

describe('a resource URI', () => {
  for (const [kind, name, uri] of [
    ['task', 'topn_sampler', 'infrabuilder://task/topn_sampler'],
    ['document', 'docs/adr/0001 größe#1?.md', 'infrabuilder://document/docs/adr/0001%20gr%C3%B6%C3%9Fe%231%3F.md'],
    ['document', 'docs/100%.md', 'infrabuilder://document/docs/100%25.md'],
  ] as const) {
    it(`names ${name}, there and back`, () => {
      assert.equal(uriOf({ kind, name }), uri);
      assert.deepEqual(readUri(uri), { kind, name });
    });
  }

  for (const uri of [
    '',
    'x',
    'infrabuilder://',
    'infrabuilder://task/',
    'infrabuilder://goal/G-1',
    'INFRABUILDER://task/a',
  ]) {
    it(`is none: "${uri}"`, () => assert.equal(readUri(uri), undefined));
  }
});

describe('the list of resources', () => {
  const RUNS = ['20261122T080000000Z-check-a-00000000', '20261122T090000000Z-check-b-00000000'];
  const more = {
    'docs/adr/0001-why.md': '# Why\n',
    'docs/notes.md': '# Notes\n',
    'reports/topn_sampler_plan.md': '# Plan\n',
    'tasks/done/old.yaml': 'slug: old\nacceptance: [it works]\n',
    'tasks/in_progress/topn_sampler.yaml': 'slug: topn_sampler\nacceptance: [twice]\n',
    [`reports/evidence/${RUNS[0]}.json`]: '{}',
    [`reports/evidence/${RUNS[1]}.json`]: '{}',
    'reports/evidence/.hidden.json': '{}',
    'reports/evidence/notes.txt': '',
  };

  it('has documents, then tasks by folder and each slug once, then evidence, newest first', async () => {
    const { files, snapshot } = sound(more);
    const catalog = await listCatalog(files, await snapshot());
    assert.deepEqual(
      catalog.map(({ kind, name }) => `${kind} ${name}`),
      [
        'document docs/blueprint_vFinal.md',
        'document docs/runbook.md',
        'document docs/CHANGELOG.md',
        'document docs/adr/0001-why.md',
        'document reports/topn_sampler_plan.md',
        'task topn_sampler',
        'task old',
        `evidence ${RUNS[1]}`,
        `evidence ${RUNS[0]}`,
      ],
    );
  });

  it('is empty of evidence where there is none', async () => {
    const { files, snapshot } = sound();
    assert.ok((await listCatalog(files, await snapshot())).every(({ kind }) => kind !== 'evidence'));
  });

  it('may be read beyond: Markdown of documents and reports, and nothing else', async () => {
    const now = await sound(more).snapshot();
    const may = ['docs/notes.md', 'docs/deep/er/x.MD', 'reports/anything.md', 'docs/blueprint_vFinal.md'];
    const mayNot = [
      'README.md',
      'docs/x.yaml',
      'docs/.git/x.md',
      'docs/.env',
      'reports/evidence/x.md',
      'docs',
      'src/a.md',
    ];
    assert.deepEqual(
      [...may, ...mayNot].filter((path) => isDocument(now, path)),
      may,
    );
  });
});

describe('completion', () => {
  it('puts names that begin with the text before those that hold it', () => {
    const names = ['tail_sum', 'sum', 'SUMMARY', 'other'];
    assert.deepEqual(complete(names, 'sum').completion, {
      values: ['sum', 'SUMMARY', 'tail_sum'],
      total: 3,
      hasMore: false,
    });
  });

  it('gives a hundred at most, and says that there are more', () => {
    const names = Array.from({ length: 101 }, (_, at) => `n${at}`);
    const { completion } = complete(names, '');
    assert.deepEqual([completion.values.length, completion.total, completion.hasMore], [100, 101, true]);
  });
});
