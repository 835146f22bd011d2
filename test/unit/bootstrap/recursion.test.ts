import assert from 'node:assert/strict';
import { checkEnvironment, refuseRecursion } from '../../../src/core/model/recursion.ts';

describe('a check that starts itself', () => {
  const inLint = checkEnvironment({}, 'lint', '/my ws');

  it('is refused with the way out', () => {
    assert.throws(() => refuseRecursion(inLint, 'lint', '/my ws'), {
      code: 'check.recursion',
      message: 'Check "lint" runs a program that starts check "lint" again.',
    });
    const nested = checkEnvironment(inLint, 'test', '/my ws');
    assert.throws(() => refuseRecursion(nested, 'lint', '/my ws'), { code: 'check.recursion' });
    assert.throws(() => refuseRecursion(nested, 'test', '/my ws'), { code: 'check.recursion' });
  });

  it('is not a check that starts another, nor the same check of another workspace', () => {
    refuseRecursion({}, 'lint', '/my ws');
    refuseRecursion(inLint, 'test', '/my ws');
    refuseRecursion(inLint, 'lint', '/other');
    assert.deepEqual(checkEnvironment(inLint, 'test', '/my ws'), { INFRABUILDER_CHECK: 'lint /my ws\ntest /my ws' });
  });
});
