import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PACK = fileURLToPath(new URL('../../scripts/pack.mjs', import.meta.url));
const VSCE = fileURLToPath(new URL('../../node_modules/@vscode/vsce/vsce', import.meta.url));

const NOT_FOR_USERS =
  /^(?:node_modules|src|test|scripts|\.ci|\.demo)\/|(?:^|\/)(?:meta\.json|tsconfig\.json|\.git(?!keep))|\.test\.ts$/;

interface Packed {
  readonly filename: string;
  /** Bytes. */
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

describe('what is packed', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'package-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('for npm: a command line that works on its own, without the pinned Node and the tool chain', () => {
    const packed = execFileSync(process.execPath, [PACK, folder], { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' });
    const [{ filename, size, files }] = JSON.parse(packed) as [Packed];
    const paths = files.map(({ path }) => path);
    console.log(`    npm: ${paths.length} files, ${(size / 1e6).toFixed(1)} MB`);
    assert.deepEqual(
      paths.filter((path) => NOT_FOR_USERS.test(path) || path.includes('extension')),
      [],
    );
    for (const path of ['dist/mcp.js', 'LICENSE', 'README.md', 'CHANGELOG.md']) assert.ok(paths.includes(path), path);

    execFileSync('tar', ['-xzf', filename], { cwd: folder });
    const manifest = JSON.parse(readFileSync(join(folder, 'package/package.json'), 'utf8'));
    assert.deepEqual(
      Object.keys(manifest).filter((key) => /dependencies|scripts|private/i.test(key)),
      [],
    );
    const cli = join(folder, 'package', manifest.bin.infrabuilder);
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH } });
    const made = run('init', '--sample', '--no-git', '--no-containers', 'ws');
    assert.equal(made.status, 0, made.stderr);
    const validated = run('validate', '--cwd', 'ws', '--json');
    assert.deepEqual(JSON.parse(validated.stdout), { schemaVersion: 1, issues: [] });
  });

  it('for the editor: the bundles, and nothing of the tool chain', () => {
    const listed = execFileSync(process.execPath, [VSCE, 'ls', '--no-dependencies'], { cwd: ROOT, encoding: 'utf8' });
    const paths = listed.split(/\r?\n/).filter(Boolean);
    assert.deepEqual(
      paths.filter((path) => NOT_FOR_USERS.test(path)),
      [],
    );
    for (const path of ['dist/extension.cjs', 'dist/cli.js', 'package.json', 'LICENSE'])
      assert.ok(paths.includes(path));
  });
});
