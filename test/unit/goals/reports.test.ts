import assert from 'node:assert/strict';
import type { Ledger } from '../../../src/core/evidence/store.ts';
import { checkReport } from '../../../src/core/goals/reports.ts';

const FRESH = '20261122T080000000Z-check-test-0a1b2c3d';
const OLD = '20261121T080000000Z-check-test-0a1b2c3d';
const ledger = { entries: [{ run: FRESH }, { run: OLD }] } as unknown as Ledger;
const PROSE = 'The sampler keeps the smallest set of processes whose score reaches the target, with a heap of its own.';
const codes = (kind: 'plan' | 'result', ...lines: string[]) =>
  checkReport(kind, 'reports/x.md', lines.join('\n'), ledger, new Set([FRESH])).map(
    ({ code, range }) => `${code} ${range.start.line}`,
  );

describe('a report of a task', () => {
  it('says something, and leaves nothing open', () => {
    assert.deepEqual(codes('plan', '# Plan', '', PROSE), []);
    assert.deepEqual(codes('plan', '# Plan', '', '---'), ['gate.document-empty 1']);
    assert.deepEqual(codes('plan', '# Plan', PROSE, 'TODO: risks', '{{design}}', '_Which further risks do you see?_'), [
      'gate.document-unfinished 3',
      'gate.document-unfinished 4',
      'gate.document-unfinished 5',
    ]);
    assert.deepEqual(codes('plan', PROSE, '- [ ] open'), []);
  });

  it('of the result rests on evidence of this work tree', () => {
    assert.deepEqual(codes('result', PROSE, `Evidence: \`reports/evidence/${FRESH}.json\`.`), []);
    assert.deepEqual(codes('result', PROSE), ['gate.result-without-evidence 1']);
    assert.deepEqual(codes('result', PROSE, OLD), ['gate.result-stale 2']);
    assert.deepEqual(codes('result', PROSE, FRESH, '20991122T080000000Z-check-test-0a1b2c3d'), ['gate.result-stale 3']);
    assert.deepEqual(codes('result', PROSE, FRESH, '- [ ] open'), ['gate.document-unfinished 3']);
  });
});
