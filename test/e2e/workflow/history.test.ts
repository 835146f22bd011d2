import assert from 'node:assert/strict';
import { createFiles } from '../../../src/node/files.ts';
import { createWorkTree } from '../../../src/node/tree.ts';
import { TaskWorkspace } from '../../support/taskWorkspace.ts';

describe('when files were first committed', () => {
  it('is told by path, a move counting as new, with the oldest commit of each', async () => {
    const workspace = TaskWorkspace.create();
    try {
      const tree = createWorkTree(createFiles(workspace.root));
      const commitAt = (time: string, message: string) => {
        workspace.git('add', '-A');
        workspace.git('commit', '--quiet', '--date', time, '-m', message);
      };
      workspace.write('tasks/pending/ü b.yaml', 'slug: b\n');
      commitAt('2026-03-01T10:00:00+02:00', 'add b');
      workspace.git('mv', 'tasks/pending/ü b.yaml', 'tasks/pending/c.yaml');
      commitAt('2026-03-05T10:00:00Z', 'rename b');
      workspace.write('tasks/pending/c.yaml', 'slug: c\n');
      commitAt('2026-03-09T10:00:00Z', 'change c');
      const found = await tree.firstCommitted('tasks');
      assert.equal(found.get('tasks/pending/ü b.yaml'), '2026-03-01T08:00:00.000Z');
      assert.equal(found.get('tasks/pending/c.yaml'), '2026-03-05T10:00:00.000Z');
      assert.deepEqual([...found.keys()].sort(), [
        'tasks/pending/c.yaml',
        'tasks/pending/heap.yaml',
        'tasks/pending/tail.yaml',
        'tasks/pending/ü b.yaml',
      ]);
      assert.equal((await tree.firstCommitted('no such folder')).size, 0);
    } finally {
      workspace.dispose();
    }
  });

  it('is empty without git', async () => {
    const workspace = new TaskWorkspace();
    try {
      workspace.write('tasks/pending/a.yaml', 'slug: a\n');
      assert.equal((await createWorkTree(createFiles(workspace.root)).firstCommitted('tasks')).size, 0);
    } finally {
      workspace.dispose();
    }
  });
});
