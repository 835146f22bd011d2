import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dies, inside, listFiles, Place, RUN } from './support.ts';

describe('isolation: the copy', () => {
  let place: Place;
  beforeEach(() => {
    place = new Place();
  });
  afterEach(() => place.dispose());

  it('is on a branch of its own that starts at the commit of a clean tree', async () => {
    const head = place.repository().write('a.txt', 'a\n').commit();
    const bench = await place.isolation().begin(RUN);
    assert.equal(bench.base, head);
    assert.equal(bench.branch, 'infrabuilder/topn_sampler/20261122-113000-1a2b');
    assert.equal(place.gitIn('.infrabuilder/runs/20261122-113000-1a2b/tree', 'branch', '--show-current'), bench.branch);
    assert.equal(place.git('status', '--porcelain'), '');
    assert.deepEqual(await bench.changes(), []);
    await bench.release();
  });

  it('takes what is not committed, leaves what git ignores, and touches nothing of the person', async () => {
    place.repository();
    place
      .write('.gitignore', 'out/\n*.log\n')
      .write('kept.txt', '1\n')
      .write('gone.txt', 'x\n')
      .write('old name.txt', 'n\n');
    place.write('forced.log', 'tracked although ignored\n').git('add', '-f', 'forced.log');
    const head = place.commit();
    place.write('kept.txt', '2\n').git('add', 'kept.txt');
    place.write('kept.txt', '3\n').write('new file.txt', 'new\n').write('out/big.bin', 'x').write('a.log', 'l\n');
    place.write('intended.txt', 'i\n').git('add', '-N', 'intended.txt');
    place.remove('gone.txt').git('mv', 'old name.txt', 'ünicode \u{1F600}.txt');
    const before = place.picture();
    const bench = await place.isolation().begin(RUN);
    assert.equal(place.picture(), before);
    assert.deepEqual(listFiles(bench.root, ''), [
      '.gitignore',
      'forced.log',
      'intended.txt',
      'kept.txt',
      'new file.txt',
      'ünicode \u{1F600}.txt',
    ]);
    assert.equal(inside(bench).read('kept.txt'), '3\n');
    assert.notEqual(bench.base, head);
    assert.equal(place.git('rev-parse', `${bench.base}^`), head);
    assert.equal(await bench.before('kept.txt'), '3\n');
    assert.equal(await bench.before('gone.txt'), undefined);
    await bench.release();
  });

  it('sees files that git was told to look away from', async () => {
    place.repository().write('assumed.txt', '1\n').write('skipped.txt', '1\n').commit();
    place.git('update-index', '--assume-unchanged', 'assumed.txt');
    place.git('update-index', '--skip-worktree', 'skipped.txt');
    place.write('assumed.txt', '2\n').write('skipped.txt', '2\n');
    const bench = await place.isolation().begin(RUN);
    assert.equal(inside(bench).read('assumed.txt'), '2\n');
    assert.equal(inside(bench).read('skipped.txt'), '2\n');
    await bench.release();
  });

  it('keeps links, executables and bytes', async () => {
    const bytes = Buffer.from([0, 255, 13, 10, 0]);
    place.repository().write('run.sh', '#!/bin/sh\n', 0o755).write('raw.bin', bytes).link('here', 'run.sh').commit();
    place.link('nowhere', '/does/not/exist').write('plain', 'p', 0o755);
    const bench = await place.isolation().begin(RUN);
    const copy = inside(bench);
    assert.equal(copy.mode('run.sh') & 0o100, 0o100);
    assert.equal(copy.mode('plain') & 0o100, 0o100);
    assert.equal(copy.picture().includes('here 777 run.sh'), true);
    assert.equal(copy.picture().includes('nowhere 777 /does/not/exist'), true);
    assert.deepEqual(readFileSync(copy.at('raw.bin')), bytes);
    await bench.release();
  });

  it('keeps line ends as .gitattributes and core.autocrlf want them, and filters', async () => {
    place.repository().git('config', 'core.autocrlf', 'true');
    place.git('config', 'filter.upper.clean', 'tr a-z A-Z');
    place.git('config', 'filter.upper.smudge', 'tr A-Z a-z');
    place.write('.gitattributes', '*.sh eol=lf\n*.up filter=upper\n*.dat -text\n');
    place
      .write('win.txt', 'a\r\nb\r\n')
      .write('unix.sh', 'a\nb\n')
      .write('word.up', 'word\n')
      .write('x.dat', 'a\r\nb\n');
    place.commit();
    place.write('win.txt', 'a\r\nb\r\nc\r\n').write('word.up', 'words\n');
    const bench = await place.isolation().begin(RUN);
    const copy = inside(bench);
    assert.equal(copy.read('win.txt'), 'a\r\nb\r\nc\r\n');
    assert.equal(copy.read('unix.sh'), 'a\nb\n');
    assert.equal(copy.read('word.up'), 'words\n');
    assert.equal(copy.read('x.dat'), 'a\r\nb\n');
    assert.equal(await bench.before('win.txt'), 'a\r\nb\r\nc\r\n');
    assert.deepEqual(await bench.changes(), []);
    copy.write('win.txt', 'a\r\nb\r\nc\r\nd\r\n');
    await bench.commit('more');
    assert.deepEqual(
      (await place.isolation().list()).map(({ inUse }) => inUse),
      [true],
    );
    await bench.release();
    assert.equal((await place.isolation().accept(RUN.run)).kind, 'accepted');
    assert.equal(place.read('win.txt'), 'a\r\nb\r\nc\r\nd\r\n');
  });

  it('works in a repository without a commit', async () => {
    place.repository().write('a.txt', 'a\n');
    const bench = await place.isolation().begin(RUN);
    assert.equal(inside(bench).read('a.txt'), 'a\n');
    inside(bench).write('b.txt', 'b\n');
    await bench.commit('b');
    await bench.release();
    assert.deepEqual(await place.isolation().accept(RUN.run), { kind: 'accepted', files: ['b.txt'] });
    assert.equal(place.git('status', '--porcelain'), '?? a.txt\n?? b.txt');
  });

  it('takes a workspace in a folder of a bigger repository, with the rest around it', async () => {
    place.repository().write('go.work', 'go 1.22\n').write('teams/infra/a.txt', 'a\n').commit();
    place.write('go.work', 'go 1.23\n').write('teams/infra/new.txt', 'n\n');
    const own = new Place(place.at('teams/infra'));
    const bench = await own.isolation().begin(RUN);
    assert.equal(bench.root.endsWith('/tree/teams/infra'), true);
    assert.equal(inside(bench).read('../../go.work'), 'go 1.23\n');
    inside(bench).write('a.txt', 'b\n').write('../../go.work', 'go 1.24\n');
    await bench.commit('both');
    assert.deepEqual(
      (await bench.changes()).map(({ path }) => path),
      ['a.txt'],
    );
    assert.match(await bench.diff(), /^diff --git a\/a\.txt b\/a\.txt\n/);
    assert.equal(await bench.before('a.txt'), 'a\n');
    await bench.release();
    assert.deepEqual(await own.isolation().accept(RUN.run), { kind: 'accepted', files: ['a.txt'] });
    assert.equal(place.read('go.work'), 'go 1.23\n');
    assert.deepEqual(
      (await own.isolation().list()).map(({ run }) => run),
      [RUN.run],
    );
    assert.deepEqual(await new Place(place.root).isolation().list(), []);
  });

  it('takes repositories within the workspace, ignored or not, each with a branch of its own', async () => {
    place.repository().write('.gitignore', '/agent/\n').write('docs/a.md', 'a\n').commit();
    place.repository('agent').write('agent/main.go', 'package main\n').commit('agent', 'agent');
    place.repository('bed').write('bed/x.txt', 'x\n');
    place.write('agent/main.go', 'package main // dirty\n');
    const before = place.picture();
    const bench = await place.isolation().begin(RUN);
    assert.equal(place.picture(), before);
    const copy = inside(bench);
    assert.equal(copy.read('agent/main.go'), 'package main // dirty\n');
    assert.equal(copy.read('bed/x.txt'), 'x\n');
    assert.equal(copy.gitIn('agent', 'branch', '--show-current'), bench.branch);
    copy.write('agent/main.go', 'package main // better\n').write('docs/a.md', 'b\n').write('bed/y.txt', 'y\n');
    const first = await bench.commit('first');
    copy.write('agent/main.go', 'package main // worse\n');
    const second = await bench.commit('second');
    assert.notEqual(first, second);
    assert.equal(await bench.commit('nothing'), second);
    await bench.rollback(first);
    assert.equal(copy.read('agent/main.go'), 'package main // better\n');
    assert.deepEqual(
      (await bench.changes()).map(({ path, change }) => `${change} ${path}`),
      ['changed agent/main.go', 'added bed/y.txt', 'changed docs/a.md'],
    );
    assert.match(await bench.diff(['agent/main.go']), /^\+\+\+ b\/agent\/main\.go$/m);
    assert.equal(await bench.before('agent/main.go'), 'package main // dirty\n');
    await bench.release();
    assert.equal((await place.isolation().accept(RUN.run)).kind, 'accepted');
    assert.equal(place.read('agent/main.go'), 'package main // better\n');
    await place.isolation().discard(RUN.run);
    assert.equal(place.gitIn('agent', 'branch', '--list', 'infrabuilder/*'), '');
    assert.equal(place.gitIn('agent', 'worktree', 'list').split('\n').length, 1);
  });

  it('leaves work trees and submodules of the person alone', async () => {
    const library = new Place();
    try {
      library.repository().write('lib.txt', 'lib\n').commit();
      place.repository().write('a.txt', 'a\n').commit();
      place.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.root, 'lib');
      place.commit('submodule');
      place.git('worktree', 'add', '--quiet', '.trees/other');
      const before = place.picture();
      const bench = await place.isolation().begin(RUN);
      assert.equal(place.picture(), before);
      assert.equal(inside(bench).has('.trees/other/a.txt'), false);
      assert.equal(inside(bench).read('lib/lib.txt'), 'lib\n');
      inside(bench).write('a.txt', 'b\n').write('lib/lib.txt', 'changed\n');
      await bench.commit('step');
      assert.deepEqual(
        (await bench.changes()).map(({ path }) => path),
        ['a.txt', 'lib/lib.txt'],
      );
      await bench.release();
      await place.isolation().discard(RUN.run);
      assert.equal(place.picture(), before);
      assert.match(place.git('worktree', 'list'), /\.trees\/other/);
    } finally {
      library.dispose();
    }
  });

  it('runs no hook, signs nothing, asks nobody, and needs no identity', async () => {
    place.repository().write('a.txt', 'a\n').commit();
    for (const hook of ['pre-commit', 'post-commit', 'post-checkout', 'reference-transaction', 'post-index-change']) {
      place.write(`.git/hooks/${hook}`, `#!/bin/sh\ntouch "${place.root}/../hook-ran-${hook}"\nexit 1\n`, 0o755);
    }
    for (const [name, value] of Object.entries({
      'commit.gpgSign': 'true',
      'gpg.program': 'false',
      'core.pager': 'false',
      'core.editor': 'false',
      'diff.external': 'false',
      'core.fsmonitor': 'false-monitor',
      'gc.auto': '1',
      'user.useConfigOnly': 'true',
      'credential.helper': '!false',
      'diff.noprefix': 'true',
      'color.ui': 'always',
      'core.quotePath': 'true',
      'status.showUntrackedFiles': 'no',
      'submodule.recurse': 'true',
    })) {
      place.git('config', name, value);
    }
    place.write('.gitattributes', '*.md diff=odd\n').git('config', 'diff.odd.textconv', 'false');
    place.write('ü.md', 'one\n');
    const bench = await place.isolation().begin(RUN);
    inside(bench).write('ü.md', 'two\n');
    await bench.commit('step');
    assert.equal(
      (await bench.diff()).replace(/^index.*\n/m, ''),
      'diff --git a/ü.md b/ü.md\n--- a/ü.md\n+++ b/ü.md\n@@ -1 +1 @@\n-one\n+two\n',
    );
    await bench.release();
    assert.equal((await place.isolation().accept(RUN.run)).kind, 'accepted');
    await place.isolation().discard(RUN.run);
    assert.deepEqual(
      readdirSync(`${place.root}/..`).filter((name) => name.startsWith('hook-ran')),
      [],
    );
  });

  it('does not mind that the person holds index.lock, or runs us from a hook', async () => {
    place.repository().write('a.txt', 'a\n').commit();
    place.write('.git/index.lock', '');
    process.env.GIT_DIR = '/nowhere';
    process.env.GIT_INDEX_FILE = '/nowhere/index';
    try {
      const bench = await place.isolation().begin(RUN);
      inside(bench).write('a.txt', 'b\n');
      await bench.commit('b');
      await bench.release();
      assert.equal((await place.isolation().accept(RUN.run)).kind, 'accepted');
    } finally {
      delete process.env.GIT_DIR;
      delete process.env.GIT_INDEX_FILE;
    }
    assert.equal(place.read('a.txt'), 'b\n');
  });

  it('can be resumed or discarded after a kill while it was made, and the person has lost nothing', async function () {
    this.timeout(300_000);
    place.repository().write('.gitignore', 'agent/\n').write('a.txt', 'a\n').commit();
    place.repository('agent').write('agent/b.txt', 'b\n').commit('agent', 'agent');
    place.write('a.txt', 'dirty\n').write('agent/b.txt', 'dirty\n');
    const before = place.picture();
    const ends: string[] = [];
    for (let nth = 2; await dies(place, 'begin', nth); nth += 4) {
      assert.equal(place.picture(), before);
      const [left] = await place.isolation().list();
      if (left !== undefined) {
        const bench = await place.isolation().resume(RUN.run);
        assert.equal(inside(bench).read('a.txt') + inside(bench).read('agent/b.txt'), 'dirty\ndirty\n');
        await bench.release();
        await place.isolation().discard(RUN.run);
      }
      ends.push(left === undefined ? 'nothing' : 'resumed');
      assert.equal(place.picture(), before);
      assert.equal(place.gitIn('agent', 'for-each-ref').includes('infrabuilder'), false);
    }
    assert.ok(ends.includes('nothing') && ends.includes('resumed'), ends.join(' '));
  });

  it('says what is missing', async () => {
    await assert.rejects(place.isolation().begin(RUN), {
      code: 'isolation.no-git',
      message: /is in no git repository/,
    });
    place.repository();
    await assert.rejects(place.isolation().begin({ run: '../x', task: 't' }), { code: 'isolation.name' });
    await assert.rejects(place.isolation().begin({ run: 'x', task: 'a..b' }), { code: 'isolation.name' });
    await assert.rejects(place.isolation().resume('none'), { code: 'isolation.unknown-run' });
    await assert.rejects(place.isolation().accept('none'), { code: 'isolation.unknown-run' });
    place.write('a', 'a').commit();
    place.git('branch', 'infrabuilder');
    await assert.rejects(place.isolation().begin(RUN), { code: 'isolation.git', message: /infrabuilder/ });
  });
});
