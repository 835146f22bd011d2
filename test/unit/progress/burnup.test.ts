import assert from 'node:assert/strict';
import { burnup } from '../../../src/core/progress/burnup.ts';
import type { ProjectState } from '../../../src/core/progress/state.ts';
import { workspace } from '../project/workspace.ts';

const TASK = (slug: string) => `slug: ${slug}\nacceptance: [it works]\n`;

async function state(committed: Record<string, string>, done: Record<string, string>): Promise<ProjectState> {
  const snapshot = await workspace({
    'tasks/done/a.yaml': TASK('a'),
    'tasks/done/b.yaml': TASK('b'),
    'tasks/in_progress/c.yaml': TASK('c'),
  }).snapshot();
  const checkpoint = {} as ProjectState['checkpoint'];
  return {
    snapshot,
    tasks: snapshot.tasks,
    checkpoint,
    committed: new Map(Object.entries(committed)),
    step: () => undefined,
    doneAt: (slug) => done[slug],
  };
}

describe('the burn-up', () => {
  it('counts a task from its first commit, in whatever folder, and done from evidence or the commit into done/', async () => {
    const committed = {
      'tasks/pending/a.yaml': '2026-11-01T09:00:00.000Z',
      'tasks/done/a.yaml': '2026-11-09T09:00:00.000Z',
      'tasks/pending/b.yaml': '2026-11-03T09:00:00.000Z',
      'tasks/done/b.yaml': '2026-11-05T09:00:00.000Z',
      'tasks/in_progress/c.yaml': '2026-11-03T10:00:00.000Z',
    };
    assert.deepEqual(burnup(await state(committed, { a: '2026-11-04T09:00:00.000Z' })), {
      burnup: [
        { day: '2026-11-01', scope: 1, done: 0 },
        { day: '2026-11-03', scope: 3, done: 0 },
        { day: '2026-11-04', scope: 3, done: 1 },
        { day: '2026-11-05', scope: 3, done: 2 },
      ],
      undated: 0,
    });
  });

  it('counts apart what nothing dates', async () => {
    assert.deepEqual(burnup(await state({}, { a: '2026-11-04T09:00:00.000Z' })), {
      burnup: [{ day: '2026-11-04', scope: 1, done: 1 }],
      undated: 2,
    });
  });
});
