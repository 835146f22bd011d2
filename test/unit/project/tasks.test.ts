import assert from 'node:assert/strict';
import { applyFix } from '../../support/applyFix.ts';
import { mend } from './mend.ts';
import { MAPPING, sound, TASK } from './workspace.ts';

const FILE = 'tasks/pending/topn_sampler.yaml';

/** The sound task with one piece of its text replaced. */
function task(from: string, to: string): string {
  assert.ok(TASK.includes(from));
  return TASK.replace(from, to);
}

/** A second task, mapped beside the first. */
function pair(second: string, folder = 'pending', file = 'tail_sum'): Record<string, string> {
  return {
    'blueprint_tasks.yaml': `${MAPPING}          - slug: tail_sum\n`,
    [`tasks/${folder}/${file}.yaml`]: second,
  };
}

const SECOND = `slug: tail_sum
blueprint: {epic: A1-E1, story: A1-S3}
acceptance: [tail_error ≤ 5%]
blueprint_goals: [G-3]
`;

describe('a task', () => {
  it('in the plan’s shape has no issue, alone or beside another', async () => {
    assert.deepEqual(await sound().lines(), []);
    assert.deepEqual(await sound(pair(SECOND)).lines(), []);
  });

  it('task.acceptance-number: a comparison without a number, at its sign', async () => {
    const acceptance = '  - topn_capture_ratio ≥ 95% on replay harness\n';
    const written = (text: string) => sound({ [FILE]: task(acceptance, text) }).lines();
    const issue = `${FILE}:8:24 warning task.acceptance-number`;
    assert.deepEqual(await written('  - topn_capture_ratio ≥ ninety%\n'), [issue]);
    assert.deepEqual(await written('  - "opn_capture_ratio ≥ ninety%"\n'), [issue]);
    assert.deepEqual(await written('  - |\n    capture ≥\n    ninety\n'), [
      `${FILE}:8:5 warning task.acceptance-number`,
    ]);
  });

  describe('and its goals', () => {
    it('task.unknown-goal: names the goal, the known ones and the near one', async () => {
      const workspace = sound({ [FILE]: task('G-4 ', 'H-4 ') });
      assert.deepEqual(await workspace.lines(), [`${FILE}:14:5 error task.unknown-goal`]);
      const issue = await workspace.issue('task.unknown-goal');
      assert.equal(
        issue.message,
        'The goal "H-4" is unknown. Did you mean "G-4"? Known goals: G-1, G-2, G-3, G-4, G-5, G-6, G-7, G-8, G-9, G-10.',
      );
      assert.deepEqual(issue.range.end, { line: 14, column: 8 });
      assert.deepEqual(await mend(workspace, 'task.unknown-goal'), [
        `${FILE}:14 -  - H-4  # Top-N Accuracy`,
        `${FILE}:14 +  - G-4  # Top-N Accuracy`,
      ]);
    });

    it('offers every goal that is equally near', async () => {
      const issue = await sound({ [FILE]: task('G-4 ', 'G-11 ') }).issue('task.unknown-goal');
      assert.deepEqual(
        issue.fixes?.map((fix) => fix.title),
        ['Replace by "G-1"', 'Replace by "G-10"'],
      );
    });

    it('knows a goal that is switched off, and one that only the blueprint names', async () => {
      const off = `version: 1
goals:
  - {id: G-2, title: Host Safety, kind: schema, applies: false, reason: no agent here}
`;
      const workspace = sound({ 'infrabuilder.yaml': off });
      assert.ok(!(await workspace.lines()).some((line) => line.includes('task.unknown-goal')));
    });

    it('task.no-goals: is only worth a hint', async () => {
      const text = TASK.slice(0, TASK.indexOf('blueprint_goals'));
      assert.deepEqual(await sound({ [FILE]: text }).lines(), [`${FILE}:1:7 info task.no-goals`]);
    });
  });

  describe('and its name', () => {
    it('task.slug-file-mismatch: mended by renaming the file', async () => {
      const workspace = sound({ [FILE]: undefined, 'tasks/pending/sampler.yaml': TASK });
      assert.deepEqual(await workspace.lines(), ['tasks/pending/sampler.yaml:1:7 error task.slug-file-mismatch']);
      assert.deepEqual(await mend(workspace, 'task.slug-file-mismatch', 'Rename the file to topn_sampler.yaml'), [
        `tasks/pending/sampler.yaml -> ${FILE}`,
      ]);
    });

    it('task.slug-file-mismatch: mended by changing the slug', async () => {
      const workspace = sound({ [FILE]: task('slug: topn_sampler', 'slug: "topn-sampler" # old') });
      assert.deepEqual(await workspace.lines(), [
        'blueprint_tasks.yaml:9:19 warning mapping.unknown-task',
        `${FILE}:1:7 warning task.not-in-mapping`,
        `${FILE}:1:7 error task.slug-file-mismatch`,
      ]);
      const { fixes = [] } = await workspace.issue('task.slug-file-mismatch');
      const fix = fixes.find(({ title }) => title === 'Change the slug to "topn_sampler"');
      assert.ok(fix);
      workspace.project.update(await applyFix(workspace.files, fix));
      assert.deepEqual(await workspace.lines(), []);
      assert.equal(await workspace.files.read(FILE), task('slug: topn_sampler', 'slug: topn_sampler # old'));
    });

    it('a file name that YAML would read as a number becomes a quoted slug', async () => {
      const workspace = sound({ ...pair(SECOND, 'pending', '007') });
      const issue = await workspace.issue('task.slug-file-mismatch');
      assert.deepEqual(
        issue.fixes?.map((fix) => [fix.title, fix.edits[0]?.newText, fix.moves?.[0]?.to]),
        [
          ['Rename the file to tail_sum.yaml', undefined, 'tasks/pending/tail_sum.yaml'],
          ['Change the slug to "007"', '"007"', undefined],
        ],
      );
    });

    it('offers no slug that breaks the rules, and no name that is taken', async () => {
      const odd = await sound(pair(SECOND, 'pending', 'tail sum (copy)')).issue('task.slug-file-mismatch');
      assert.deepEqual(
        odd.fixes?.map((fix) => fix.title),
        ['Rename the file to tail_sum.yaml'],
      );
      const copies = sound({ ...pair(SECOND), 'tasks/pending/tail_sum_2.yaml': SECOND });
      const taken = await copies.issue('task.slug-file-mismatch');
      assert.deepEqual(
        taken.fixes?.map((fix) => fix.title),
        ['Change the slug to "tail_sum_2"'],
      );
    });

    it('task.duplicate-slug: two files of one folder, each points at the other', async () => {
      const workspace = sound({ 'tasks/pending/topn_sampler.yml': TASK });
      assert.deepEqual(await workspace.lines(), [
        `${FILE}:1:7 error task.duplicate-slug`,
        'tasks/pending/topn_sampler.yml:1:7 error task.duplicate-slug',
      ]);
      const issue = await workspace.issue('task.duplicate-slug');
      assert.deepEqual(
        issue.related?.map(({ file }) => file),
        ['tasks/pending/topn_sampler.yml'],
      );
    });

    it('task.in-two-folders: a move that was copied instead', async () => {
      const workspace = sound({ 'tasks/done/topn_sampler.yaml': TASK });
      assert.deepEqual(await workspace.lines(), [
        'tasks/done/topn_sampler.yaml:1:7 error task.in-two-folders',
        `${FILE}:1:7 error task.in-two-folders`,
      ]);
      const issue = await workspace.issue('task.in-two-folders');
      assert.match(issue.message, /here and as tasks\/pending\/topn_sampler\.yaml\. Keep the file/);
    });

    it('task.slug-case: two slugs that are one file on many disks', async () => {
      const workspace = sound(pair(SECOND.replace('tail_sum', 'Topn_Sampler'), 'done', 'Topn_Sampler'));
      const lines = (await workspace.lines()).filter((line) => line.includes('slug-case'));
      assert.deepEqual(lines, [
        'tasks/done/Topn_Sampler.yaml:1:7 error task.slug-case',
        `${FILE}:1:7 error task.slug-case`,
      ]);
    });
  });

  describe('and the mapping', () => {
    it('task.not-in-mapping: mended by adding it under its story', async () => {
      const text = SECOND.replace('slug: tail_sum', 'slug: tail_sum\nphase: P1\nmodule: sketch/');
      const workspace = sound({ 'tasks/pending/tail_sum.yaml': text });
      assert.deepEqual(await workspace.lines(), ['tasks/pending/tail_sum.yaml:1:7 warning task.not-in-mapping']);
      assert.deepEqual(await mend(workspace, 'task.not-in-mapping'), [
        'blueprint_tasks.yaml:12 +          - slug: tail_sum',
        'blueprint_tasks.yaml:13 +            phase: P1',
        'blueprint_tasks.yaml:14 +            module: sketch/',
      ]);
    });

    it('task.not-in-mapping: without a story there is nothing to offer', async () => {
      const text = SECOND.replace('blueprint: {epic: A1-E1, story: A1-S3}\n', '');
      const issue = await sound({ 'tasks/pending/tail_sum.yaml': text }).issue('task.not-in-mapping');
      assert.equal(issue.fixes, undefined);
      assert.match(issue.message, /name that story under "blueprint"/);
    });

    it('task.unknown-epic', async () => {
      const workspace = sound({ [FILE]: task('A1-E1', 'A1-E2') });
      assert.deepEqual(await workspace.lines(), [`${FILE}:5:9 error task.unknown-epic`]);
      assert.deepEqual(await mend(workspace, 'task.unknown-epic'), [
        `${FILE}:5 -  epic: A1-E2`,
        `${FILE}:5 +  epic: A1-E1`,
      ]);
    });

    it('task.unknown-story: a slip, and a story of another epic', async () => {
      const slip = sound({ [FILE]: task('A1-S3', 'A1-S33') });
      assert.deepEqual(await slip.lines(), [`${FILE}:6:10 error task.unknown-story`]);
      assert.deepEqual(await mend(slip, 'task.unknown-story'), [
        `${FILE}:6 -  story: A1-S33`,
        `${FILE}:6 +  story: A1-S3`,
      ]);
      const mapping = `${MAPPING}  B7-E9:\n    stories: {}\n`;
      const other = sound({ [FILE]: task('A1-E1', 'B7-E9'), 'blueprint_tasks.yaml': mapping });
      assert.deepEqual(await other.lines(), [`${FILE}:6:10 error task.unknown-story`]);
      assert.deepEqual(await mend(other, 'task.unknown-story'), [
        `${FILE}:5 -  epic: B7-E9`,
        `${FILE}:5 +  epic: A1-E1`,
      ]);
    });

    it('task.mapped-elsewhere: the task and the mapping disagree', async () => {
      const mapping = `${MAPPING}      A1-S4:\n        tasks: [{slug: other}]\n`;
      const workspace = sound({ [FILE]: task('A1-S3', 'A1-S4'), 'blueprint_tasks.yaml': mapping });
      assert.deepEqual(await workspace.lines(), [
        'blueprint_tasks.yaml:13:24 info mapping.unknown-task',
        `${FILE}:6:10 warning task.mapped-elsewhere`,
      ]);
      assert.deepEqual(await mend(workspace, 'task.mapped-elsewhere'), [
        `${FILE}:6 -  story: A1-S4`,
        `${FILE}:6 +  story: A1-S3`,
      ]);
    });
  });

  describe('and its scenarios', () => {
    it('task.unknown-scenario: a warning while the task is open, an error once it is done', async () => {
      const text = task('high_pid_churn', 'standrad');
      const open = sound({ [FILE]: text });
      assert.deepEqual(await open.lines(), [`${FILE}:11:5 warning task.unknown-scenario`]);
      assert.deepEqual(await sound({ [FILE]: undefined, 'tasks/done/topn_sampler.yaml': text }).lines(), [
        'tasks/done/topn_sampler.yaml:11:5 error task.unknown-scenario',
      ]);
      assert.deepEqual(await mend(open, 'task.unknown-scenario'), [
        `${FILE}:11 -  - standrad`,
        `${FILE}:11 +  - standard`,
      ]);
    });

    it('knows workloads without a file, scenarios inside a file, and files that are broken', async () => {
      const text = task('  - high_pid_churn', '  - memory_pressure\n  - module_overlimit\n  - broken');
      const inner = `name: runbook\nscenarios:\n  - name: module_overlimit\n    steps: [{action: wait, params: {duration_seconds: 1}}]\n`;
      const lines = await sound({
        [FILE]: text,
        'e2e/scenarios/runbook.yaml': inner,
        'e2e/scenarios/broken.yml': 'name: [',
      }).lines();
      assert.deepEqual(
        lines.filter((line) => line.includes(' task.')),
        [],
      );
    });
  });
});
