import assert from 'node:assert/strict';
import { readJournal } from '../../../src/e2e/reap/journal.ts';

const lines = (...values: unknown[]) => values.map((value) => JSON.stringify(value)).join('\n');
const run = { type: 'run', run: 'r1', owner: { pid: 10, start: '99' } };
const folder = (path: string) => ({ kind: 'folder', path });

describe('journal', () => {
  it('what is settled is not owed', () => {
    const text = lines(
      run,
      { type: 'owed', id: 1, debt: folder('/a') },
      { type: 'owed', id: 2, debt: folder('/b') },
      { type: 'settled', id: 1 },
    );
    assert.deepEqual(readJournal(text, 'x'), {
      run: 'r1',
      owner: { pid: 10, start: '99' },
      open: [{ id: 2, debt: folder('/b') }],
    });
  });

  it('a torn last line is passed over', () => {
    const text = `${lines(run, { type: 'owed', id: 1, debt: folder('/a') })}\n{"type":"owed","id":2,"debt":{"ki`;
    assert.deepEqual(
      readJournal(text, 'x').open.map(({ id }) => id),
      [1],
    );
  });

  it('a debt of an unknown kind is passed over', () => {
    assert.deepEqual(readJournal(lines(run, { type: 'owed', id: 1, debt: { kind: 'mortgage' } }), 'x').open, []);
  });

  it('an empty journal owes nothing and has the name of its file', () => {
    assert.deepEqual(readJournal('', 'r9'), { run: 'r9', owner: undefined, open: [] });
  });
});
