import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { parseAcceptance } from '../../../src/core/parse/acceptance.ts';
import { parseBlueprint } from '../../../src/core/parse/blueprint.ts';
import { parseConfig } from '../../../src/core/parse/config.ts';
import { parseDeviation } from '../../../src/core/parse/deviation.ts';
import { parseMapping } from '../../../src/core/parse/mapping.ts';
import { parseScenario } from '../../../src/core/parse/scenario.ts';
import { parseTask } from '../../../src/core/parse/task.ts';
import { mutate, Random } from './random.ts';

const PARSERS = [parseConfig, parseDeviation, parseMapping, parseScenario, parseTask, parseBlueprint];
const FOLDER = new URL('../../fixtures/plan/', import.meta.url);
const PLAN = readdirSync(FOLDER).map((name) => readFileSync(new URL(name, FOLDER), 'utf8'));

/** Parses with every parser; each issue must have a place within the text. */
function parseAll(text: string): void {
  const lines = text.split('\n').length;
  for (const parse of PARSERS) {
    const { issues, value } = parse(text, 'x');
    if (value === undefined) assert.ok(issues.length > 0, `nothing read, and no reason given: ${JSON.stringify(text)}`);
    for (const { range, message } of issues) {
      const { start, end } = range;
      assert.ok(start.line >= 1 && start.column >= 1 && end.line <= lines, `${message} of ${JSON.stringify(text)}`);
      assert.ok(end.line > start.line || (end.line === start.line && end.column >= start.column), message);
    }
  }
}

describe('hostile text', () => {
  it('never throws: 150 mutations of the plan’s files', () => {
    const random = new Random(42);
    for (let count = 0; count < 150; count++) parseAll(mutate(random, random.pick(PLAN)));
  });

  it('never throws: 150 random texts', () => {
    const random = new Random(43);
    for (let count = 0; count < 150; count++) {
      const bytes = Uint8Array.from({ length: random.below(200) }, () => random.below(256));
      const text = new TextDecoder(random.below(2) === 0 ? 'utf-8' : 'utf-16le').decode(bytes);
      parseAll(text);
      parseAcceptance(text);
    }
  });

  for (const [name, text, code] of [
    ['lists', '['.repeat(3_000), 'yaml.too-deep'],
    ['maps', '{'.repeat(3_000), 'yaml.too-deep'],
    ['closed lists', `a: ${'['.repeat(400)}${']'.repeat(400)}`, 'yaml.too-deep'],
    ['block maps', Array.from({ length: 200 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'), 'yaml.too-deep'],
  ] as const) {
    it(`has an issue for ${name} that are nested too deeply`, () => {
      const { issues, value } = parseTask(text, 'x');
      assert.equal(value, undefined);
      assert.ok(issues.length <= 10 && issues.some((issue) => issue.code === code), issues[0]?.code);
    });
  }

  it('has an issue for aliases that nest without end', () => {
    const chain = Array.from({ length: 500 }, (_, at) => `k${at}: &a${at} [[[${at === 0 ? 'x' : `*a${at - 1}`}]]]`);
    const { issues, value } = parseTask(`${chain.join('\n')}\n`, 'x');
    assert.equal(value, undefined);
    assert.equal(issues[0]?.code, 'yaml.too-deep');
  });

  it('has few issues for one slip at the start of a long file', () => {
    const { issues } = parseTask(`slug: [a\n${'  - "x"\n'.repeat(5000)}`, 'x');
    assert.ok(issues.length <= 10, String(issues.length));
    assert.equal(issues[0]?.range.start.line, 1);
  });

  it('reads no more than the text says: no prototype is reached', () => {
    for (const key of ['__proto__', '"__proto__"', "'__proto__'"]) {
      const { issues } = parseTask(`slug: a\nacceptance: [x]\nowner: b\n${key}: {polluted: true}\n`, 'x');
      assert.deepEqual(
        issues.map((issue) => issue.code),
        ['yaml.reserved-key'],
      );
    }
    const { value, issues } = parseTask('slug: a\nacceptance: [x]\nconstructor: {prototype: {polluted: true}}\n', 'x');
    assert.deepEqual(issues, []);
    assert.ok(value && Object.hasOwn(value, 'constructor'));
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  });

  it('reads aliases that are few, and points at the anchor', () => {
    const { value, issues, locate } = parseTask(
      'x: &goals [G-1, G-2]\nslug: a\nacceptance: [y]\nblueprint_goals: *goals\n',
      'x',
    );
    assert.deepEqual(issues, []);
    assert.deepEqual(value?.blueprint_goals, ['G-1', 'G-2']);
    assert.deepEqual(locate(['blueprint_goals']).start, { line: 4, column: 18 });
    assert.deepEqual(locate(['blueprint_goals', 1]).start, { line: 1, column: 17 });
  });
});
