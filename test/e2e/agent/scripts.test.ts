import assert from 'node:assert/strict';
import { CASES } from './scripts.ts';
import { type Row, runCase, tableOf } from './suite.ts';

describe('the implementation loop against scripted models', () => {
  const rows: Row[] = [];

  for (const one of CASES) {
    it(one.name, async function () {
      this.timeout(300_000);
      const row = await runCase(one);
      rows.push(row);
      assert.equal(row.outcome, one.ends, row.reason);
      assert.equal(row.falseDone, false);
      assert.notEqual(row.caught, false, `not caught: ${row.reason}`);
      assert.equal(row.untouched, true, 'the files of the person were touched');
      for (const code of one.refused ?? []) {
        assert.ok(row.refusals.includes(code), `${code} is not among ${row.refusals}`);
      }
    });
  }

  it('never ends in a false done, and misses no tampering', () => {
    console.log(`\n${tableOf(rows)}`);
    assert.equal(rows.length, CASES.length);
    assert.equal(rows.filter(({ falseDone }) => falseDone).length, 0);
    assert.deepEqual(
      rows.filter(({ caught }) => caught === false),
      [],
    );
    assert.deepEqual(
      rows.filter(({ outcome, solvable }) => solvable && outcome !== 'done'),
      [],
    );
  });
});
