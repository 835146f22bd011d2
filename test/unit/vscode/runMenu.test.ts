import assert from 'node:assert/strict';
import { menuOf } from '../../../src/vscode/runs/menu.ts';
import type { Run, Settled } from '../../../src/vscode/runs/run.ts';

const session = {};
const check = { kind: 'check', result: { log: '.infrabuilder/logs/lint.txt' } };
const ended = (outcome: string) => ({ kind: 'implement', result: { outcome } });

/** Only what the menu looks at. */
function run(end: unknown, copy?: string, settled?: Settled): Run {
  return { session, end, copy, settled } as unknown as Run;
}

const alone = (one: Run): string => menuOf(one, [one]);

describe('the context menu of a run', () => {
  it('a run under way can be cancelled, and nothing else', () => {
    assert.equal(alone(run(undefined)), 'run.running');
    assert.equal(alone(run(undefined, 'r1')), 'run.running');
  });

  it('a check offers its raw output where it has left one', () => {
    assert.equal(alone(run(check)), 'run.ended.log');
    assert.equal(alone(run({ kind: 'check', result: { log: null } })), 'run.ended');
    assert.equal(alone(run({ kind: 'cancelled' })), 'run.ended');
  });

  it('a change waits for a decision; only a run that is not done can go on', () => {
    assert.equal(alone(run(ended('done'), 'r1')), 'run.ended.transcript.change');
    assert.equal(alone(run(ended('not-done'), 'r1')), 'run.ended.transcript.change.resume');
    assert.equal(alone(run(ended('needs-person'), 'r1')), 'run.ended.transcript.change.resume');
    assert.equal(alone(run({ kind: 'cancelled' }, 'r1')), 'run.ended.transcript.change.resume');
  });

  it('a run that stopped before it had a copy has no change', () => {
    assert.equal(alone(run({ kind: 'unusable', message: 'no model' })), 'run.ended');
  });

  for (const settled of ['accepted', 'discarded', 'gone'] as const) {
    it(`once it is ${settled}, only its transcript is left`, () => {
      assert.equal(alone(run(ended('done'), 'r1', settled)), 'run.ended.transcript');
    });
  }

  it('who resumes a copy takes over the decision about it', () => {
    const first = run({ kind: 'cancelled' }, 'r1');
    const second = run(ended('done'), 'r1');
    const other = run(ended('done'), 'r2');
    const all = [other, second, first];
    assert.deepEqual(
      all.map((one) => menuOf(one, all)),
      ['run.ended.transcript.change', 'run.ended.transcript.change', 'run.ended.transcript'],
    );
  });
});
