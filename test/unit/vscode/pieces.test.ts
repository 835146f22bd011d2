import assert from 'node:assert/strict';
import { piecesOf, placeName } from '../../../src/vscode/chat/pieces.ts';
import { relativeCitations } from '../../../src/vscode/chat/relative.ts';

/** Pieces as one text; a place in double angle brackets. */
function shown(markdown: string): string {
  return piecesOf(markdown)
    .map((piece) => {
      if (piece.kind === 'text') return piece.text;
      const { file, startLine, endLine } = piece.citation;
      return `«${file} ${startLine}-${endLine}»`;
    })
    .join('');
}

describe('answers in pieces', () => {
  it('a citation becomes a place, several in one bracket become several', () => {
    assert.equal(shown('It is 5. [docs/a.md#L3-L5; b.yaml#L7]'), 'It is 5. «docs/a.md 3-5», «b.yaml 7-7»');
    assert.equal(shown('See [the text](docs/a.md#L3).'), 'See «docs/a.md 3-3».');
  });

  it('the rest is made safe', () => {
    assert.equal(shown('[x](command:y) [a.md#L1] <b>'), '\\[x\\](command:y) «a.md 1-1» &lt;b>');
  });

  it('code that is nothing but a citation is one; other code stays code', () => {
    assert.equal(shown('`a.md#L1`'), '«a.md 1-1»');
    assert.equal(shown('`see a.md#L1`'), '`see a.md#L1`');
    assert.equal(shown('```\na.md#L1 x\n```\n'), '```\na.md#L1 x\n```\n');
  });

  it('a quote of YAML is shown as code, with a fence that its text cannot close', () => {
    assert.equal(
      shown('> - id: G-4\n>   title: "```"\n>\n> [c.yaml#L1-L2]\n\n'),
      '> ````yaml\n> - id: G-4\n>   title: "```"\n> ````\n>\n> «c.yaml 1-2»\n\n',
    );
  });

  it('a quoted row without its table is shown as its cells', () => {
    assert.equal(
      shown('> | **G-4** |  | at least 95% |\n>\n> [b.md#L4]\n\n'),
      '> **G-4** · at least 95%\n>\n> «b.md 4-4»\n\n',
    );
  });

  it('a quote that cites nothing, and one line of a log, are shown as they are', () => {
    assert.equal(shown('> words\n'), '> words\n');
    assert.equal(shown('> it failed\n>\n> [run.log#L4]\n\n'), '> it failed\n>\n> «run.log 4-4»\n\n');
  });

  it('a place is named by file and lines; a name can hold nothing that acts', () => {
    assert.equal(placeName({ file: 'docs/a b.md', startLine: 3, endLine: 5 }), 'a b.md:3-5');
    assert.equal(placeName({ file: 'x](command:y) `z`.md', startLine: 1, endLine: 1 }), 'x__command_y_ _z_.md:1');
    const file = 'reports/evidence/20261122T081500123Z-check-lint-0a1b2c3d.json';
    assert.equal(placeName({ file, startLine: 1, endLine: 1 }), 'evidence check-lint:1');
  });
});

describe('links of a document', () => {
  it('are told from the root, and lose what cites no line', () => {
    assert.equal(
      relativeCitations('[docs/b.md#L3](../docs/b.md#L3-L4) and [docs/c.md](../docs/c.md)', 'reports'),
      '[docs/b.md#L3-L4] and docs/c.md',
    );
  });

  it('do not lead out of the workspace', () => {
    assert.equal(relativeCitations('[x](../../etc/passwd#L1)', 'reports'), 'x');
  });
});
