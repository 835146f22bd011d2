import assert from 'node:assert/strict';
import { compareTasks, taskNext } from '../../../src/core/operations/taskNext.ts';
import { sampleEngine } from '../../support/sampleEngine.ts';
import { workspace } from '../project/workspace.ts';

const task = (slug: string, more = '') => `slug: ${slug}\nacceptance: [it works]\n${more}`;

describe('the task to take next', () => {
  it('is work under way, then by priority, phase and name', async () => {
    const { tasks } = await workspace({
      'tasks/pending/a.yaml': task('a', 'phase: P1\n'),
      'tasks/pending/b.yaml': task('b', 'phase: P0\n'),
      'tasks/pending/c.yaml': task('c', 'phase: P2\npriority: high\n'),
      'tasks/pending/d.yaml': task('d', 'phase: P2\npriority: 1\n'),
      'tasks/in_progress/z.yaml': task('z', 'priority: low\n'),
    }).snapshot();
    assert.deepEqual(
      [...tasks].sort(compareTasks).map(({ slug }) => slug),
      ['z', 'd', 'c', 'b', 'a'],
    );
  });

  it('waits for no other task', async () => {
    const { engine } = await sampleEngine();
    const next = await taskNext.run(engine, {}, {});
    assert.deepEqual(
      [next.slug, next.step, next.command],
      ['topn_sampler', 'open', 'infrabuilder task open topn_sampler'],
    );
    const blocked = await taskNext.run(engine, { slug: 'capture_ratio_metric' }, {});
    assert.deepEqual(blocked.blockers, ['It depends on topn_sampler, which is pending.']);
  });
});
