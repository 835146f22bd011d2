import assert from 'node:assert/strict';
import { BEGIN, END, withManagedBlock } from '../../../src/core/bootstrap/managed.ts';
import { planned, surveyOf } from './helper.ts';

const FILE = 'AGENTS.md';
const set = (text: string | undefined, block = 'ours') => withManagedBlock(text, block, FILE);

describe('a managed block', () => {
  it('makes a new file, and is not written again where it is as it should be', () => {
    const first = set(undefined);
    assert.match(first ?? '', /^<!-- infrabuilder:begin -->\n<!-- .* -->\nours\n<!-- infrabuilder:end -->\n$/);
    assert.equal(set(first), undefined);
  });

  for (const [name, text] of [
    ['text', '# Mine\n\n- be kind\n'],
    ['text without an end of line', '# Mine'],
    ['Windows line ends', '# Mine\r\n\r\n- be kind\r\n'],
    ['a byte order mark and trailing space', '\ufeff# Mine  \n\n\n'],
    ['an empty file', ''],
  ] as const) {
    it(`leaves a person's ${name} as it is, byte for byte`, () => {
      const added = set(text) ?? '';
      assert.ok(added.startsWith(text));
      assert.equal(set(added), undefined);
      const renewed = set(`${added}after\n`, 'newer') ?? '';
      assert.ok(renewed.startsWith(text) && renewed.endsWith(`${END}${text.includes('\r\n') ? '\r\n' : '\n'}after\n`));
      assert.ok(renewed.includes('newer') && !renewed.includes('ours'));
      if (text.includes('\r\n')) assert.equal(set(text)?.replaceAll('\r\n', '').includes('\n'), false);
    });
  }

  it('takes marks that stand inside a line for text', () => {
    const text = `Use \`${BEGIN}\` and \`${END}\`.\n`;
    assert.ok(set(text)?.startsWith(text));
  });

  for (const [name, text] of [
    ['without its end', `a\n${BEGIN}\nb\n`],
    ['without its beginning', `a\n${END}\n`],
    ['the wrong way round', `a\n${END}\n${BEGIN}\n`],
    ['twice', `a\n${BEGIN}\n${END}\n${BEGIN}\n${END}\n`],
  ] as const) {
    it(`refuses a block ${name}`, () => assert.throws(() => set(text), /AGENTS\.md:2: the marks .* do not pair up/));
  }
});

describe('init --agents', () => {
  const lines = (existing: Record<string, string>, agents = true) =>
    planned({ sample: true, agents }, surveyOf({ existing })).filter((line) => /AGENTS|copilot/.test(line));

  it('writes both files, only when asked', () => {
    assert.equal(lines({}).length, 2);
    assert.deepEqual(lines({}, false), []);
  });

  it('adds to a file that is there, and keeps one whose marks are broken', () => {
    assert.match(lines({ 'AGENTS.md': '# Mine\n' })[0] ?? '', /^append AGENTS\.md/);
    assert.match(lines({ 'AGENTS.md': `${BEGIN}\n` })[0] ?? '', /^keep AGENTS\.md.*do not pair up/);
  });
});
