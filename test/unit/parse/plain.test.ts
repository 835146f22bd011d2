import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { readPlain } from '../../../src/core/parse/plain.ts';
import { readFull } from '../../../src/core/parse/read.ts';
import { toValue } from '../../../src/core/parse/tree.ts';
import { Random, randomYaml } from './random.ts';

const FIXTURES = new URL('../../fixtures/', import.meta.url);

/** Whether the plain reader answered; fails where it answered otherwise than the full one. */
function agrees(text: string): boolean {
  const plain = readPlain(text);
  if (plain === undefined) return false;
  const full = readFull(text);
  assert.deepEqual({ root: plain, problems: [] }, full, JSON.stringify(text));
  return true;
}

describe('plain reader', () => {
  it('reads the block subset with values and places', () => {
    const text =
      'slug: topn # the sampler\nblueprint:\n  epic: A1-E1\nacceptance:\n  - CPU ≤ 0.5%\n  - "a: b"\ngoals: [G-2, 3]\nowner:\n';
    assert.ok(agrees(text));
    const root = readPlain(text);
    assert.deepEqual(root && toValue(root), {
      slug: 'topn',
      blueprint: { epic: 'A1-E1' },
      acceptance: ['CPU ≤ 0.5%', 'a: b'],
      goals: ['G-2', 3],
      owner: null,
    });
  });

  for (const text of [
    'a: |\n  text\n',
    'a: two\n  lines\n',
    'a: &x 1\nb: *x\n',
    'a: {b: 1}\n',
    'a: [b,\n  c]\n',
    'a: "x\\ty"\n',
    '"a": 1\n',
    '? a\n: b\n',
    '---\na: 1\n',
    'a: 1\n...\n',
    'a: !!str 1\n',
    'a: 1\na: 2\n',
    '__proto__: 1\n',
    'a:\t1\n',
    'a: 1\rb: 2\n',
    '- - a\n',
    'a: b: c\n',
    'a:\n    b: 1\n  c: 2\n',
    '',
    '# only a comment\n',
    'just text\n',
  ]) {
    it(`leaves ${JSON.stringify(text)} to the full reader`, () => assert.equal(readPlain(text), undefined));
  }

  for (const source of [
    '5.10',
    '0o7',
    '0x1F',
    '1e3',
    '-0',
    '.5',
    '5.',
    '+1',
    '~',
    'null',
    'yes',
    'no',
    'True',
    '1_000',
    '.inf',
    '-.Inf',
    '.nan',
    '12:30',
  ]) {
    it(`reads ${source} as YAML 1.2 does`, () => {
      assert.ok(agrees(`a: ${source}\n`));
      assert.ok(agrees(`- ${source} # c`));
    });
  }

  it('agrees with the full reader on every fixture', () => {
    for (const folder of ['plan', 'broken']) {
      for (const name of readdirSync(new URL(`${folder}/`, FIXTURES)))
        agrees(readFileSync(new URL(`${folder}/${name}`, FIXTURES), 'utf8'));
    }
    for (const name of ['topn_sampler.yaml', 'blueprint_tasks.yaml', 'runbook_scenarios.yml']) {
      const text = readFileSync(new URL(`plan/${name}`, FIXTURES), 'utf8');
      assert.ok(agrees(text), `${name} goes the fast way`);
      assert.ok(agrees(text.replaceAll('\n', '\r\n')), `${name} goes the fast way with CRLF`);
    }
  });

  it('agrees with the full reader on 3,000 generated documents', () => {
    const random = new Random(20261122);
    let answered = 0;
    for (let count = 0; count < 3000; count++) if (agrees(randomYaml(random))) answered++;
    assert.ok(answered > 500, `only ${answered} documents went the fast way`);
  });
});
