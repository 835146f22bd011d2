import assert from 'node:assert/strict';
import {
  type Change,
  commitChanges,
  JOURNAL_FOLDER,
  recoverChanges,
  type TransactionPorts,
} from '../../../src/core/workflow/transaction.ts';
import { type MemoryFiles, memoryFiles } from '../../support/memoryFiles.ts';

const BEFORE = { 'tasks/in_progress/a.yaml': 'slug: a\n', 'map.yaml': 'a: {}\n', 'reports/progress.md': 'old\n' };
const CHANGES: Change[] = [
  { kind: 'move', from: 'tasks/in_progress/a.yaml', to: 'tasks/done/a.yaml' },
  { kind: 'write', path: 'map.yaml', before: 'a: {}\n', after: 'a: {status: done}\n' },
  { kind: 'write', path: 'reports/progress.md', before: 'old\n', after: 'new\n' },
  { kind: 'write', path: 'reports/evidence/x.json', before: null, after: '{}\n' },
];
const AFTER = {
  'map.yaml': 'a: {status: done}\n',
  'reports/evidence/x.json': '{}\n',
  'reports/progress.md': 'new\n',
  'tasks/done/a.yaml': 'slug: a\n',
};
const SORTED_BEFORE = Object.fromEntries(Object.entries(BEFORE).sort(([a], [b]) => (a < b ? -1 : 1)));
const ANY = () => true;

/** Dies at the given change: everything before it is on disk, nothing after it. */
class PowerCut extends Error {}

function ports(files: MemoryFiles, dieAfter = Number.POSITIVE_INFINITY): TransactionPorts {
  let made = 0;
  const count = () => {
    if (made++ >= dieAfter) throw new PowerCut();
  };
  return {
    files: {
      ...files,
      async write(path, text, options) {
        if (!path.startsWith(JOURNAL_FOLDER)) count();
        return files.write(path, text, options);
      },
      async remove(path) {
        if (path.startsWith(JOURNAL_FOLDER)) count();
        return files.remove(path);
      },
    },
    tree: {
      async move(from, to) {
        count();
        return files.move(from, to);
      },
    },
  };
}

describe('several changes as one', () => {
  it('are all made, and leave no journal', async () => {
    const files = memoryFiles(BEFORE);
    await commitChanges(ports(files), 'a', 'complete a', CHANGES);
    assert.deepEqual(files.texts(), AFTER);
    assert.deepEqual(await recoverChanges(ports(files), ANY), []);
  });

  for (let cut = 0; cut <= CHANGES.length; cut++) {
    it(`are finished at the next start after a crash behind change ${cut}`, async () => {
      const files = memoryFiles(BEFORE);
      await assert.rejects(commitChanges(ports(files, cut), 'a', 'complete a', CHANGES), PowerCut);
      assert.deepEqual(await recoverChanges(ports(files), ANY), [
        { title: 'complete a', outcome: 'finished', message: 'complete a: finished.' },
      ]);
      assert.deepEqual(files.texts(), AFTER);
    });
  }

  it('are undone where somebody changed a file after the crash, and that change stays', async () => {
    const files = memoryFiles(BEFORE);
    await assert.rejects(commitChanges(ports(files, 2), 'a', 'complete a', CHANGES), PowerCut);
    await files.write('reports/progress.md', 'mine\n');
    const [recovery] = await recoverChanges(ports(files), ANY);
    assert.equal(recovery?.message, 'complete a: undone, because reports/progress.md was changed by somebody else.');
    assert.deepEqual(files.texts(), { ...SORTED_BEFORE, 'reports/progress.md': 'mine\n' });
  });

  it('are undone at once where a file is not as it was', async () => {
    const files = memoryFiles({ ...BEFORE, 'map.yaml': 'a: {}\nb: {}\n' });
    await assert.rejects(commitChanges(ports(files), 'a', 'complete a', CHANGES), { code: 'transaction.undone' });
    assert.deepEqual(files.texts(), { ...SORTED_BEFORE, 'map.yaml': 'a: {}\nb: {}\n' });
  });

  it('never replace a task that lies at the new place', async () => {
    const files = memoryFiles({ ...BEFORE, 'tasks/done/a.yaml': 'slug: other\n' });
    await assert.rejects(commitChanges(ports(files), 'a', 'complete a', CHANGES), { code: 'transaction.undone' });
    assert.equal((await files.read('tasks/done/a.yaml')) ?? '', 'slug: other\n');
  });

  it('can be settled by two programs at once', async () => {
    const files = memoryFiles(BEFORE);
    await assert.rejects(commitChanges(ports(files, 1), 'a', 'complete a', CHANGES), PowerCut);
    await Promise.all([recoverChanges(ports(files), ANY), recoverChanges(ports(files), ANY)]);
    assert.deepEqual(files.texts(), AFTER);
  });
});

describe('a journal that is not ours', () => {
  it('is dropped where it names a path that completing a task never touches', async () => {
    const journal = {
      version: 1,
      title: 'x',
      changes: [{ kind: 'write', path: '.git/hooks/post-checkout', before: null, after: 'rm' }],
    };
    const files = memoryFiles({ [`${JOURNAL_FOLDER}/x.json`]: JSON.stringify(journal) });
    assert.deepEqual(await recoverChanges(ports(files), (path) => path.startsWith('tasks/')), []);
    assert.deepEqual(files.texts(), {});
  });

  it('is dropped where it cannot be read', async () => {
    const files = memoryFiles({ [`${JOURNAL_FOLDER}/x.json`]: '{"version": 1, "cha' });
    assert.deepEqual(await recoverChanges(ports(files), ANY), []);
    assert.deepEqual(files.texts(), {});
  });
});
