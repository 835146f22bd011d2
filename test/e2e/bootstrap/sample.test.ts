import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gitIn, TEMPLATES, tree, Workshop, write } from './workshop.ts';

describe('init --sample', () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = new Workshop();
  });
  afterEach(() => shop.dispose());

  it('writes the embedded workspace with two commits, and changes nothing the second time', async () => {
    const report = await shop.init({ sample: true });
    assert.equal(report.committed, true);
    const files = tree(shop.workspace);
    for (const path of [
      'Makefile',
      'checkpoint.sh',
      'infrastructure-agent/go.mod',
      'tasks/pending/topn_sampler.yaml',
      '.gitignore',
      'reports',
    ]) {
      assert.ok(files.includes(path), path);
    }
    assert.equal(files.filter((path) => /(^|\/)gitignore$/.test(path)).length, 0);
    for (const path of files.filter((name) => name.endsWith('.sh'))) {
      assert.notEqual(statSync(join(shop.workspace, path)).mode & 0o100, 0, `${path} can be run`);
    }
    assert.equal(gitIn(shop.workspace, 'status', '--porcelain'), '');
    assert.equal(gitIn(shop.workspace, 'rev-list', '--count', 'HEAD'), '2');
    assert.ok(gitIn(shop.workspace, 'show', '--name-only', 'HEAD^').includes('infrastructure-agent/go.mod'));
    assert.equal(gitIn(shop.workspace, 'config', 'core.bare'), 'false');

    const before = shop.snapshot();
    const second = await shop.init({ sample: true });
    assert.equal(second.changed, false);
    assert.deepEqual(second.kept, []);
    assert.deepEqual(shop.snapshot(), before);
  });

  it('two at once make one workspace', async () => {
    const reports = await Promise.all([shop.init({ sample: true }), shop.init({ sample: true })]);
    assert.deepEqual(
      reports.flatMap((report) => report.kept),
      [],
    );
    assert.equal(gitIn(shop.workspace, 'status', '--porcelain'), '');
    assert.equal((await shop.init({ sample: true })).changed, false);
  });

  describe('with a small sample', () => {
    let small: { templates: string };
    beforeEach(() => {
      small = { templates: shop.path('templates') };
      write(shop.path('templates/workspace/infrabuilder.yaml'), 'version: 1\n');
      write(shop.path('templates/workspace/checkpoint.sh'), '#!/bin/sh\n');
      write(shop.path('templates/sample/infrastructure-agent/proto/a.proto'), 'syntax = "proto3";\n');
      write(shop.path('templates/sample/tasks/pending/t.yaml'), 'slug: t\n');
      write(shop.path('templates/sample/gitignore'), 'bin/\n');
    });

    it('commits with a made-up author only where none is configured', async () => {
      const env = {
        HOME: shop.folder,
        XDG_CONFIG_HOME: shop.folder,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: shop.path('none'),
      };
      await shop.init({ sample: true }, { ...small, env });
      assert.equal(gitIn(shop.workspace, 'log', '-1', '--format=%an <%ae>'), 'InfraBuilder <infrabuilder@localhost>');
      write(
        shop.path('config'),
        '[user]\n\tname = Ada\n\temail = ada@example.org\n[commit]\n\tgpgSign = true\n[init]\n\tdefaultBranch = trunk\n',
      );
      const other = shop.path('other');
      await shop.init({ sample: true }, { ...small, env: { ...env, GIT_CONFIG_GLOBAL: shop.path('config') } }, other);
      assert.equal(gitIn(other, 'log', '-1', '--format=%an <%ae>'), 'Ada <ada@example.org>');
      assert.equal(gitIn(other, 'branch', '--show-current'), 'trunk');
    });

    it('commits nothing in a repository that is there, and nothing of the person', async () => {
      gitIn(shop.folder, 'init', '--quiet');
      const inside = await shop.init({ sample: true }, small);
      assert.equal(inside.committed, false);
      assert.equal(
        inside.skipped[0]?.reason,
        `the workspace lies in the repository ${shop.folder}; init commits nothing there`,
      );
    });

    it('leaves files of the person out of its commits', async () => {
      write(join(shop.workspace, 'README.md'), 'mine\n');
      await shop.init({ sample: true }, small);
      assert.equal(gitIn(shop.workspace, 'status', '--porcelain'), '?? README.md');
    });

    it('makes one of its own in a folder that the repository around it ignores', async () => {
      gitIn(shop.folder, 'init', '--quiet');
      write(shop.path('.gitignore'), 'my workspace/\n');
      assert.equal((await shop.init({ sample: true }, small)).committed, true);
      assert.equal(gitIn(shop.workspace, 'rev-parse', '--show-toplevel'), shop.workspace);
    });

    it('makes no repository under --no-git', async () => {
      assert.equal((await shop.init({ sample: true, git: false }, small)).committed, false);
      assert.throws(() => statSync(join(shop.workspace, '.git')));
    });

    it('does not bring back a task that was moved on', async () => {
      await shop.init({ sample: true }, small);
      renameSync(join(shop.workspace, 'tasks/pending/t.yaml'), join(shop.workspace, 'tasks/done/t.yaml'));
      assert.equal((await shop.init({ sample: true }, small)).changed, false);
      assert.equal(tree(shop.workspace).filter((path) => path.endsWith('t.yaml')).length, 1);
    });

    it("keeps a person's file; --force replaces it after a yes, with a backup", async () => {
      await shop.init({ sample: true }, small);
      const file = join(shop.workspace, 'checkpoint.sh');
      write(file, '#!/bin/sh\nmine\n');
      const kept = await shop.init({ sample: true }, small);
      assert.deepEqual(
        [kept.changed, kept.kept],
        [false, [{ path: 'checkpoint.sh', reason: 'it differs from what init would write' }]],
      );
      const declined = await shop.init({ sample: true, force: true }, small);
      assert.deepEqual([declined.changed, declined.kept.length], [false, 1]);
      assert.equal(readFileSync(file, 'utf8'), '#!/bin/sh\nmine\n');
      const replaced = await shop.init({ sample: true, force: true }, { ...small, answer: true });
      assert.deepEqual(replaced.replaced, [{ path: 'checkpoint.sh', backup: 'checkpoint.sh.bak-20261122T081500123Z' }]);
      assert.equal(readFileSync(file, 'utf8'), '#!/bin/sh\n');
      const backup = join(shop.workspace, 'checkpoint.sh.bak-20261122T081500123Z');
      assert.equal(readFileSync(backup, 'utf8'), '#!/bin/sh\nmine\n');
      assert.notEqual(statSync(backup).mode & 0o100, 0);
    });

    it('asks before it adds to a folder with other things in it', async () => {
      write(join(shop.workspace, 'holiday.jpg'), 'x');
      await assert.rejects(shop.init({ sample: true }, small), { code: 'init.folder-not-empty' });
      assert.deepEqual(tree(shop.workspace), ['holiday.jpg']);
      assert.equal((await shop.init({ sample: true }, { ...small, answer: true })).changed, true);
    });

    it('is finished by the next run after a stop in the middle', async () => {
      const controller = new AbortController();
      const stopped = shop.init(
        { sample: true },
        {
          ...small,
          signal: controller.signal,
          onProgress: (p) => p.kind === 'step' && p.step === 3 && controller.abort(),
        },
      );
      await assert.rejects(stopped, { name: 'CancelledError' });
      const half = tree(shop.workspace);
      assert.ok(half.includes('infrabuilder.yaml') && !half.includes('reports'));
      assert.equal((await shop.init({ sample: true }, small)).committed, true);
      assert.equal(gitIn(shop.workspace, 'status', '--porcelain'), '');
    });

    it('copies the documents that it is given or finds, and says so where there are none', async () => {
      const none = await shop.init({ sample: true }, small);
      assert.match(none.warnings[0] ?? '', /There is no blueprint yet\./);
      write(shop.path('texts/B ä.md'), '# Blueprint\n');
      await shop.init({ sample: true, blueprint: 'texts/B ä.md' }, small);
      assert.equal(readFileSync(join(shop.workspace, 'docs/blueprint_vFinal.md'), 'utf8'), '# Blueprint\n');
      await assert.rejects(shop.init({ sample: true, adr: 'gone.md' }, small), { code: 'init.document-missing' });
    });
  });

  it('finds the blueprint and the ADR beside a workspace of clones', async () => {
    write(shop.path('Blueprint_vFinal.md'), '# B\n');
    write(shop.path('ADR-001.md'), '# A\n');
    mkdirSync(join(shop.workspace, 'infrastructure-agent/x'), { recursive: true });
    mkdirSync(join(shop.workspace, 'infrastructure-agent-testbed/x'), { recursive: true });
    const report = await shop.init({}, { templates: TEMPLATES });
    assert.deepEqual(report.warnings, []);
    assert.equal(readFileSync(join(shop.workspace, 'docs/blueprint_vFinal.md'), 'utf8'), '# B\n');
    assert.equal(readFileSync(join(shop.workspace, 'docs/ADR-001.md'), 'utf8'), '# A\n');
  });
});
