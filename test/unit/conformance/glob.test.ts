import assert from 'node:assert/strict';
import { expandBraces, matchesGlob } from '../../../src/core/conformance/glob.ts';

describe('globs', () => {
  it('match whole paths', () => {
    const cases: [string, string, boolean][] = [
      ['collector/**', 'collector/a.go', true],
      ['collector/**', 'collector/proc/a.go', true],
      ['collector/**', 'collectors/a.go', false],
      ['collector', 'collector/proc/a.go', true],
      ['collector/', 'collector/a.go', true],
      ['*.go', 'a.go', true],
      ['*.go', 'x/a.go', false],
      ['*', 'x/a.go', false],
      ['**/*.go', 'a.go', true],
      ['**/internal/**', 'a/internal/b.go', true],
      ['a/**/z.go', 'a/z.go', true],
      ['a/**/z.go', 'a/b/c/z.go', true],
      ['a?.go', 'ab.go', true],
      ['a?.go', 'a/.go', false],
      ['[ab]x/**', 'bx/c', true],
      ['[!ab]x/**', 'bx/c', false],
      ['{a,b/c}/**', 'b/c/d.go', true],
      ['a.b', 'aXb', false],
      ['a+(b)', 'a+(b)', true],
      ['Sampler/**', 'sampler/a.go', false],
    ];
    for (const [glob, path, expected] of cases) assert.equal(matchesGlob(glob, path), expected, `${glob} ${path}`);
  });

  it('expand braces, also nested, and leave an unclosed one alone', () => {
    assert.deepEqual(expandBraces('{a,b{c,d}}/{x,y}'), ['a/x', 'a/y', 'bc/x', 'bc/y', 'bd/x', 'bd/y']);
    assert.deepEqual(expandBraces('{a,b'), ['{a,b']);
    assert.deepEqual(expandBraces('plain'), ['plain']);
  });
});
