import assert from 'node:assert/strict';
import { CASES } from './scripts.ts';
import { type Row, runCase, tableOf } from './suite.ts';

const AT_ONCE = 3;

/** Starts the work on all with the first that is asked for, in so many lanes, and gives each its own result. */
function inTurns<T, R>(all: readonly T[], lanes: number, work: (one: T) => Promise<R>) {
  let results: ReadonlyMap<T, Promise<R>> | undefined;
  const start = () => {
    const ends: Promise<unknown>[] = [];
    return new Map(
      all.map((one, at) => {
        const before = ends[at % lanes] ?? Promise.resolve();
        const result = before.then(() => work(one));
        ends[at % lanes] = result.catch(() => undefined);
        return [one, result] as const;
      }),
    );
  };
  return (one: T): Promise<R> => {
    results ??= start();
    return results.get(one) ?? Promise.reject(new Error('It is none of them.'));
  };
}

describe('the implementation loop against scripted models', () => {
  const rows: Row[] = [];
  // Each has a workspace of its own and mostly waits for programs.
  const running = inTurns(CASES, AT_ONCE, runCase);

  for (const one of CASES) {
    it(one.name, async function () {
      this.timeout(300_000);
      const row = await running(one);
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
