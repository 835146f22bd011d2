import assert from 'node:assert/strict';
import { EXIT, exitCodeOf, exitCodeOfError } from '../../../src/cli/exit.ts';
import { CancelledError, EnvironmentError, HumanError } from '../../../src/core/base/errors.ts';
import { VERDICTS } from '../../../src/core/model/verdict.ts';

describe('exit codes', () => {
  it('only a pass is 0; what was not measured is told from what does not hold', () => {
    assert.deepEqual(
      VERDICTS.map((verdict) => `${verdict} ${exitCodeOf(verdict)}`),
      ['pass 0', 'fail 1', 'inconclusive 4', 'not-run 4', 'error 1'],
    );
  });

  it('tells a wrong use from a machine that lacks something, a stop, and a bug', () => {
    assert.equal(exitCodeOfError(new HumanError('a.b', 'wrong')), EXIT.usage);
    assert.equal(exitCodeOfError(new EnvironmentError('a.b', 'no space')), EXIT.environment);
    assert.equal(exitCodeOfError(new CancelledError()), EXIT.interrupted);
    assert.equal(exitCodeOfError(new TypeError('x is undefined')), undefined);
  });
});
