import assert from 'node:assert/strict';
import type { Files } from '../../../src/core/ports.ts';
import { createProject } from '../../../src/core/project/project.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { MAPPING, SOUND, sound, TASK, workspace } from './workspace.ts';

const FILE = 'tasks/pending/topn_sampler.yaml';

describe('a project', () => {
  it('gives the same snapshot until something changes', async () => {
    const { project, files } = sound();
    const first = await project.snapshot();
    assert.equal(await project.snapshot(), first);
    await files.write(FILE, TASK.replace('P0', 'P1'));
    assert.equal(await project.snapshot(), first);
    project.update([FILE]);
    const second = await project.snapshot();
    assert.deepEqual([first.task('topn_sampler')?.phase, second.task('topn_sampler')?.phase], ['P0', 'P1']);
    assert.equal(second.version, first.version + 1);
  });

  it('reads only what changed', async () => {
    const { project, files } = sound({ 'tasks/done/a.yaml': TASK.replace('topn_sampler', 'a') });
    await project.snapshot();
    const before = new Map(files.reads);
    project.update([FILE, 'infrastructure-agent/main.go', 'README.md']);
    await project.snapshot();
    const read = [...files.reads].filter(([path, count]) => count !== (before.get(path) ?? 0)).map(([path]) => path);
    assert.deepEqual(read, [FILE]);
  });

  it('follows files that come, go and move, and folders as a whole', async () => {
    const { project, files, lines } = sound();
    const slugs = async () => (await project.snapshot()).tasks.map(({ file }) => file);
    assert.deepEqual(await slugs(), [FILE]);
    await files.move(FILE, 'tasks/done/topn_sampler.yaml');
    project.update([FILE, 'tasks/done/topn_sampler.yaml']);
    assert.deepEqual(await slugs(), ['tasks/done/topn_sampler.yaml']);
    await files.move('tasks/done/topn_sampler.yaml', 'tasks/in_progress/topn_sampler.yaml');
    project.update(['tasks']);
    assert.deepEqual(await slugs(), ['tasks/in_progress/topn_sampler.yaml']);
    await files.remove('tasks/in_progress/topn_sampler.yaml');
    project.update();
    assert.deepEqual(await slugs(), []);
    assert.deepEqual(await lines(), ['blueprint_tasks.yaml:9:19 info mapping.unknown-task']);
  });

  it('a changed configuration moves the folders', async () => {
    const { project, files } = sound({ 'work/done/other.yaml': TASK.replace('topn_sampler', 'other') });
    await project.snapshot();
    await files.write('infrabuilder.yaml', 'version: 1\npaths: {tasks: work}\n');
    project.update(['infrabuilder.yaml']);
    assert.deepEqual(
      (await project.snapshot()).tasks.map(({ slug }) => slug),
      ['other'],
    );
    await files.remove('infrabuilder.yaml');
    project.update(['infrabuilder.yaml']);
    assert.deepEqual(
      (await project.snapshot()).tasks.map(({ slug }) => slug),
      ['topn_sampler'],
    );
  });

  it('the text of an editor counts, also for a file that is not on disk yet', async () => {
    const { project, lines } = sound();
    project.setOverlay(FILE, TASK.replace('G-2', 'G-99'));
    assert.deepEqual(await lines(), [`${FILE}:13:5 error task.unknown-goal`]);
    project.setOverlay('./tasks/pending/new.yaml', 'slug: [');
    assert.deepEqual(await lines(), [
      'tasks/pending/new.yaml:1:7 error yaml.syntax',
      `${FILE}:13:5 error task.unknown-goal`,
    ]);
    project.setOverlay('tasks/pending/new.yaml', undefined);
    project.setOverlay(FILE, undefined);
    assert.deepEqual(await lines(), []);
  });

  it('an overlay outlives a change on disk below it', async () => {
    const { project, files, snapshot } = sound();
    project.setOverlay(FILE, TASK.replace('P0', 'P7'));
    await files.remove(FILE);
    project.update([FILE]);
    assert.equal((await snapshot()).task('topn_sampler')?.phase, 'P7');
    project.update();
    assert.equal((await snapshot()).task('topn_sampler')?.phase, 'P7');
    project.setOverlay(FILE, undefined);
    assert.equal((await snapshot()).task('topn_sampler'), undefined);
  });

  it('knows a rename by case on a disk that does not tell cases apart', async () => {
    const files = memoryFiles({ ...SOUND, 'tasks/pending/Tail.yaml': 'slug: Tail\nacceptance: [works]\n' });
    const actual = (path: string) => {
      const folded = path.toLowerCase();
      return Object.keys(files.texts()).find((one) => one.toLowerCase() === folded) ?? path;
    };
    const insensitive: Files = {
      ...files,
      read: (path) => files.read(actual(path)),
      stat: (path) => files.stat(actual(path)),
    };
    const project = createProject(insensitive);
    await project.snapshot();
    await files.move('tasks/pending/Tail.yaml', 'tasks/pending/tail.yaml');
    project.update(['tasks/pending/tail.yaml']);
    const { tasks } = await project.snapshot();
    assert.deepEqual(
      tasks.map(({ file }) => file),
      ['tasks/pending/tail.yaml', FILE],
    );
  });

  it('checks again when the day changes', async () => {
    const deviation =
      'id: D-1\ndate: 2026-01-01\nblueprint_item: x\nchange: c\njustification: j\nexpires: 2026-02-01\napproved_by: Ada\nstatus: approved\n';
    let today = '2026-02-01';
    const files = memoryFiles({ ...SOUND, 'docs/deviations/D-1.yaml': deviation });
    const project = createProject(files, { today: () => today });
    assert.equal((await project.snapshot()).issues.length, 0);
    today = '2026-02-02';
    assert.deepEqual(
      (await project.snapshot()).issues.map(({ code }) => code),
      ['deviation.expired'],
    );
  });

  describe('asked by several at once', () => {
    it('loads once', async () => {
      const { project, files } = sound();
      const [one, two] = await Promise.all([project.snapshot(), project.snapshot()]);
      assert.equal(one, two);
      assert.ok([...files.reads.values()].every((count) => count === 1));
    });

    it('loses no change that comes during a load', async () => {
      const files = memoryFiles(SOUND);
      let during: (() => Promise<void>) | undefined;
      const slow: Files = {
        ...files,
        async read(path) {
          const text = await files.read(path);
          const act = path === FILE ? during : undefined;
          if (act !== undefined) during = undefined;
          await act?.();
          return text;
        },
      };
      const project = createProject(slow);
      during = async () => {
        await files.write(FILE, TASK.replace('P0', 'P9'));
        project.update([FILE]);
      };
      assert.equal((await project.snapshot()).task('topn_sampler')?.phase, 'P9');
    });

    it('never hands out an old snapshot after an update, however the turns fall', async () => {
      const { project, files } = sound();
      const seen: Promise<[string, string | undefined]>[] = [];
      for (let round = 0; round < 60; round++) {
        const phase = `P${round}`;
        await files.write(FILE, TASK.replace('P0', phase));
        project.update([FILE]);
        seen.push(project.snapshot().then((snapshot) => [phase, snapshot.task('topn_sampler')?.phase]));
        for (let turn = 0; turn < round % 23; turn++) await null;
      }
      for (const [least, phase] of await Promise.all(seen)) {
        assert.ok(Number(phase?.slice(1)) >= Number(least.slice(1)), `${phase} after ${least}`);
      }
    });

    it('reads with bounded concurrency', async () => {
      const files = memoryFiles(
        Object.fromEntries(
          Array.from({ length: 300 }, (_, at) => [`tasks/done/t${at}.yaml`, `slug: t${at}\nacceptance: [works]\n`]),
        ),
      );
      let open = 0;
      let most = 0;
      const counted: Files = {
        ...files,
        async read(path) {
          most = Math.max(most, ++open);
          await new Promise((resolve) => setImmediate(resolve));
          open--;
          return files.read(path);
        },
      };
      const { tasks } = await createProject(counted).snapshot();
      assert.equal(tasks.length, 300);
      assert.ok(most > 1 && most <= 32, `${most} at once`);
    });
  });

  it('a bug is thrown, not turned into an issue, and the next call tries again', async () => {
    const files = memoryFiles(SOUND);
    let broken = true;
    const project = createProject({
      ...files,
      read: (path) => (broken ? Promise.reject(new TypeError('bug')) : files.read(path)),
    });
    await assert.rejects(project.snapshot(), { name: 'TypeError', message: 'bug' });
    broken = false;
    assert.deepEqual((await project.snapshot()).issues, []);
  });

  it('an error of the file system is an issue', async () => {
    const files = memoryFiles(SOUND);
    const failure = Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
    const project = createProject({
      ...files,
      read: (path) => (path === FILE ? Promise.reject(failure) : files.read(path)),
    });
    const { issues } = await project.snapshot();
    assert.deepEqual(
      issues.map(({ code, file, message }) => [code, file, message]),
      [
        [
          'mapping.unknown-task',
          'blueprint_tasks.yaml',
          'There is no file for the task "topn_sampler". Write tasks/pending/topn_sampler.yaml to start it.',
        ],
        ['file.unreadable', FILE, `${FILE} cannot be read: EIO: i/o error.`],
      ],
    );
  });

  it('a snapshot does not change with the project', async () => {
    const { project, files } = workspace({ ...SOUND, 'blueprint_tasks.yaml': MAPPING });
    const before = await project.snapshot();
    await files.remove(FILE);
    await files.remove('e2e/scenarios/standard.yml');
    project.update();
    const after = await project.snapshot();
    assert.deepEqual(
      [before.tasks.length, before.scenarios.length, before.tasksWithSlug('topn_sampler').length],
      [1, 1, 1],
    );
    assert.deepEqual(
      [after.tasks.length, after.scenarios.length, after.tasksWithSlug('topn_sampler').length],
      [0, 0, 0],
    );
    assert.equal(before.references({ kind: 'task', id: 'topn_sampler' }).length, 1);
  });
});
