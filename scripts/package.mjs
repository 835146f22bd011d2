// npm run package [-- --out FILE]: builds the extension and packs a .vsix that holds only what is needed.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { out: { type: 'string' } } });
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const out = resolve(values.out ?? join(root, `${manifest.name}-${manifest.version}.vsix`));
const stage = join(root, '.infrabuilder-cache', 'package');

rmSync(stage, { recursive: true, force: true });
mkdirSync(stage, { recursive: true });
run(['esbuild.mjs'], { cwd: root, env: { ...process.env, OUTDIR: join(stage, 'dist') } });
rmSync(join(stage, 'dist', 'meta.json'));
for (const name of [
  '.vscodeignore',
  'package.nls.json',
  'package.nls.de.json',
  'l10n',
  'media',
  'schemas',
  'templates',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
]) {
  if (existsSync(join(root, name))) cpSync(join(root, name), join(stage, name), { recursive: true });
}
// Nothing of the tool chain reaches people who install the extension: all code is in the bundles.
const { scripts, devDependencies, optionalDependencies, private: _private, bin, ...rest } = manifest;
writeFileSync(join(stage, 'package.json'), `${JSON.stringify(rest, undefined, 2)}\n`);
run(
  [
    join(root, 'node_modules', '@vscode', 'vsce', 'vsce'),
    'package',
    '--no-dependencies',
    '--no-rewrite-relative-links',
    '--skip-license',
    '--out',
    out,
  ],
  { cwd: stage },
);
console.log(`${out}: ${(statSync(out).size / 1e6).toFixed(1)} MB`);

function run(argv, options) {
  const { status } = spawnSync(process.execPath, argv, { stdio: 'inherit', ...options });
  if (status !== 0) process.exit(status ?? 1);
}
