import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { BEGIN, END, withManagedBlock } from '../../../src/core/bootstrap/managed.ts';
import { planAgentFile } from '../../../src/core/bootstrap/managedAgents.ts';
import { pathsSchema } from '../../../src/core/model/config.ts';
import { TOOLS } from '../../../src/core/operations/index.ts';
import { createTemplates } from '../../../src/node/templates.ts';
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
  const SKILL = '.github/skills/infrabuilder/SKILL.md';
  const survey = (existing: Record<string, string>) => surveyOf({ existing });
  const lines = (existing: Record<string, string>, agents = true) =>
    planned({ sample: true, agents }, survey(existing)).filter((line) => /AGENTS|copilot|SKILL/.test(line));
  const skillAfter = (existing: Record<string, string>) => {
    const action = planAgentFile(SKILL, pathsSchema.parse({}), survey(existing));
    return action !== undefined && 'content' in action ? action.content : undefined;
  };

  it('writes instructions and the skill, only when asked', () => {
    assert.equal(lines({}).length, 3);
    assert.deepEqual(lines({}, false), []);
  });

  it('adds to a file that is there, and keeps one whose marks are broken', () => {
    assert.match(lines({ 'AGENTS.md': '# Mine\n' })[0] ?? '', /^append AGENTS\.md/);
    assert.match(lines({ 'AGENTS.md': `${BEGIN}\n` })[0] ?? '', /^keep AGENTS\.md.*do not pair up/);
  });

  it('puts the front matter of the skill first and its text between the marks; a second run changes nothing', () => {
    const written = skillAfter({}) ?? '';
    assert.match(written, /^---\nname: infrabuilder\ndescription: Works\.\n---\n\n<!-- infrabuilder:begin -->\n/);
    assert.ok(written.endsWith(`# The loop\n${END}\n`));
    assert.equal(skillAfter({ [SKILL]: written }), undefined);
  });

  it('leaves what a person changed around the skill, also its front matter', () => {
    const written = (skillAfter({}) ?? '').replace('Works.', 'Works here.').replace('# The loop', '# An older loop');
    const renewed = skillAfter({ [SKILL]: `${written}\nOurs: ask Ada.\n` }) ?? '';
    assert.match(renewed, /Works here\.[\s\S]*# The loop[\s\S]*Ours: ask Ada\.\n$/);
    assert.doesNotMatch(renewed, /An older loop/);
  });
});

describe('the skill that is shipped', () => {
  it('is one by the convention: its name is its folder, and it says when to use it', async () => {
    const folder = fileURLToPath(new URL('../../../templates', import.meta.url));
    const [file, ...others] = await createTemplates(folder).load('skills');
    assert.deepEqual([file?.path, others], ['infrabuilder/SKILL.md', []]);
    const [, head = '', body = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(file?.content ?? '') ?? [];
    const { name, description, ...more } = parse(head) as Record<string, string>;
    assert.deepEqual([name, more], ['infrabuilder', {}]);
    assert.match(description ?? '', /\. Use it to /);
    assert.ok((description ?? '').length <= 1024);
    assert.ok(body.split('\n').length < 500);
  });

  it('names only tools and commands that there are', async () => {
    const folder = fileURLToPath(new URL('../../../templates', import.meta.url));
    const [file] = await createTemplates(folder).load('skills');
    const known = TOOLS.map(({ name }) => name);
    const words = [...(file?.content ?? '').matchAll(/`([a-z]+(?:_[a-z]+)*)`/g)].map(([, word]) => word ?? '');
    const others = ['plan', 'arch', 'result', 'test', 'lint', 'inconclusive', 'pass'];
    assert.deepEqual(
      words.filter((word) => !known.includes(word) && !others.includes(word)),
      [],
    );
    for (const name of ['task_next', 'ask', 'check', 'verify', 'task_complete']) assert.ok(words.includes(name), name);
  });
});
