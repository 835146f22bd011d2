import assert from 'node:assert/strict';
import type { Range } from '../../../src/core/model/source.ts';
import { parseTask } from '../../../src/core/parse/task.ts';

const TEXT = 'slug: a\nblueprint:\n  epic: A1-E1 # why\nacceptance:\n  - CPU ≤ 1%\n  - "😀 x"\nowner:\n';
const short = ({ start, end }: Range): string => `${start.line}:${start.column}-${end.line}:${end.column}`;

for (const [name, text] of [
  ['plain reader', TEXT],
  ['full reader', `${TEXT}extra: {a: 1}\n`],
  ['byte order mark', `\uFEFF${TEXT}`],
  ['CRLF', TEXT.replaceAll('\n', '\r\n')],
] as const) {
  describe(`places (${name})`, () => {
    const { locate, locateKey, issues } = parseTask(text, 'a.yaml');

    it('of values', () => {
      assert.equal(short(locate(['slug'])), '1:7-1:8');
      assert.equal(short(locate(['blueprint', 'epic'])), '3:9-3:14');
      assert.equal(short(locate(['acceptance'])), '5:3-6:11');
      assert.equal(short(locate(['acceptance', 1])), '6:5-6:11', 'columns count UTF-16 units');
      assert.equal(short(locate(['owner'])), '7:7-7:7');
    });

    it('of keys', () => {
      assert.equal(short(locateKey(['slug'])), '1:1-1:5');
      assert.equal(short(locateKey(['blueprint', 'epic'])), '3:3-3:7');
      assert.equal(short(locateKey(['acceptance', 1])), '6:5-6:11', 'an item has no key');
    });

    it('of what is missing: the nearest ancestor', () => {
      assert.equal(short(locate(['blueprint', 'story'])), '3:3-3:14');
      assert.equal(short(locateKey(['blueprint', 'story'])), '3:3-3:14');
      assert.equal(short(locate(['acceptance', 7])), '5:3-6:11');
      assert.equal(short(locate(['slug', 'x'])), '1:7-1:8');
    });

    it('owner may not be empty', () =>
      assert.deepEqual(
        issues.map(({ code }) => code),
        ['task.invalid'],
      ));
  });
}

describe('places of a text that is not YAML', () => {
  it('are the start of the file', () => {
    const { locate, locateKey } = parseTask('a: "', 'a.yaml');
    assert.equal(short(locate(['a'])), '1:1-1:1');
    assert.equal(short(locateKey(['a'])), '1:1-1:1');
  });
});
