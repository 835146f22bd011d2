import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CancelledError, EnvironmentError } from '../../../src/core/base/errors.ts';
import { createScratch } from '../../../src/node/scratch.ts';

const IDENTITY = ['-c', 'user.name=T', '-c', 'user.email=t@example.org', '-c', 'commit.gpgSign=false'];

describe('a scratch copy', () => {
  let base: string;
  let root: string;
  let parent: string;
  beforeEach(() => {
    base = realpathSync.native(mkdtempSync(join(tmpdir(), 'scratch ü ')));
    root = join(base, 'work');
    parent = join(base, 'temp');
    mkdirSync(root);
    mkdirSync(parent);
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const git = (folder: string, ...args: string[]) =>
    execFileSync('git', [...IDENTITY, ...args], { cwd: folder, encoding: 'utf8', stdio: 'pipe' }).trim();
  const commit = (folder: string, message: string) => {
    if (!existsSync(join(folder, '.git'))) git(folder, 'init', '--quiet', '--initial-branch=main');
    git(folder, 'add', '-A');
    git(folder, 'commit', '--quiet', '--allow-empty', '-m', message);
  };
  async function copy(without: readonly string[] = [], from = root) {
    const made = await createScratch(from, parent).copy({ without });
    assert.ok(made.root);
    return { ...made, root: made.root, at: (path: string) => join(made.root ?? '', path) };
  }

  it('has the work tree as it is, and the history', async () => {
    put('.gitignore', 'out/\n');
    put('a.txt', 'one\n');
    put('gone.txt', 'gone\n');
    commit(root, 'first');
    git(root, 'tag', 'v1');
    put('a.txt', 'two\n');
    commit(root, 'second');
    put('a.txt', 'three\n');
    put('staged.txt', 'staged\n');
    git(root, 'add', 'staged.txt');
    put('new.txt', 'new\n');
    put('out/built.txt', 'built\n');
    rmSync(join(root, 'gone.txt'));
    const made = await copy();
    assert.deepEqual(readdirSync(made.root).sort(), ['.git', '.gitignore', 'a.txt', 'new.txt', 'out', 'staged.txt']);
    const asked = [
      ['log', '--format=%s'],
      ['status', '--short'],
      ['show', 'HEAD^:a.txt'],
      ['rev-parse', 'v1', 'main'],
    ];
    for (const args of asked) assert.equal(git(made.root, ...args), git(root, ...args), args.join(' '));
    assert.equal(git(made.root, 'symbolic-ref', 'HEAD'), 'refs/heads/main');
    await made.dispose();
    assert.deepEqual(readdirSync(parent), []);
  });

  it('is apart: neither files nor commits made in it reach the workspace', async () => {
    put('a.txt', 'one\n');
    commit(root, 'first');
    const before = [git(root, 'rev-parse', 'HEAD'), git(root, 'count-objects'), readFileSync(join(root, '.git/index'))];
    const made = await copy();
    writeFileSync(made.at('a.txt'), 'broken\n');
    commit(made.root, 'in the copy');
    assert.equal(git(made.root, 'log', '--format=%s'), 'in the copy\nfirst');
    await made.dispose();
    assert.equal(readFileSync(join(root, 'a.txt'), 'utf8'), 'one\n');
    const after = [git(root, 'rev-parse', 'HEAD'), git(root, 'count-objects'), readFileSync(join(root, '.git/index'))];
    assert.deepEqual(after, before);
  });

  it('has repositories within the workspace, each with its own history', async () => {
    put('a.txt', 'a\n');
    put('agent/b.txt', 'b\n');
    commit(join(root, 'agent'), 'of the agent');
    git(join(root, 'agent'), 'checkout', '--quiet', '--detach');
    git(root, 'init', '--quiet', '--initial-branch=main');
    git(root, 'add', 'a.txt');
    git(root, 'commit', '--quiet', '-m', 'of the workspace');
    const made = await copy();
    assert.equal(git(made.root, 'log', '--format=%s'), 'of the workspace');
    assert.equal(git(made.at('agent'), 'log', '--format=%s'), 'of the agent');
    assert.equal(git(made.at('agent'), 'rev-parse', 'HEAD'), git(join(root, 'agent'), 'rev-parse', 'HEAD'));
    assert.equal(git(made.at('agent'), 'status', '--short'), '');
    await made.dispose();
  });

  it('lies as deep in its repository as the workspace does', async () => {
    put('deep/work/a.txt', 'a\n');
    put('beside.txt', 'x\n');
    commit(root, 'all');
    const made = await copy([], join(root, 'deep/work'));
    assert.equal(git(made.root, 'rev-parse', '--show-prefix'), 'deep/work/');
    assert.equal(git(made.root, 'status', '--short', '.'), '');
    assert.deepEqual(readdirSync(made.root), ['a.txt']);
    await made.dispose();
  });

  it('works without git, and with a repository that has no commit', async () => {
    put('a.txt', 'a\n');
    const bare = await copy();
    assert.deepEqual(readdirSync(bare.root), ['a.txt']);
    await bare.dispose();
    git(root, 'init', '--quiet', '--initial-branch=main');
    const empty = await copy();
    assert.equal(git(empty.root, 'status', '--short'), '?? a.txt');
    await empty.dispose();
  });

  it('keeps modes, leaves out what it is told to, and no link leads back into the workspace', async function () {
    if (process.platform === 'win32') this.skip();
    put('run.sh', '#!/bin/sh\n');
    chmodSync(join(root, 'run.sh'), 0o755);
    put('e2e/results/big.bin', 'x');
    put('.infrabuilder/cache', 'x');
    writeFileSync(join(base, 'outside.txt'), 'outside\n');
    symlinkSync('run.sh', join(root, 'relative'));
    symlinkSync(join(root, 'run.sh'), join(root, 'absolute'));
    symlinkSync('../outside.txt', join(root, 'outside'));
    symlinkSync('nowhere', join(root, 'dangling'));
    const made = await copy(['e2e/results', '.infrabuilder']);
    assert.equal(lstatSync(made.at('run.sh')).mode & 0o111, 0o111);
    assert.deepEqual([existsSync(made.at('e2e/results')), existsSync(made.at('.infrabuilder'))], [false, false]);
    assert.equal(readlinkSync(made.at('relative')), 'run.sh');
    assert.equal(realpathSync(made.at('absolute')), realpathSync(made.at('run.sh')));
    assert.equal(readFileSync(made.at('outside'), 'utf8'), 'outside\n');
    assert.equal(readlinkSync(made.at('dangling')), 'nowhere');
    await made.dispose();
  });

  it('is gone also where a folder in it was made read-only', async function () {
    if (process.platform === 'win32') this.skip();
    put('a/b.txt', 'b\n');
    const made = await copy();
    chmodSync(made.at('a'), 0o500);
    await made.dispose();
    assert.deepEqual(readdirSync(parent), []);
  });

  it('leaves nothing where it is stopped, or cannot be made', async () => {
    put('a.txt', 'a\n');
    const scratch = createScratch(root, parent);
    await assert.rejects(scratch.copy({ without: [], signal: AbortSignal.abort() }), CancelledError);
    assert.deepEqual(readdirSync(parent), []);
    await assert.rejects(createScratch(root, join(base, 'missing')).copy({ without: [] }), EnvironmentError);
  });

  it('is found when its process was killed, and only then', async () => {
    put('a.txt', 'a\n');
    const scratch = createScratch(root, parent);
    const mine = await scratch.copy({ without: [] });
    assert.deepEqual(await scratch.abandoned(), []);
    await mine.dispose();
    const program = `
      import { createScratch } from ${JSON.stringify(new URL('../../../src/node/scratch.ts', import.meta.url).href)};
      const { root } = await createScratch(${JSON.stringify(root)}, ${JSON.stringify(parent)}).copy({ without: [] });
      console.log(root);
      process.kill(process.pid, 'SIGKILL');`;
    const killed = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
    const [left, ...others] = await scratch.abandoned();
    assert.deepEqual([left?.root, others], [killed.stdout.trim(), []]);
    assert.ok(existsSync(join(left?.root ?? '', 'a.txt')));
    await left?.dispose();
    assert.deepEqual(readdirSync(parent), []);
  });
});
