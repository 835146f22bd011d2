import assert from 'node:assert/strict';
import { readSections, readYamlSections, type Section } from '../../../src/core/parse/sections.ts';
import { TextLines } from '../../../src/core/parse/textLines.ts';

const shown = (sections: readonly Section[]) =>
  sections.map(({ path, startLine, endLine }) => `${startLine}-${endLine} ${path.join(' > ')}`.trim());

describe('sections of Markdown', () => {
  it('run from a heading to the next, and know the headings above', () => {
    const text = ['before', '# A', 'a', '## B', 'b', '### C', '## D', 'd', '# E'].join('\n');
    assert.deepEqual(shown(readSections(text)), ['1-1', '2-3 A', '4-5 A > B', '6-6 A > B > C', '7-8 A > D', '9-9 E']);
  });

  it('see no heading in code fences, comments and front matter', () => {
    const text = ['---', '# title: x', '---', '# A', '```sh', '# no', '~~~', '```', '<!--', '# no', '-->', '# B'].join(
      '\n',
    );
    assert.deepEqual(shown(readSections(text)), ['1-3', '4-11 A', '12-12 B']);
  });

  it('close a fence only with as many marks of the same kind', () => {
    const text = ['````', '```', '# no', '````', '# A', '~~~ sh', '```', '# no'].join('\n');
    assert.deepEqual(shown(readSections(text)), ['1-4', '5-8 A']);
  });

  it('know underlined headings, but take a rule below a table or a list for a rule', () => {
    const text = ['Title', '=====', 'Part', '---', '| a |', '---', '- item', '---', '', '---'].join('\n');
    assert.deepEqual(shown(readSections(text)), ['1-2 Title', '3-10 Title > Part']);
  });

  it('name a heading as a reader sees it', () => {
    const text = '## The *new* `top_n` [key](#key) ##\n#hashtag\n#\n';
    assert.deepEqual(shown(readSections(text)), ['1-2 The new top_n key', '3-3']);
  });

  it('count lines as editors do, whatever ends them', () => {
    assert.deepEqual(shown(readSections('# A\r\ntext\r\n# B\rtext\n')), ['1-2 A', '3-4 B']);
    assert.deepEqual(shown(readSections('')), ['1-1']);
  });
});

describe('sections of YAML', () => {
  it('are top-level keys and named items of lists', () => {
    const text = [
      '# note',
      'version: 1',
      'goals:',
      '  - id: G-1',
      '    title: One',
      '  - {id: G-2, kind: kpi}',
      'llm: {}',
    ];
    assert.deepEqual(shown(readYamlSections(text.join('\n'))), [
      '1-1',
      '2-2 version',
      '3-3 goals',
      '4-5 goals > G-1',
      '6-6 goals > G-2',
      '7-7 llm',
    ]);
  });

  it('survive text that is no YAML', () => {
    assert.deepEqual(shown(readYamlSections(': {{{\n\t- id\n%')), ['1-3']);
  });
});

describe('lines of a text', () => {
  it('are found by number and by offset, without their ends', () => {
    const lines = new TextLines('a\r\nbb\rccc\n');
    assert.deepEqual(
      [lines.count, lines.line(1), lines.line(2), lines.line(3), lines.line(4)],
      [3, 'a', 'bb', 'ccc', ''],
    );
    assert.deepEqual(
      [0, 2, 3, 5, 6, 9].map((offset) => lines.lineAt(offset)),
      [1, 1, 2, 2, 3, 3],
    );
    assert.equal(lines.slice(2, 9), 'bb\nccc');
  });
});
