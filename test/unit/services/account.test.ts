import assert from 'node:assert/strict';
import { Accounts, lossOf } from '../../../src/e2e/services/account.ts';

const received = (...numbers: (number | undefined)[]) => {
  const accounts = new Accounts();
  for (const seq of numbers) accounts.add({ run: 'r1', stream: 'metrics', seq, items: 10 });
  const [report] = accounts.report();
  assert.ok(report);
  return report;
};

describe('sent against received', () => {
  it('all there, in any order', () => {
    const account = received(2, 1, 3);
    assert.deepEqual([account.distinct, account.missing, account.gaps, account.items], [3, 0, [], 30]);
    assert.deepEqual(lossOf(account, 3), { sent: 3, received: 3, lost: 0, percent: 0 });
  });

  it('gaps are ranges', () => {
    const account = received(1, 4, 5, 9);
    assert.deepEqual(account.gaps, [
      [2, 3],
      [6, 8],
    ]);
    assert.equal(account.missing, 5);
  });

  it('a retry counts once', () => {
    const account = received(1, 2, 2, 2);
    assert.deepEqual([account.distinct, account.duplicates, account.items], [2, 2, 20]);
  });

  it('what is missing at the end shows against what the sender says', () => {
    assert.deepEqual(lossOf(received(1, 2), 4), { sent: 4, received: 2, lost: 2, percent: 50 });
  });

  it('what is missing at the begin shows too', () => {
    assert.equal(lossOf(received(3, 4), undefined).lost, 2);
  });

  it('a sender that claims less than what arrived is not believed', () => {
    assert.deepEqual(lossOf(received(1, 2, 5), 3), { sent: 5, received: 3, lost: 2, percent: 40 });
  });

  it('batches without a number are counted apart', () => {
    assert.deepEqual([received(1, undefined).unnumbered, received(1, undefined).distinct], [1, 1]);
  });

  it('runs and streams do not mix', () => {
    const accounts = new Accounts();
    accounts.add({ run: 'a', stream: 'metrics', seq: 1, items: 1 });
    accounts.add({ run: 'a', stream: 'logs', seq: 1, items: 1 });
    accounts.add({ run: 'b', stream: 'metrics', seq: 1, items: 1 });
    assert.deepEqual(
      accounts.report().map(({ run, stream, duplicates }) => [run, stream, duplicates]),
      [
        ['a', 'metrics', 0],
        ['a', 'logs', 0],
        ['b', 'metrics', 0],
      ],
    );
  });
});
