import assert from 'node:assert/strict';
import { checkAlignment } from '../../../src/core/workflow/alignment.ts';
import { MAPPING, sound, TASK } from '../project/workspace.ts';

const SCENARIO = 'name: high_pid_churn\nblueprint_goals: [G-4]\nworkload: {type: high_pid_churn}\n';
const COMPLETE = { 'e2e/scenarios/high_pid_churn.yml': SCENARIO };

/** Codes of the points that do not hold. */
async function astray(changes: Readonly<Record<string, string | undefined>> = {}): Promise<string[]> {
  const snapshot = await sound({ ...COMPLETE, ...changes }).snapshot();
  const task = snapshot.task('topn_sampler');
  assert.ok(task !== undefined);
  return checkAlignment(snapshot, task)
    .filter(({ holds }) => !holds)
    .map(({ code }) => code);
}

const withTask = (from: string | RegExp, to: string) => ({ 'tasks/pending/topn_sampler.yaml': TASK.replace(from, to) });

describe('OPEN checks that task and blueprint agree (plan 3.2)', () => {
  it('has five points, and a sound task passes all', async () => {
    const snapshot = await sound({
      ...COMPLETE,
      'e2e/scenarios/standard.yml': 'name: standard\nblueprint_goals: [G-2, G-3, G-4]\nworkload: {type: standard}\n',
    }).snapshot();
    const [task] = snapshot.tasks;
    assert.ok(task !== undefined);
    assert.deepEqual(
      checkAlignment(snapshot, task).map(({ title, holds }) => `${holds} ${title}`),
      [
        'true The task exists in the blueprint',
        'true It is mapped to an epic and a story',
        'true Scenarios validate it',
        'true Blueprint goals are named',
        'true The task addresses what the blueprint asks for',
      ],
    );
  });

  it('1: the mapping must have the task, and the blueprint its story', async () => {
    assert.deepEqual(await astray({ 'blueprint_tasks.yaml': MAPPING.replace('topn_sampler', 'other') }), [
      'task.not-in-mapping',
      'task.mapped-elsewhere',
    ]);
    const story = { 'docs/blueprint_vFinal.md': '# Blueprint\n\n## A1-E1 Process collection\n' };
    assert.deepEqual(await astray(story), ['task.story-not-in-blueprint']);
  });

  it('2: under the epic and story that it names', async () => {
    assert.deepEqual(await astray(withTask('story: A1-S3', 'story: A1-S9')), [
      'task.story-not-in-blueprint',
      'task.mapped-elsewhere',
    ]);
    assert.deepEqual(await astray(withTask('  story: A1-S3\n', '')), ['task.no-story']);
  });

  it('3: by scenarios that exist', async () => {
    assert.deepEqual(await astray(withTask('high_pid_churn', 'gone')), ['task.unknown-scenario']);
    const none = TASK.replace(/e2e_scenarios:[\s\S]*?blueprint_goals/, 'blueprint_goals');
    assert.deepEqual(await astray({ 'tasks/pending/topn_sampler.yaml': none }), [
      'task.no-scenario',
      'task.goal-uncovered',
    ]);
  });

  it('4: with goals that exist', async () => {
    assert.deepEqual(await astray(withTask('G-2  #', 'G-99  #')), ['task.unknown-goal']);
    assert.deepEqual(await astray(withTask(/blueprint_goals:[\s\S]*$/, '')), ['task.no-goal']);
  });

  it('5: each of which one of its scenarios validates', async () => {
    const events = {
      'infrabuilder.yaml':
        'version: 1\ngoals:\n  - {id: G-4, title: T, kind: event, scenario: failover}\n  - {id: G-2, title: T, kind: conformance}\n',
    };
    assert.deepEqual(await astray({ ...events, 'e2e/scenarios/high_pid_churn.yml': SCENARIO.replace('[G-4]', '[]') }), [
      'task.goal-uncovered',
    ]);
  });
});
