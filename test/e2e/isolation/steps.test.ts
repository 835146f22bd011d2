import assert from 'node:assert/strict';
import { inside, listFiles, Place, RUN } from './support.ts';

describe('isolation: steps of a run', () => {
  let place: Place;
  beforeEach(() => {
    place = new Place();
    place.repository().write('.gitignore', '*.o\n').write('a.txt', 'one\ntwo\n').write('b/c.txt', 'c\n').commit();
  });
  afterEach(() => place.dispose());

  it('tells added, changed, deleted, renamed, executable and binary files apart', async () => {
    place
      .write('raw.bin', Buffer.from([0, 1]))
      .write('tool', 't\n')
      .write('dir/file', 'f\n')
      .commit();
    const bench = await place.isolation().begin(RUN);
    const copy = inside(bench);
    copy
      .write('a.txt', 'one\nzwei\ndrei\n')
      .remove('b/c.txt')
      .write('b/d e.txt', 'c\n')
      .write('raw.bin', Buffer.from([0, 2]));
    copy.write('tool', 't\n', 0o755).write('junk.o', 'o').remove('dir').write('dir', 'now a file\n').link('z', 'a.txt');
    copy.write('.infrabuilder/logs/x.log', 'not part of the run\n');
    assert.deepEqual(await bench.changes(), [
      { path: 'a.txt', change: 'changed', addedLines: 2, removedLines: 1 },
      { path: 'b/c.txt', change: 'deleted', addedLines: 0, removedLines: 1 },
      { path: 'b/d e.txt', change: 'added', addedLines: 1, removedLines: 0 },
      { path: 'dir', change: 'added', addedLines: 1, removedLines: 0 },
      { path: 'dir/file', change: 'deleted', addedLines: 0, removedLines: 1 },
      { path: 'raw.bin', change: 'changed', addedLines: 0, removedLines: 0 },
      { path: 'tool', change: 'changed', addedLines: 0, removedLines: 0 },
      { path: 'z', change: 'added', addedLines: 1, removedLines: 0 },
    ]);
    assert.match(await bench.diff(['a.txt']), /^-two\n\+zwei\n\+drei$/m);
    assert.equal(await bench.diff(['a.txt', 'none.txt']), await bench.diff(['a.txt']));
    assert.equal(await bench.diff([]), '');
    await bench.commit('all');
    await bench.release();
    const { files } = await place.isolation().accept(RUN.run);
    assert.equal(files.length, 8);
    assert.equal(place.picture().split('\n??')[0]?.includes('junk.o'), false);
    assert.deepEqual(listFiles(place.root, ''), ['.gitignore', 'a.txt', 'b/d e.txt', 'dir', 'raw.bin', 'tool', 'z']);
    assert.equal(place.mode('tool') & 0o100, 0o100);
  });

  it('is a commit each, and none where nothing has changed', async () => {
    const bench = await place.isolation().begin(RUN);
    assert.equal(await bench.commit('nothing'), bench.base);
    inside(bench).write('a.txt', 'x\n');
    const step = await bench.commit('edit_file a.txt');
    assert.equal(await bench.commit('again'), step);
    assert.equal(
      place.git('log', '-1', '--format=%s %an <%ae>', step),
      'edit_file a.txt InfraBuilder <infrabuilder@localhost>',
    );
    assert.equal(place.git('log', '-1', '--format=%P', bench.branch), bench.base);
    assert.equal(inside(bench).git('status', '--porcelain'), '');
    await bench.release();
  });

  it('can be rolled back, with new files gone and ignored ones kept', async () => {
    const bench = await place.isolation().begin(RUN);
    const copy = inside(bench);
    copy.write('a.txt', 'first\n');
    const first = await bench.commit('first');
    copy.write('a.txt', 'second\n').write('new/file.txt', 'n\n').write('x.o', 'o').remove('b');
    await bench.commit('second');
    copy.write('later.txt', 'l\n').write('.infrabuilder/evidence/seen', '');
    await bench.rollback(first);
    assert.deepEqual(listFiles(bench.root, ''), ['.gitignore', 'a.txt', 'b/c.txt', 'x.o']);
    assert.equal(copy.read('a.txt'), 'first\n');
    assert.equal(copy.has('.infrabuilder/evidence'), false);
    assert.deepEqual(
      (await bench.changes()).map(({ path }) => path),
      ['a.txt'],
    );
    await bench.rollback(bench.base);
    assert.deepEqual(await bench.changes(), []);
    await assert.rejects(bench.rollback('HEAD~5'), { code: 'isolation.no-step' });
    await assert.rejects(bench.rollback(place.git('commit-tree', '-m', 'foreign', 'HEAD^{tree}')), {
      code: 'isolation.no-step',
    });
    await bench.release();
  });

  it('shows a clean copy with nothing of the run but the files asked for', async () => {
    const bench = await place.isolation().begin(RUN);
    const copy = inside(bench);
    copy.write('a.txt', 'changed\n').write('new.txt', 'n\n').write('other.txt', 'o\n').remove('b/c.txt');
    await bench.commit('step');
    const clean = await bench.cleanCopy(['new.txt', 'b/c.txt', 'never.txt']);
    assert.deepEqual(listFiles(clean.root, ''), ['.gitignore', 'a.txt', 'new.txt']);
    assert.equal(new Place(clean.root).read('a.txt'), 'one\ntwo\n');
    assert.equal(new Place(clean.root).git('status', '--porcelain'), '');
    await clean.dispose();
    assert.equal(place.git('worktree', 'list').split('\n').length, 2);
    await bench.release();
  });

  it('goes on from the last one after a crash', async () => {
    const bench = await place.isolation().begin(RUN);
    const copy = inside(bench);
    copy.write('a.txt', 'kept\n');
    const step = await bench.commit('kept');
    copy.write('a.txt', 'half\n').write('half.txt', 'h\n').write('x.o', 'o');
    copy.write(
      copy.git('rev-parse', '--git-path', 'index.lock').replace(copy.root, '.').replace(/^\//, '../../../../../'),
      '',
    );
    await bench.release();
    const again = await place.isolation().resume(RUN.run);
    assert.equal(again.root, bench.root);
    assert.equal(again.base, bench.base);
    assert.equal(copy.read('a.txt'), 'kept\n');
    assert.equal(copy.has('half.txt'), false);
    assert.equal(copy.has('x.o'), true);
    copy.write('a.txt', 'more\n');
    assert.notEqual(await again.commit('more'), step);
    await again.release();
  });

  it('makes the copy anew where its folder was deleted or damaged', async () => {
    const bench = await place.isolation().begin(RUN);
    inside(bench).write('a.txt', 'kept\n');
    await bench.commit('kept');
    await bench.release();
    for (const lost of ['.infrabuilder', `.infrabuilder/runs/${RUN.run}/tree/.git`]) {
      place.remove(lost);
      const again = await place.isolation().resume(RUN.run);
      assert.equal(inside(again).read('a.txt'), 'kept\n');
      assert.deepEqual(
        (await again.changes()).map(({ path }) => path),
        ['a.txt'],
      );
      await again.release();
    }
  });

  it('of two runs at once do not meet', async () => {
    const [one, two] = await Promise.all([
      place.isolation().begin({ run: 'run-1', task: 'heap' }),
      place.isolation().begin({ run: 'run-2', task: 'heap' }),
    ]);
    inside(one).write('a.txt', 'one\n');
    inside(two).write('a.txt', 'two\n').write('b/two.txt', '2\n');
    await Promise.all([one.commit('one'), two.commit('two')]);
    assert.deepEqual(
      (await one.changes()).map(({ path }) => path),
      ['a.txt'],
    );
    await assert.rejects(place.isolation().resume('run-1'), { code: 'isolation.in-use' });
    await assert.rejects(place.isolation().accept('run-1'), { code: 'isolation.in-use' });
    await assert.rejects(place.isolation().discard('run-1'), { code: 'isolation.in-use' });
    await Promise.all([one.release(), two.release()]);
    const listed = await place.isolation().list();
    assert.deepEqual(listed.map(({ run, task, inUse }) => `${run} ${task} ${inUse}`).sort(), [
      'run-1 heap false',
      'run-2 heap false',
    ]);
    assert.equal((await place.isolation().accept('run-1')).kind, 'accepted');
    assert.deepEqual(await place.isolation().accept('run-2'), { kind: 'conflict', files: ['a.txt'] });
    assert.equal(place.has('b/two.txt'), false);
  });

  it('leave nothing but the transcript when the run is discarded', async () => {
    const before = place.picture();
    const bench = await place.isolation().begin(RUN);
    inside(bench).write('a.txt', 'x\n');
    await bench.commit('x');
    await bench.cleanCopy([]);
    place.write(`.infrabuilder/runs/${RUN.run}/transcript.jsonl`, '{}\n');
    await bench.release();
    await place.isolation().discard(RUN.run);
    assert.equal(place.picture(), before);
    assert.equal(place.git('for-each-ref').includes('infrabuilder'), false);
    assert.equal(place.git('worktree', 'list').split('\n').length, 1);
    assert.deepEqual(await place.isolation().list(), []);
    assert.equal(place.has(`.infrabuilder/runs/${RUN.run}/transcript.jsonl`), true);
    assert.equal(place.has(`.infrabuilder/runs/${RUN.run}/tree`), false);
    await (await place.isolation().begin(RUN)).release();
  });
});
