import assert from 'node:assert/strict';
import { paint, wantsColor, writable } from '../../../src/cli/io.ts';

const TERMINAL = { color: true, isTerminal: true };
const PIPE = { color: false, isTerminal: false };

describe('colours', () => {
  for (const [isTerminal, env, wanted] of [
    [true, {}, true],
    [false, {}, false],
    [true, { TERM: 'dumb' }, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ] as const) {
    const where = isTerminal ? 'on a terminal' : 'in a pipe';
    it(`${where} with ${JSON.stringify(env)}: ${wanted ? 'yes' : 'no'}`, () => {
      assert.equal(wantsColor(isTerminal, env), wanted);
    });
  }
});

describe('text that is written', () => {
  const red = paint({ ...TERMINAL, write: () => {} }, 'red', 'fail');

  it('keeps our colours and the cleared line on a terminal, and neither in a pipe', () => {
    const text = `\r\u001b[K${red}\tdone\n`;
    assert.equal(writable(text, TERMINAL), text);
    assert.equal(writable(text, PIPE), '\rfail\tdone\n');
  });

  it('lets no file name and no program move the cursor, clear the screen or rename the window', () => {
    const hostile = 'a\u001b[2Jb\u001b]0;title\u0007c\u0008d\u001b[10;10He';
    const shown = 'a\uFFFD[2Jb\uFFFD]0;title\uFFFDc\uFFFDd\uFFFD[10;10He';
    assert.equal(writable(hostile, TERMINAL), shown);
    assert.equal(writable(hostile, PIPE), shown);
  });
});
