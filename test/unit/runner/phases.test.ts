import assert from 'node:assert/strict';
import { followFaults, PhaseMachine } from '../../../src/e2e/runner/phases.ts';

describe('the phases of a run with faults', () => {
  const proof = { holds: true, expected: '', observed: '' };

  it('recovery begins when the last planned fault is over, also when a busy machine makes it late', () => {
    const seen: string[] = [];
    const phases = new PhaseMachine((phase, detail) => seen.push(detail === '' ? phase : `${phase}: ${detail}`));
    phases.enter('steady state');
    const follow = followFaults(phases, 2);
    follow({ id: 'f1', state: 'active' });
    follow({ id: 'f1', state: 'active', proof });
    follow({ id: 'f1', state: 'resolved', proof });
    assert.equal(phases.current, 'faults');
    follow({ id: 'f2', state: 'active' });
    follow({ id: 'f2', state: 'unproven' });
    follow({ id: 'f2', state: 'resolved' });
    assert.deepEqual(seen, ['steady state', 'faults: f1', 'recovery']);
  });

  it('never goes back', () => {
    const phases = new PhaseMachine(() => undefined);
    phases.enter('recovery');
    assert.throws(() => phases.enter('faults'), /cannot go from "recovery" back to "faults"/);
  });
});
