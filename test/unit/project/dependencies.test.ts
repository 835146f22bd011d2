import assert from 'node:assert/strict';
import { mend } from './mend.ts';
import { workspace } from './workspace.ts';

/** `{a: 'b c'}`: a waits for b and c. A name such as `done/a` picks the folder. Only issues of dependencies are shown. */
function graph(edges: Record<string, string>) {
  const files = Object.entries(edges).map(([name, targets]) => {
    const [folder, slug] = name.includes('/') ? name.split('/') : ['pending', name];
    const list = targets === '' ? '' : `depends_on: [${targets.split(' ').join(', ')}]\n`;
    return [`tasks/${folder}/${slug}.yaml`, `slug: ${slug}\nacceptance: [works]\n${list}`];
  });
  const made = workspace(Object.fromEntries(files));
  const lines = async () => (await made.lines()).filter((line) => /depend|cycle/.test(line));
  return { ...made, lines };
}

describe('dependencies of tasks', () => {
  it('a chain and a diamond are sound', async () => {
    assert.deepEqual(await graph({ a: 'b c', b: 'd', c: 'd', d: '' }).lines(), []);
  });

  it('task.unknown-dependency: mended by the near slug', async () => {
    const made = graph({ topn: 'sketsh', sketch: '' });
    assert.deepEqual(await made.lines(), ['tasks/pending/topn.yaml:3:14 error task.unknown-dependency']);
    assert.deepEqual(await mend(made, 'task.unknown-dependency'), [
      'tasks/pending/topn.yaml:3 -depends_on: [sketsh]',
      'tasks/pending/topn.yaml:3 +depends_on: [sketch]',
    ]);
  });

  it('a dependency on a file that cannot be understood is known by its file name', async () => {
    const made = graph({ a: 'b' });
    await made.files.write('tasks/pending/b.yaml', 'slug: [\n');
    assert.deepEqual(await made.lines(), []);
  });

  it('task.depends-on-itself: mended by removing it, alone or among others', async () => {
    const alone = graph({ a: 'a' });
    assert.deepEqual(await alone.lines(), ['tasks/pending/a.yaml:3:14 error task.depends-on-itself']);
    assert.deepEqual(await mend(alone, 'task.depends-on-itself'), [
      'tasks/pending/a.yaml:3 -depends_on: [a]',
      'tasks/pending/a.yaml:3 +depends_on: []',
    ]);
    assert.deepEqual(await mend(graph({ a: 'b a', b: '' }), 'task.depends-on-itself'), [
      'tasks/pending/a.yaml:3 -depends_on: [b, a]',
      'tasks/pending/a.yaml:3 +depends_on: [b]',
    ]);
  });

  it('task.done-before-dependency: the dependency is open, or done as well', async () => {
    const made = graph({ 'done/a': 'b', 'in_progress/b': '' });
    assert.deepEqual(await made.lines(), ['tasks/done/a.yaml:3:14 warning task.done-before-dependency']);
    assert.deepEqual((await made.issue('task.done-before-dependency')).related, [
      {
        file: 'tasks/in_progress/b.yaml',
        range: { start: { line: 1, column: 7 }, end: { line: 1, column: 8 } },
        message: '"b" is here.',
      },
    ]);
    assert.deepEqual(await graph({ 'done/a': 'b', 'done/b': '' }).lines(), []);
  });

  describe('task.dependency-cycle', () => {
    it('is reported once, at the first file, with every edge', async () => {
      const made = graph({ c: 'a', a: 'b', b: 'c', free: 'a' });
      assert.deepEqual(await made.lines(), ['tasks/pending/a.yaml:3:14 error task.dependency-cycle']);
      const issue = await made.issue('task.dependency-cycle');
      assert.match(issue.message, /none can start: a -> b -> c -> a\. Remove/);
      assert.deepEqual(
        issue.related?.map(({ file, message }) => `${file} ${message}`),
        ['tasks/pending/b.yaml "b" depends on "c".', 'tasks/pending/c.yaml "c" depends on "a".'],
      );
    });

    it('names the shortest way round and counts the rest of the knot', async () => {
      const issue = await graph({ a: 'b c', b: 'a', c: 'd', d: 'a' }).issue('task.dependency-cycle');
      assert.match(issue.message, /a -> b -> a\. 2 more tasks hang in the same knot\./);
    });

    it('finds several knots, also one that another leads to', async () => {
      assert.deepEqual(await graph({ a: 'b', b: 'a x', x: 'y', y: 'x' }).lines(), [
        'tasks/pending/a.yaml:3:14 error task.dependency-cycle',
        'tasks/pending/x.yaml:3:14 error task.dependency-cycle',
      ]);
    });

    it('goes when the last edge goes, and its place follows the text', async () => {
      const made = graph({ a: 'b', b: 'a' });
      assert.equal((await made.lines()).length, 1);
      await made.files.write('tasks/pending/a.yaml', '# note\nslug: a\nacceptance: [works]\ndepends_on: [b]\n');
      made.project.update(['tasks/pending/a.yaml']);
      assert.deepEqual(await made.lines(), ['tasks/pending/a.yaml:4:14 error task.dependency-cycle']);
      await made.files.remove('tasks/pending/b.yaml');
      made.project.update(['tasks/pending/b.yaml']);
      assert.deepEqual(await made.lines(), ['tasks/pending/a.yaml:4:14 error task.unknown-dependency']);
    });

    it('of 10,000 tasks in a ring is found without a deep stack', async () => {
      const ring = Array.from({ length: 10_000 }, (_, at) => [`t${at}`, `t${(at + 1) % 10_000}`]);
      const made = graph(Object.fromEntries(ring));
      assert.deepEqual(await made.lines(), ['tasks/pending/t0.yaml:3:14 error task.dependency-cycle']);
    });
  });
});
