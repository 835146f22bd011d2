import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { EnvironmentError, type HumanError } from '../../../src/core/base/errors.ts';
import type { Files } from '../../../src/core/ports.ts';
import { initWith, tree, Workshop, write } from './workshop.ts';

const IS_ROOT = process.getuid?.() === 0;

describe('init in trouble', () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = new Workshop();
  });
  afterEach(() => shop.dispose());

  async function failure(run: Promise<unknown>): Promise<HumanError> {
    try {
      await run;
    } catch (error) {
      return error as HumanError;
    }
    throw new Error('It did not fail.');
  }

  it('refuses a file, a link that leads nowhere, a place below a file, and the home folder', async () => {
    write(shop.path('file'), 'x');
    symlinkSync(shop.path('gone'), shop.path('link'));
    const message = async (name: string, home?: string) =>
      (await failure(shop.init({ sample: true }, home ? { home } : {}, shop.path(name)))).message;
    assert.equal(await message('file'), `${shop.path('file')} is a file.`);
    assert.equal(await message('file/below'), `${shop.path('file')} is a file.`);
    assert.equal(await message('link'), `${shop.path('link')} is a link that leads nowhere.`);
    mkdirSync(shop.path('home'));
    assert.equal(await message('home', shop.path('home')), `${shop.path('home')} is your home folder.`);
    assert.deepEqual(readdirSync(shop.folder).sort(), ['file', 'home', 'link']);
  });

  it('follows a link to a folder, and works in a folder of the home', async () => {
    mkdirSync(shop.path('real/home/ws'), { recursive: true });
    symlinkSync(shop.path('real/home/ws'), shop.path('link'));
    const report = await shop.init({ sample: true, git: false }, { home: shop.path('real/home') }, shop.path('link'));
    assert.equal(report.root, shop.path('real/home/ws'));
    assert.ok(tree(shop.path('real/home/ws')).includes('Makefile'));
  });

  it('does not write through a link that leaves the workspace', async () => {
    mkdirSync(shop.path('outside'));
    mkdirSync(shop.workspace);
    symlinkSync(shop.path('outside'), join(shop.workspace, 'docs'));
    assert.equal((await failure(shop.init({ sample: true }))).code, 'file.outside');
    assert.deepEqual(readdirSync(shop.path('outside')), []);
    assert.deepEqual(tree(shop.workspace), ['docs']);
  });

  it('stops before it writes where a clone would meet a file', async () => {
    write(join(shop.workspace, 'infrastructure-agent'), 'mine');
    assert.equal((await failure(shop.init({}))).code, 'init.conflict');
    assert.deepEqual(tree(shop.workspace), ['infrastructure-agent']);
  });

  for (const code of ['file.disk-full', 'file.read-only']) {
    it(`passes ${code} on, leaves only whole files, and is finished by the next run`, async () => {
      const ports = shop.ports();
      let written = 0;
      const failing: Files = {
        ...ports.files,
        async write(path, content, options) {
          if (++written > 5) throw new EnvironmentError(code, `Cannot write ${path}.`);
          await ports.files.write(path, content, options);
        },
      };
      const error = await failure(initWith({ ...ports, files: failing }, { sample: true }));
      assert.equal(error.code, code);
      assert.throws(() => readdirSync(join(shop.workspace, '.git')));
      assert.equal((await shop.init({ sample: true })).committed, true);
    });
  }

  const mounts = IS_ROOT && canMount();
  const here = mounts ? it : (title: string, run: () => Promise<void>) => IS_ROOT || it(title, run);

  here('names the path where the folder is read-only', async () => {
    mkdirSync(shop.workspace);
    const undo = readOnly(shop.workspace, mounts);
    try {
      const error = await failure(shop.init({ sample: true }));
      assert.ok(error instanceof EnvironmentError);
      assert.match(error.code, /^file\.(read-only|no-permission)$/);
      assert.match(error.message, /infrabuilder\.yaml/);
      assert.deepEqual(tree(shop.workspace), []);
    } finally {
      undo();
    }
  });

  here('names the folder that cannot be made', async () => {
    const disk = shop.path('disk');
    mkdirSync(disk);
    const undo = readOnly(disk, mounts);
    try {
      const error = await failure(shop.init({ sample: true }, {}, join(disk, 'new', 'workspace')));
      assert.ok(error instanceof EnvironmentError);
      assert.match(error.message, /disk\/new\b/);
    } finally {
      undo();
    }
  });

  if (mounts) {
    it('finishes on a larger disk what did not fit a small one', async () => {
      mkdirSync(shop.workspace);
      mount(shop.workspace, 'size=64k');
      try {
        const error = await failure(shop.init({ sample: true }));
        assert.equal(error.code, 'file.disk-full');
        const files = tree(shop.workspace);
        assert.ok(files.includes('infrabuilder.yaml'));
        assert.deepEqual(
          files.filter((path) => path.endsWith('.tmp')),
          [],
        );
        execFileSync('mount', ['-o', 'remount,size=8m', shop.workspace]);
        assert.equal((await shop.init({ sample: true })).committed, true);
      } finally {
        execFileSync('umount', [shop.workspace]);
      }
    });
  }
});

function canMount(): boolean {
  const probe = new Workshop();
  try {
    mount(probe.folder, 'size=64k');
    execFileSync('umount', [probe.folder]);
    return true;
  } catch {
    return false;
  } finally {
    probe.dispose();
  }
}

function mount(folder: string, options: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
}

/** Root writes anywhere but on a read-only mount. */
function readOnly(folder: string, mounts: boolean): () => void {
  if (!mounts) {
    chmodSync(folder, 0o555);
    return () => chmodSync(folder, 0o755);
  }
  mount(folder, 'ro');
  return () => execFileSync('umount', [folder]);
}
