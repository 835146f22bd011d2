import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeMini } from '../harness/mini.ts';
import { ROOT } from '../harness/paths.ts';
import { openVsCode } from '../harness/world.ts';
import { Workbench } from './support.ts';

describe('the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'infrabuilder-vsix-'));
  const vsix = join(folder, 'infrabuilder.vsix');

  before(() => {
    execFileSync(process.execPath, ['scripts/package.mjs', '--out', vsix], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    assert.ok(existsSync(vsix));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('holds the bundles, templates and texts, and nothing else', () => {
    const stage = join(ROOT, '.infrabuilder-cache', 'package');
    const argv = [join(ROOT, 'node_modules', '@vscode', 'vsce', 'vsce'), 'ls', '--no-dependencies'];
    const files = execFileSync(process.execPath, argv, { cwd: stage }).toString().trim().split('\n');
    const allowed =
      /^(dist\/(extension\.cjs|(cli|mcp)\.js)|dist\/(extension-)?chunks\/|dist\/grammars\/|templates\/|schemas\/|media\/|l10n\/|package(\.nls(\.de)?)?\.json$|[A-Z]+(\.md)?$)/;
    assert.deepEqual(
      files.filter((file) => !allowed.test(file)),
      [],
    );
    for (const file of [
      'dist/extension.cjs',
      'dist/cli.js',
      'l10n/bundle.l10n.json',
      'l10n/bundle.l10n.de.json',
      'package.nls.de.json',
      'templates/sample/infrabuilder.yaml',
    ]) {
      assert.ok(files.includes(file), `${file} is missing`);
    }
  });

  it('installs into VS Code, and works from there', async () => {
    const mini = makeMini();
    const window = await openVsCode({ folder: mini.folder, vsix });
    try {
      const bench = new Workbench(window.page);
      await bench.openSidebar();
      await bench.row('sampler').waitFor();
      await bench.openFile('Makefile');
      await bench.lens('Run quick').click();
      await bench.lens(/pass · just now/).waitFor();
      assert.deepEqual(window.errors(), []);
    } finally {
      await window.close();
      mini.remove();
    }
  });
});
