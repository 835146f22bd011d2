import assert from 'node:assert/strict';
import { readDocument } from '../../../src/core/audit/read/document.ts';
import { lines } from './support.ts';

function read(text: string, outputs = false): string[] {
  return readDocument(text, { outputs }).map(({ line, kind, text: shown, box }) => {
    return `${line} ${kind}${box === undefined ? '' : ` ${box}`}: ${shown}`;
  });
}

describe('reading a document', () => {
  it('tells headings, items, boxes, rows and prose apart', () => {
    const text = lines(
      '# A **title**',
      '',
      'See [the log](x.log).',
      '- [x] done',
      '- [ ] open',
      '1. first',
      '| A | B |',
      '|---|---|',
      '| a | `b` |',
    );
    assert.deepEqual(read(text), [
      '1 heading: A title',
      '3 prose: See the log.',
      '4 item ticked: done',
      '5 item open: open',
      '6 item: first',
      '9 row: a | `b`',
    ]);
  });

  it('gives a row its header and every line the headings above it', () => {
    const [, , row] = readDocument('# R\n## S\n| G | V |\n|--|--|\n| a\\|b | 1 |\n', { outputs: false });
    assert.deepEqual(row?.header, ['G', 'V']);
    assert.deepEqual(row?.cells, ['a|b', '1']);
    assert.deepEqual(row?.headings, ['R', 'S']);
  });

  it('leaves out front matter, comments, quotes, templates and code', () => {
    const text = lines(
      '---',
      'status: PASS',
      '---',
      '<!-- all tests pass',
      'and more -->',
      '> all tests pass',
      '| {{goal}} | PASS |',
      '```go',
      'PASS',
      '```',
      '~~~',
      'PASS',
      '```',
      'PASS',
      '~~~',
      'kept',
    );
    assert.deepEqual(read(text), ['16 prose: kept']);
  });

  it('takes in what a tool has printed, where that is asked for', () => {
    const text = lines('```', 'PASS', '```', '```go', 'PASS', '```', '```console', 'ok', '```');
    assert.deepEqual(read(text, true), ['2 output: PASS', '8 output: ok']);
    assert.deepEqual(read(text), []);
  });

  it('survives what is cut short', () => {
    assert.deepEqual(read('```'), []);
    assert.deepEqual(read('---\na: b'), ['2 prose: a: b']);
    assert.deepEqual(read('<!--'), []);
    assert.deepEqual(read(''), []);
  });
});
