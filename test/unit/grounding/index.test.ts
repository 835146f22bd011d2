import assert from 'node:assert/strict';
import { Bm25 } from '../../../src/core/grounding/bm25.ts';
import { chunkDocument } from '../../../src/core/grounding/chunk.ts';
import { makeSegment } from '../../../src/core/grounding/segment.ts';
import { contentTerms, stem, termsOf } from '../../../src/core/grounding/tokens.ts';

describe('terms', () => {
  for (const [text, expected] of [
    ['topn_capture_ratio', 'topn_capture_ratio topn captur ratio'],
    ['AgentDiagEvent', 'agentdiagevent agent diag event'],
    ['G-4 and A1-S3', 'g-4 and a1-s3 a1 s3'],
    ['p95/p99 error', 'p95/p99 p95 p99 error'],
    ['retries, retried, retry', 'retry retry retry'],
    ['samples sampling sampled', 'sampl sampl sampl'],
    ['γ = 0.0075', 'γ 0.0075'],
    ['設定方法', '設定 定方 方法'],
  ] as const) {
    it(`of "${text}"`, () => assert.equal(termsOf(text).join(' '), expected));
  }

  it('leave out what every question has, unless there is nothing else', () => {
    assert.deepEqual(contentTerms('How does the exporter work?'), ['exporter', 'work']);
    assert.deepEqual(contentTerms('why?'), ['why']);
  });

  it('keep words whole where an ending is part of them', () => {
    assert.deepEqual(['bus', 'class', 'string', 'status', 'need'].map(stem), [
      'bus',
      'class',
      'string',
      'status',
      'need',
    ]);
  });
});

describe('chunks', () => {
  it('put small sections together and cut large ones at empty lines', () => {
    const paragraph = `${'word '.repeat(120).trim()}\n\n`;
    const text = `# A\n\nshort\n\n# B\n\nshort\n\n# C\n\n${paragraph.repeat(8)}`;
    const { chunks } = chunkDocument('a.md', text);
    assert.ok(chunks.length >= 3);
    for (const { start, end } of chunks) assert.ok(end - start <= 2000, `${end - start} characters`);
    assert.equal(chunks.map(({ start, end }) => text.slice(start, end)).join(''), text);
  });

  it('cut a line that is longer than a chunk, and skip what is empty', () => {
    const { chunks } = chunkDocument('a.md', `${'x'.repeat(4500)}\n${'\n'.repeat(5000)}end`);
    assert.deepEqual(
      chunks.map(({ startLine, endLine, start, end }) => [startLine, endLine, end - start]).slice(0, 3),
      [
        [1, 1, 2000],
        [1, 1, 2000],
        [1, 1, 501],
      ],
    );
    assert.equal(chunks.at(-1)?.endLine, 5002);
  });
});

describe('the index', () => {
  const segment = (file: string, text: string) => makeSegment(file, 'd', chunkDocument(file, text));
  const files = (index: Bm25, ...terms: string[]) =>
    index.search(terms.flatMap(contentTerms), 5).map((match) => match.file);

  it('ranks by rare terms, and says how much of a question a chunk has', async () => {
    const index = new Bm25();
    index.set(await segment('a.md', 'queue queue receiver'));
    index.set(await segment('b.md', 'queue breaker'));
    index.set(await segment('c.md', 'queue'));
    const [first, second] = index.search(contentTerms('queue breaker'), 5);
    assert.deepEqual([first?.file, first?.coverage], ['b.md', 1]);
    assert.ok((second?.coverage ?? 1) < 0.5);
    assert.deepEqual(files(index, 'nothing'), []);
  });

  it('forgets a file that goes, and takes its new text', async () => {
    const index = new Bm25();
    index.set(await segment('a.md', 'old words'));
    index.set(await segment('a.md', 'new words'));
    assert.deepEqual(
      [files(index, 'old'), files(index, 'new'), index.has('old'), index.size],
      [[], ['a.md'], false, 1],
    );
    index.delete('a.md');
    index.delete('a.md');
    assert.deepEqual([files(index, 'new'), index.size], [[], 0]);
  });

  it('stays right when it sweeps out what is gone', async () => {
    const index = new Bm25();
    const text = '# H\n\nword\n\n'.repeat(3);
    for (let at = 0; at < 1500; at++) index.set(await segment('a.md', `${text} version${at}`));
    index.set(await segment('b.md', 'version'));
    assert.deepEqual([files(index, 'version1499'), files(index, 'version3'), index.size], [['a.md'], [], 2]);
  });

  it('takes terms that are names of properties', async () => {
    const index = new Bm25();
    index.set(await segment('a.md', 'constructor __proto__ toString hasOwnProperty'));
    assert.deepEqual(files(index, 'constructor', 'proto'), ['a.md']);
    assert.deepEqual(files(index, 'valueof'), []);
  });
});
