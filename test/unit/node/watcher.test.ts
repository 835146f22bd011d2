import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createWatcher } from '../../../src/node/watcher.ts';
import { until } from '../../support/until.ts';

describe('the watcher', () => {
  let root: string;
  let seen: Set<string>;
  let stop: () => void;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'watch-')));
    for (const path of ['src/a.go', 'src/deep/er/b.go', 'other/c.go', 'src/.git/d', 'src/node_modules/e/f.js'])
      put(path);
    seen = new Set();
  });
  afterEach(() => {
    stop();
    rmSync(root, { recursive: true, force: true });
  });

  function put(path: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), String(Math.random()));
  }
  function watch(...folders: string[]): void {
    const watching = createWatcher(root).watch(folders, (paths) => {
      for (const path of paths) seen.add(path);
    });
    stop = () => watching.dispose();
  }
  const sees = (path: string) => until(() => seen.has(path), `${path} is seen`);

  it('tells of files below the folders and of those in the root itself, and of no others', async () => {
    watch('src');
    for (const path of ['other/c.go', 'src/.git/d', 'src/node_modules/e/f.js', 'src/.a.go.swp']) put(path);
    for (const path of ['src/a.go', 'src/deep/er/b.go', 'rules.yaml']) put(path);
    for (const path of ['src/a.go', 'src/deep/er/b.go', 'rules.yaml']) await sees(path);
    assert.deepEqual([...seen].sort(), ['rules.yaml', 'src/a.go', 'src/deep/er/b.go']);
  });

  it('follows folders that come, move and go, also a folder that was not there at first', async () => {
    watch('src', 'reports/evidence');
    put('src/new/x.go');
    await sees('src/new');
    put('src/new/y.go');
    await sees('src/new/y.go');
    renameSync(join(root, 'src/new'), join(root, 'src/moved'));
    await sees('src/moved');
    put('src/moved/z.go');
    await sees('src/moved/z.go');
    rmSync(join(root, 'src/moved'), { recursive: true });
    put('reports/evidence/one.json');
    await sees('reports');
    put('reports/evidence/two.json');
    await sees('reports/evidence/two.json');
  });

  it('is silent once it is disposed', async () => {
    watch('src');
    put('src/a.go');
    stop();
    const other = createWatcher(root).watch(['src'], (paths) =>
      paths.forEach((path) => void seen.add(`later ${path}`)),
    );
    stop = () => other.dispose();
    put('src/a.go');
    await sees('later src/a.go');
    assert.ok(!seen.has('src/a.go'));
  });
});
