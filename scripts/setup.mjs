// Runs before every npm script, on a fresh clone too: Node built-ins only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'node_modules', '.setup');
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .update(`${process.platform}-${process.arch}`)
  .digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  console.error('Setting up: npm ci');
  const npm = process.env.npm_execpath;
  if (npm === undefined) {
    console.error('Run this through npm, for example: npm run setup');
    process.exit(2);
  }
  const { status } = spawnSync(process.execPath, [npm, 'ci'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    console.error('npm ci failed. Its output above says why; a missing network is the usual reason.');
    process.exit(status ?? 1);
  }
  writeFileSync(stamp, wanted);
}
