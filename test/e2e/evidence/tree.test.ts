import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { WorkTree } from '../../../src/core/ports.ts';
import { createFiles } from '../../../src/node/files.ts';
import { createWorkTree } from '../../../src/node/tree.ts';

describe('the work tree', () => {
  let root: string;
  let tree: WorkTree;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'tree ü '));
    tree = createWorkTree(createFiles(root));
    put('Makefile', 'all:\n');
    put('agent/a.go', 'package a\n');
    put('agent/b c.go', 'package a\n');
    put('.gitignore', 'agent/dist/\n*.tmp\n');
    put('agent/dist/binary', 'x');
    put('x.tmp', 'x');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const git = (folder: string, ...args: string[]) =>
    execFileSync(
      'git',
      ['-c', 'user.name=T', '-c', 'user.email=t@example.org', '-c', 'commit.gpgSign=false', ...args],
      {
        cwd: join(root, folder),
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    ).trim();
  const commit = (folder = '.') => {
    git(folder, 'init', '--quiet', '--initial-branch=main');
    git(folder, 'add', '-A');
    git(folder, 'commit', '--quiet', '--allow-empty', '-m', 'x');
  };
  const list = async () => new Map(await tree.list(['.', 'agent', 'missing']));
  const OWN = ['.gitignore', 'Makefile', 'agent/a.go', 'agent/b c.go'];

  for (const [name, prepare] of [
    ['with git', () => commit()],
    ['with git before the first commit', () => git('.', 'init', '--quiet')],
    ['without git', () => {}],
    ['with the source as a repository of its own', () => commit('agent')],
    [
      'with repositories for both',
      () => {
        commit('agent');
        put('.gitignore', '*.tmp\nagent/dist/\n');
        put('agent/.gitignore', 'dist/\n');
        commit('agent');
        commit();
      },
    ],
    [
      'with a source that the outer repository ignores',
      () => {
        put('.gitignore', 'agent/\n*.tmp\n');
        put('agent/.gitignore', 'dist/\n');
        commit('agent');
        commit();
      },
    ],
  ] as const) {
    it(`${name} lists what is not ignored, and sees one changed byte, a new and a removed file`, async () => {
      prepare();
      const before = await list();
      const extra = [...before.keys()].filter((path) => path.endsWith('.gitignore'));
      assert.deepEqual(
        [...before.keys()].filter((path) => !extra.includes(path) && !path.startsWith('agent/dist')).sort(),
        OWN.slice(1),
      );
      assert.ok(!before.has('x.tmp'));
      assert.deepEqual(await list(), before);
      put('agent/a.go', 'package b\n');
      const changed = await list();
      assert.notEqual(changed.get('agent/a.go'), before.get('agent/a.go'));
      assert.equal(changed.get('Makefile'), before.get('Makefile'));
      rmSync(join(root, 'agent/a.go'));
      put('agent/new.go', '');
      const moved = await list();
      assert.ok(!moved.has('agent/a.go') && moved.has('agent/new.go'));
    });
  }

  it('leaves folders out that are not asked for, ignored or not, there or not', async () => {
    commit();
    put('reports/evidence/a.json', '{}');
    const listed = async (...without: string[]) => [...(await tree.list(['.'], without)).keys()].sort();
    for (const without of [['reports'], ['reports', 'agent/dist', 'none', '.infrabuilder']]) {
      assert.deepEqual(await listed(...without), OWN);
    }
    const ids = await tree.list(['.'], ['reports', 'agent/dist']);
    assert.match(ids.get('Makefile') ?? '', /^100644 [0-9a-f]{40}$/, 'read by git all the same');
    rmSync(join(root, '.git'), { recursive: true });
    assert.deepEqual(await listed('reports'), OWN);
  });

  it('is the same before and after a commit, and leaves the repository alone', async () => {
    commit();
    put('agent/a.go', 'package b\n');
    put('agent/new.go', 'package b\n');
    const index = readFileSync(join(root, '.git/index'));
    const objects = readdirSync(join(root, '.git/objects')).length;
    const before = await list();
    assert.deepEqual(readFileSync(join(root, '.git/index')), index);
    assert.equal(readdirSync(join(root, '.git/objects')).length, objects);
    commit();
    assert.deepEqual(await list(), before);
  });

  it('is not deceived by flags that make git look away, nor by old times', async () => {
    commit();
    const before = await list();
    git('.', 'update-index', '--assume-unchanged', 'agent/a.go');
    git('.', 'update-index', '--skip-worktree', 'agent/b c.go');
    put('agent/a.go', 'package b\n');
    put('agent/b c.go', 'package b\n');
    const changed = await list();
    for (const path of ['agent/a.go', 'agent/b c.go']) assert.notEqual(changed.get(path), before.get(path), path);
    const { atime, mtime } = statSync(join(root, 'Makefile'));
    put('Makefile', 'sll:\n');
    utimesSync(join(root, 'Makefile'), atime, mtime);
    assert.notEqual((await list()).get('Makefile'), before.get('Makefile'));
  });

  it('sees the right to run a file', async () => {
    commit();
    const before = await list();
    chmodSync(join(root, 'Makefile'), 0o755);
    assert.notEqual((await list()).get('Makefile'), before.get('Makefile'));
  });

  it('is read with an index lock in the way', async () => {
    commit();
    put('.git/index.lock', '');
    assert.deepEqual([...(await list()).keys()].sort(), OWN);
  });

  it('knows revisions, and what was changed or removed since the commit', async () => {
    assert.equal((await tree.revision('agent', 'HEAD')).kind, 'no-repository');
    commit();
    assert.equal((await tree.revision('agent', 'HEAD^')).kind, 'no-such-revision');
    assert.equal((await tree.revision('agent', '--help')).kind, 'no-such-revision');
    const head = await tree.revision('agent', 'HEAD');
    assert.ok(head.kind === 'commit');
    assert.deepEqual([head.prefix, head.gitFolder], ['agent', '../.git']);
    assert.deepEqual([...(await tree.listAt('agent', head.commit)).keys()], ['agent/a.go', 'agent/b c.go']);
    put('agent/a.go', 'package b\n');
    put('agent/new.go', '');
    rmSync(join(root, 'agent/b c.go'));
    assert.deepEqual(await tree.changedSinceCommit('agent'), [
      { path: 'agent/a.go', change: 'changed' },
      { path: 'agent/b c.go', change: 'gone' },
    ]);
    const lines = (await tree.diff('.', head.commit))?.map(({ path, added, removed }) => [
      path,
      added.length,
      removed.length,
    ]);
    assert.deepEqual(lines, [
      ['agent/a.go', 1, 1],
      ['agent/b c.go', 0, 1],
      ['agent/new.go', 0, 0],
    ]);
    assert.equal(await tree.diff('.', '0'.repeat(40)), undefined);
    rmSync(join(root, 'agent'), { recursive: true });
    assert.equal((await tree.changedSinceCommit('agent')).length, 2);
    assert.deepEqual([...(await tree.everCommitted('agent'))].sort(), ['agent/a.go', 'agent/b c.go']);
  });

  it('moves a file with git where git knows it, and never over another', async () => {
    commit();
    await tree.move('agent/a.go', 'done/a.go');
    assert.match(git('.', 'status', '--short'), /^R {2}agent\/a\.go -> done\/a\.go$/m);
    put('new.go', '1');
    await tree.move('new.go', 'done/new.go');
    assert.equal(readFileSync(join(root, 'done/new.go'), 'utf8'), '1');
    put('other.go', '2');
    await assert.rejects(tree.move('other.go', 'done/new.go'), { code: 'file.exists' });
    await assert.rejects(tree.move('Makefile', 'done/new.go'), { code: 'file.exists' });
    renameSync(join(root, 'done/new.go'), join(root, 'new.go'));
  });
});
