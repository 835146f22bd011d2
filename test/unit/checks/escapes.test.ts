import assert from 'node:assert/strict';
import { withoutEscapes } from '../../../src/core/checks/escapes.ts';

describe('output without escape sequences', () => {
  for (const [title, text, expected] of [
    ['colours', '\u001b[1;31mmain.go:3:1:\u001b[0m bad', 'main.go:3:1: bad'],
    ['cursor moves and cleared lines', '\u001b[2K\u001b[1A\u001b[?25lok', 'ok'],
    ['window titles and links', '\u001b]0;title\u0007a\u001b]8;;http://x\u001b\\b', 'ab'],
    ['an escape that starts nothing', 'a\u001b', 'a\u001b'],
    ['plain text', 'a [31m b', 'a [31m b'],
  ] as const) {
    it(title, () => assert.equal(withoutEscapes(text), expected));
  }
});
