import assert from 'node:assert/strict';
import { mend } from './mend.ts';
import { MAPPING, sound, TASK } from './workspace.ts';

const FILE = 'blueprint_tasks.yaml';

function mapping(from: string, to: string): Record<string, string> {
  assert.ok(MAPPING.includes(from));
  return { [FILE]: MAPPING.replace(from, to) };
}

describe('blueprint_tasks.yaml', () => {
  it('mapping.unknown-task: planned is worth a hint, begun a warning', async () => {
    const planned = sound({ [FILE]: `${MAPPING}          - slug: watchdog\n` });
    assert.deepEqual(await planned.lines(), [`${FILE}:12:19 info mapping.unknown-task`]);
    const begun = sound({ [FILE]: `${MAPPING}          - slug: watchdog\n            status: done\n` });
    assert.deepEqual(await begun.lines(), [`${FILE}:12:19 warning mapping.unknown-task`]);
    assert.match((await begun.issue('mapping.unknown-task')).message, /Write tasks\/pending\/watchdog\.yaml/);
  });

  it('mapping.unknown-task: a slip is replaced by the task that nobody has mapped', async () => {
    const workspace = sound(mapping('topn_sampler', 'top_sampler'));
    const { fixes } = await workspace.issue('mapping.unknown-task');
    assert.deepEqual(
      fixes?.flatMap((fix) => fix.edits.map((edit) => edit.newText)),
      ['topn_sampler'],
    );
  });

  it('mapping.duplicate-task: points at the first', async () => {
    const workspace = sound({ [FILE]: `${MAPPING}      A1-S4:\n        tasks:\n          - slug: topn_sampler\n` });
    assert.deepEqual(await workspace.lines(), [`${FILE}:14:19 error mapping.duplicate-task`]);
    const issue = await workspace.issue('mapping.duplicate-task');
    assert.deepEqual(issue.related?.[0]?.range.start, { line: 9, column: 19 });
  });

  it('mapping.story-without-tasks: at the story, and not where it has one', async () => {
    assert.deepEqual(await sound({ [FILE]: `${MAPPING}      A1-S4:\n        title: Later\n` }).lines(), [
      `${FILE}:12:7 info mapping.story-without-tasks`,
    ]);
  });

  it('mapping.phase-mismatch: mended on either side', async () => {
    const changes = mapping('phase: P0', 'phase: P1');
    assert.deepEqual(await sound(changes).lines(), [`${FILE}:10:20 warning mapping.phase-mismatch`]);
    assert.deepEqual(await mend(sound(changes), 'mapping.phase-mismatch', 'Replace by "P0"'), [
      `${FILE}:10 -            phase: P1`,
      `${FILE}:10 +            phase: P0`,
    ]);
    const other = 'Replace by "P1" in tasks/pending/topn_sampler.yaml';
    assert.deepEqual(await mend(sound(changes), 'mapping.phase-mismatch', other), [
      'tasks/pending/topn_sampler.yaml:2 -phase: P0',
      'tasks/pending/topn_sampler.yaml:2 +phase: P1',
    ]);
  });

  it('mapping.module-mismatch: but sampler, sampler/ and ./sampler are one folder', async () => {
    const workspace = sound(mapping('sampler/', 'sketch/'));
    assert.deepEqual(await workspace.lines(), [`${FILE}:11:21 warning mapping.module-mismatch`]);
    assert.deepEqual(await mend(workspace, 'mapping.module-mismatch', 'Replace by "sampler/"'), [
      `${FILE}:11 -            module: sketch/`,
      `${FILE}:11 +            module: sampler/`,
    ]);
    assert.deepEqual(await sound(mapping('sampler/', './sampler')).lines(), []);
  });

  it('mapping.status-mismatch: the folder counts', async () => {
    const workspace = sound(mapping('phase: P0', 'status: done\n            phase: P0'));
    assert.deepEqual(await workspace.lines(), [`${FILE}:10:21 warning mapping.status-mismatch`]);
    assert.deepEqual(await mend(workspace, 'mapping.status-mismatch'), [
      `${FILE}:10 -            status: done`,
      `${FILE}:10 +            status: pending`,
    ]);
    const completed = mapping('phase: P0', 'completed: 2026-11-01\n            phase: P0');
    assert.deepEqual(await sound(completed).lines(), [`${FILE}:10:24 warning mapping.status-mismatch`]);
    const moved = { 'tasks/pending/topn_sampler.yaml': undefined, 'tasks/done/topn_sampler.yaml': TASK };
    assert.deepEqual(await sound({ ...completed, ...moved }).lines(), []);
  });

  it('mapping.missing: one issue, not one for each task; none where there are no tasks', async () => {
    assert.deepEqual(await sound({ [FILE]: undefined }).lines(), [`${FILE}:1:1 warning mapping.missing`]);
    assert.deepEqual(await sound({ [FILE]: undefined, 'tasks/pending/topn_sampler.yaml': undefined }).lines(), []);
  });

  it('that cannot be understood says so once and blames no task', async () => {
    assert.deepEqual(await sound({ [FILE]: 'epics:\n  A1-E1: [\n' }).lines(), [`${FILE}:2:10 error yaml.syntax`]);
  });

  it('may have epics of any id, also ones that look like built-in names', async () => {
    const text = `epics:\n  constructor:\n    stories:\n      toString:\n        tasks: [{slug: topn_sampler}]\n`;
    const task = TASK.replace('A1-E1', 'constructor').replace('A1-S3', 'toString');
    assert.deepEqual(await sound({ [FILE]: text, 'tasks/pending/topn_sampler.yaml': task }).lines(), []);
    const wrong = TASK.replace('A1-E1', 'constructor').replace('A1-S3', 'valueOf');
    assert.deepEqual(await sound({ [FILE]: text, 'tasks/pending/topn_sampler.yaml': wrong }).lines(), [
      'tasks/pending/topn_sampler.yaml:6:10 error task.unknown-story',
    ]);
  });
});
