import assert from 'node:assert/strict';
import { ProcessTree } from '../../../src/e2e/profiling/tree.ts';
import type { ProcessInfo } from '../../../src/e2e/profiling/types.ts';

/** `pid parent cpu children`, with a start and a session where a test needs them. */
function row(
  pid: number,
  parent: number,
  cpuMs: number,
  childrenCpuMs = 0,
  more: Partial<ProcessInfo> = {},
): ProcessInfo {
  return { pid, parent, start: '1', session: 0, zombie: false, cpuMs, childrenCpuMs, rss: 1000, threads: 1, ...more };
}

const STRANGERS = [row(1, 0, 9000), row(5, 1, 700)];

/** The CPU time after each snapshot. */
function follow(...snapshots: ProcessInfo[][]): number[] {
  const tree = new ProcessTree(10);
  return snapshots.map((table) => tree.update([...STRANGERS, ...table]).cpuMs);
}

describe('profiling: process tree', () => {
  it('holds the root and its descendants, in whatever order the table has them', () => {
    const table = [row(13, 12, 1), row(12, 11, 1), row(11, 10, 1), row(10, 1, 1), ...STRANGERS];
    assert.deepEqual(
      new ProcessTree(10).update(table).members.map(({ pid }) => pid),
      [13, 12, 11, 10],
    );
  });

  it('counts from the first snapshot on', () => {
    assert.deepEqual(follow([row(10, 1, 500)], [row(10, 1, 540)]), [0, 40]);
  });

  it('counts a child that comes, lives and is waited for once', () => {
    assert.deepEqual(
      follow(
        [row(10, 1, 100)],
        [row(10, 1, 110), row(11, 10, 50)],
        // Waited for: its 70 ms, 20 of them unseen, are in the parent's children time now.
        [row(10, 1, 110, 70)],
        [row(10, 1, 120, 70)],
      ),
      [0, 60, 80, 90],
    );
  });

  it('counts children that no snapshot saw', () => {
    assert.deepEqual(follow([row(10, 1, 100)], [row(10, 1, 100, 900)]), [0, 900]);
  });

  it('keeps the time of a child that nobody waited for: SIGCHLD ignored, children time stays 0', () => {
    assert.deepEqual(
      follow([row(10, 1, 0), row(11, 10, 30)], [row(10, 1, 0), row(11, 10, 80)], [row(10, 1, 5)]),
      [0, 50, 55],
    );
  });

  it('does not count a chain twice that ends at once', () => {
    assert.deepEqual(
      follow(
        [row(10, 1, 0), row(11, 10, 10), row(12, 11, 20)],
        // 12 was waited for by 11, 11 by 10: 10 has 10 + 20 and 5 ms that came after the last look.
        [row(10, 1, 0, 35)],
      ),
      [0, 5],
    );
  });

  it('keeps a grandchild whose parent ended, though it belongs to process 1 now', () => {
    assert.deepEqual(
      follow([row(10, 1, 0), row(11, 10, 10), row(12, 11, 20)], [row(10, 1, 0, 10), row(12, 1, 25)], [row(12, 1, 40)]),
      [0, 5, 20],
    );
  });

  it('holds all of a session that the root leads, also a daemon that nobody saw being born', () => {
    const session = { session: 10 };
    const tree = new ProcessTree(10);
    tree.update([row(10, 1, 0, 0, session)]);
    const { members } = tree.update([row(10, 1, 0, 0, session), row(20, 1, 5, 0, session), row(21, 1, 5)]);
    assert.deepEqual(
      members.map(({ pid }) => pid),
      [10, 20],
    );
  });

  it('takes a pid that came back with another start for somebody else', () => {
    assert.deepEqual(
      follow([row(10, 1, 0), row(11, 10, 40)], [row(10, 1, 0, 40), row(11, 5, 7000, 0, { start: '2' })]),
      [0, 0],
    );
    const tree = new ProcessTree(10);
    tree.update([row(10, 1, 0)]);
    assert.deepEqual(tree.update([row(10, 1, 900, 0, { start: '2' })]).members, [], 'the root itself');
  });

  it('never falls, also when a child was seen twice while it was waited for', () => {
    assert.deepEqual(
      follow(
        [row(10, 1, 0), row(11, 10, 0)],
        [row(10, 1, 0, 60), row(11, 10, 60)],
        [row(10, 1, 10, 60)],
        [row(10, 1, 90, 60)],
      ),
      [0, 120, 120, 150],
    );
  });

  it('counts a child once that was waited for after its parent was read, and before it was read itself', () => {
    assert.deepEqual(
      follow([row(10, 1, 0), row(11, 10, 60)], [row(10, 1, 0)], [row(10, 1, 10, 60)], [row(10, 1, 20, 60)]),
      [0, 0, 10, 20],
    );
  });

  it('counts a zombie but does not list it, and ends with the last living member', () => {
    const tree = new ProcessTree(10);
    tree.update([row(10, 1, 10), row(11, 10, 10)]);
    const zombie = tree.update([row(10, 1, 10), row(11, 10, 30, 0, { zombie: true })]);
    assert.deepEqual([zombie.members.length, zombie.cpuMs], [1, 20]);
    assert.deepEqual([...zombie.followed.keys()], [10, 11], 'its time is not with its parent yet');
    assert.deepEqual(tree.update([]), { followed: new Map(), members: [], cpuMs: 20 });
  });

  it('is not led astray by parents that form a circle', () => {
    assert.deepEqual(new ProcessTree(10).update([row(30, 31, 1), row(31, 30, 1), row(10, 10, 1)]).members.length, 1);
  });
});
