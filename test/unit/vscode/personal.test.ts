import assert from 'node:assert/strict';
import type { CompleteJson } from '../../../src/core/operations/complete.ts';
import { personalOf } from '../../../src/vscode/commands/personal.ts';

type Missing = CompleteJson['missing'][number];
type Line = CompleteJson['acceptance'][number];

const unsigned: Missing = { code: 'gate.needs-sign-off', message: '"it reads well" needs a person', mend: 'look' };
const finding: Missing = { code: 'tamper.new-skip', message: 'a.go:3: a new skip', mend: 'undo', waive: 'skip:a.go:3' };
const stale: Missing = { code: 'gate.goal-stale', message: 'G-4: stale', mend: 'infrabuilder verify --goal G-4' };

const line = (text: string, verdict: Line['verdict'], signedBy: string | null = null): Line => ({
  text,
  verdict,
  detail: 'Nothing here measures it.',
  signedBy,
});

describe('what only a person can give a task', () => {
  it('lines that nothing measures and nobody has signed, never those that are measured', () => {
    const acceptance = [
      line('it reads well', 'needs-person'),
      line('it looks well', 'needs-person', 'Ada'),
      line('ratio ≥ 95%', 'fails'),
      line('cpu < 2%', 'unmeasured'),
      line('memory < 9 MB', 'holds'),
    ];
    assert.deepEqual(personalOf({ missing: [unsigned], acceptance }), {
      lines: [{ text: 'it reads well', why: 'Nothing here measures it.' }],
      findings: [],
      isAll: true,
    });
  });

  it('findings that the gate says can be waived, by the id that a waiver names', () => {
    const { findings, isAll } = personalOf({ missing: [finding, unsigned], acceptance: [] });
    assert.deepEqual(findings, [{ id: 'skip:a.go:3', message: 'a.go:3: a new skip' }]);
    assert.equal(isAll, true);
  });

  it('nobody is asked while something can still be measured or mended', () => {
    assert.equal(personalOf({ missing: [unsigned, stale], acceptance: [] }).isAll, false);
    assert.equal(personalOf({ missing: [], acceptance: [] }).isAll, false);
  });
});
