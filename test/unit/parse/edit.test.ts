import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { HumanError } from '../../../src/core/base/errors.ts';
import { editYaml, type YamlEdit, yamlEditsToTextEdits } from '../../../src/core/parse/edit.ts';
import type { YamlValue } from '../../../src/core/parse/render.ts';
import { applyEdits } from './apply.ts';
import { Random } from './random.ts';

const TASK = readFileSync(new URL('../../fixtures/plan/topn_sampler.yaml', import.meta.url), 'utf8');

const set = (path: YamlEdit['path'], value: YamlValue): YamlEdit => ({ op: 'set', path, value });
const append = (path: YamlEdit['path'], value: YamlValue): YamlEdit => ({ op: 'append', path, value });
const remove = (path: YamlEdit['path']): YamlEdit => ({ op: 'delete', path });

interface Case {
  readonly does: string;
  readonly from: string;
  readonly edit: YamlEdit;
  readonly to: string;
}

const CASES: readonly Case[] = [
  {
    does: 'replaces a scalar and keeps its comment',
    from: 'a: 1 # one\nb: 2\n',
    edit: set(['a'], 3),
    to: 'a: 3 # one\nb: 2\n',
  },
  { does: 'keeps double quotes', from: 'a: "x"\n', edit: set(['a'], 'y'), to: 'a: "y"\n' },
  { does: 'keeps single quotes', from: "a: 'x'\n", edit: set(['a'], "it's"), to: "a: 'it''s'\n" },
  { does: 'quotes text that would read as a number', from: 'a: x\n', edit: set(['a'], '5.10'), to: 'a: "5.10"\n' },
  { does: 'quotes text with a colon', from: 'a: x\n', edit: set(['a'], 'b: c # d'), to: 'a: "b: c # d"\n' },
  { does: 'escapes line ends', from: 'a: x\n', edit: set(['a'], 'b\nc'), to: 'a: "b\\nc"\n' },
  {
    does: 'fills an empty value before its comment',
    from: 'a: # later\nb: 1\n',
    edit: set(['a'], 'x'),
    to: 'a: x # later\nb: 1\n',
  },
  { does: 'replaces text of several lines', from: 'a: |\n  x\n  y\nb: 1\n', edit: set(['a'], 'z'), to: 'a: z\nb: 1\n' },
  {
    does: 'replaces a block list by a scalar',
    from: 'a:\n  - x\n  - y\nb: 1\n',
    edit: set(['a'], 'z'),
    to: 'a: z\nb: 1\n',
  },
  {
    does: 'replaces a scalar by a list',
    from: 'a: x # why\nb: 1\n',
    edit: set(['a'], ['y', 'z']),
    to: 'a: # why\n  - y\n  - z\nb: 1\n',
  },
  { does: 'replaces a list by a list', from: 'a:\n- x\n- y\nb: 1\n', edit: set(['a'], ['z']), to: 'a:\n- z\nb: 1\n' },
  {
    does: 'replaces a flow list in its style',
    from: 'a: [x, y]\n',
    edit: set(['a'], ['z', 'a, b']),
    to: 'a: [z, "a, b"]\n',
  },
  {
    does: 'replaces a list item',
    from: 'a:\n  - x # first\n  - y\n',
    edit: set(['a', 1], 'z'),
    to: 'a:\n  - x # first\n  - z\n',
  },
  {
    does: 'adds a key at the end of its map',
    from: 'a:\n  b: 1\nc: 2\n',
    edit: set(['a', 'd'], 3),
    to: 'a:\n  b: 1\n  d: 3\nc: 2\n',
  },
  {
    does: 'adds a key after the comments of the last one',
    from: 'a:\n  - x\n  # - y\n',
    edit: set(['b'], 1),
    to: 'a:\n  - x\n  # - y\nb: 1\n',
  },
  { does: 'adds a key without a final line end', from: 'a: 1', edit: set(['b'], 2), to: 'a: 1\nb: 2' },
  {
    does: 'adds a key to an item of a list',
    from: 'a:\n  - s: x\n    t: y\n  - s: z\n',
    edit: set(['a', 0, 'u'], 1),
    to: 'a:\n  - s: x\n    t: y\n    u: 1\n  - s: z\n',
  },
  {
    does: 'adds a key to a flow map',
    from: 'a: {b: 1}\n',
    edit: set(['a', 'c'], 'x, y'),
    to: 'a: {b: 1, c: "x, y"}\n',
  },
  { does: 'adds a key to an empty map', from: 'a: {}\n', edit: set(['a', 'b'], 1), to: 'a:\n  b: 1\n' },
  {
    does: 'makes what is missing on the way',
    from: 'a: 1\n',
    edit: set(['b', 'c', 'd'], 2),
    to: 'a: 1\nb:\n  c:\n    d: 2\n',
  },
  { does: 'makes a map of an empty value', from: 'a:\nb: 1\n', edit: set(['a', 'c'], 2), to: 'a:\n  c: 2\nb: 1\n' },
  { does: 'starts an empty file', from: '# tasks\n', edit: set(['a'], 1), to: '# tasks\na: 1\n' },
  {
    does: 'appends to a list',
    from: 'a:\n  - x # one\nb: 1\n',
    edit: append(['a'], 'y'),
    to: 'a:\n  - x # one\n  - y\nb: 1\n',
  },
  {
    does: 'appends in the indentation that is there',
    from: 'a:\n-   x\nb: 1\n',
    edit: append(['a'], 'y'),
    to: 'a:\n-   x\n-   y\nb: 1\n',
  },
  { does: 'appends to a flow list', from: 'a: [x] # c\n', edit: append(['a'], 'y'), to: 'a: [x, y] # c\n' },
  { does: 'appends to an empty list', from: 'a: []\n', edit: append(['a'], 'y'), to: 'a: [y]\n' },
  {
    does: 'appends a map',
    from: 'a:\n  - s: x\n',
    edit: append(['a'], { s: 'y', t: [1, 2] }),
    to: 'a:\n  - s: x\n  - s: y\n    t:\n      - 1\n      - 2\n',
  },
  { does: 'appends to a missing list', from: 'a: 1\n', edit: append(['b'], 'x'), to: 'a: 1\nb:\n  - x\n' },
  {
    does: 'follows lists at the column of their key',
    from: 'a:\n- x\n',
    edit: append(['b'], 'y'),
    to: 'a:\n- x\nb:\n- y\n',
  },
  {
    does: 'appends to an empty value',
    from: 'a: # none yet\n',
    edit: append(['a'], 'x'),
    to: 'a: # none yet\n  - x\n',
  },
  { does: 'deletes a key with its value', from: 'a:\n  - x\n  # y\nb: 1\n', edit: remove(['a']), to: 'b: 1\n' },
  { does: 'deletes the last key', from: 'a: 1\nb: 2', edit: remove(['b']), to: 'a: 1' },
  {
    does: 'deletes the first key of a list item',
    from: 'a:\n  - s: x\n    t: y\n',
    edit: remove(['a', 0, 's']),
    to: 'a:\n  - t: y\n',
  },
  {
    does: 'deletes an item',
    from: 'a:\n  - x\n  - s: y\n    t: 1\n  - z\n',
    edit: remove(['a', 1]),
    to: 'a:\n  - x\n  - z\n',
  },
  { does: 'leaves an empty list', from: 'a:\n  - x\nb: 1\n', edit: remove(['a', 0]), to: 'a: []\nb: 1\n' },
  { does: 'leaves an empty map', from: 'a:\n  b: 1\nc: 1\n', edit: remove(['a', 'b']), to: 'a: {}\nc: 1\n' },
  { does: 'deletes from a flow list', from: 'a: [x, y, z]\n', edit: remove(['a', 1]), to: 'a: [x, z]\n' },
  { does: 'deletes the end of a flow map', from: 'a: {b: 1, c: 2}\n', edit: remove(['a', 'c']), to: 'a: {b: 1}\n' },
  { does: 'deletes nothing where there is nothing', from: 'a: 1\n', edit: remove(['b', 'c']), to: 'a: 1\n' },
];

describe('position-keeping edits', () => {
  for (const { does, from, edit, to } of CASES) {
    it(does, () => {
      assert.equal(editYaml(from, [edit]), to);
      assert.equal(applyEdits(from, yamlEditsToTextEdits(from, 'a.yaml', [edit])), to, 'as text edits');
      const crlf = from.replaceAll('\n', '\r\n');
      if (crlf.includes('\r\n')) assert.equal(editYaml(crlf, [edit]), to.replaceAll('\n', '\r\n'), 'with CRLF');
    });
  }

  it('several edits build on each other, as text edits too', () => {
    const edits = [
      set(['owner'], 'ada'),
      append(['blueprint_goals'], 'G-5'),
      append(['blueprint_goals'], 'G-8'),
      remove(['phase']),
      set(['blueprint', 'story'], 'A1-S4'),
      append(['depends_on'], 'collector'),
      set(['owner'], 'grace'),
    ];
    const expected = `${TASK.replace('phase: P0\n', '').replace('A1-S3', 'A1-S4')}  - G-5\n  - G-8\nowner: grace\ndepends_on:\n  - collector\n`;
    assert.equal(editYaml(TASK, edits), expected);
    const textEdits = yamlEditsToTextEdits(TASK, 'a.yaml', edits);
    assert.equal(applyEdits(TASK, textEdits), expected);
    assert.equal(textEdits.length, 3, 'one for each place that changes');
  });

  it('keeps a byte order mark', () => assert.equal(editYaml('\uFEFFa: 1\n', [set(['a'], 2)]), '\uFEFFa: 2\n'));

  it('refuses what is not YAML, with the place', () => {
    assert.throws(
      () => editYaml('a: "x\n', [set(['a'], 1)]),
      (error) => {
        assert.ok(error instanceof HumanError);
        assert.equal(error.code, 'yaml.edit');
        assert.equal(error.message, '1:4: This is not valid YAML: this " is never closed.');
        return true;
      },
    );
  });

  it('refuses a path that does not fit', () => {
    for (const edit of [set(['a', 'b'], 1), append(['a'], 1), set(['l', 5], 1), set(['c', 'x'], 1)]) {
      assert.throws(() => editYaml('a: 1\nl: [x]\nd: &d {x: 1}\nc: *d\n', [edit]), { code: 'yaml.edit' });
    }
  });

  it('changes only what it should, on 400 random edits', () => {
    const random = new Random(7);
    const base = parse(TASK) as Record<string, unknown>;
    for (let count = 0; count < 400; count++) {
      const key = random.pick([...Object.keys(base), 'owner', 'x_new']);
      const value = random.pick<YamlValue>([
        'text',
        '5.10',
        '- x',
        'a: b',
        '',
        'true',
        7,
        null,
        ['a', 'b: c'],
        { k: ['v'], 'k 2': {} },
        [],
        [{ s: 1 }],
      ]);
      const edit = random.below(4) === 0 ? remove([key]) : set([key], value);
      const text = random.below(2) === 0 ? TASK : TASK.trimEnd();
      const edited = editYaml(text, [edit]);
      const expected = { ...base, ...(edit.op === 'set' ? { [key]: value } : {}) };
      if (edit.op === 'delete') delete expected[key];
      assert.deepEqual(parse(edited), expected, `${JSON.stringify(edit)}\n${edited}`);
      assert.equal(edited.endsWith('\n'), text.endsWith('\n'), 'the end of the file stays');
      const touched = new RegExp(`^${key}:.*\\n(?:[ ].*\\n?)*`, 'm');
      assert.equal(
        `${edited}\n`.replace(touched, '').trim(),
        `${text}\n`.replace(touched, '').trim(),
        'other lines stay',
      );
    }
  });
});
