// node scripts/pack.mjs [folder]: packs the command line and the MCP server for npm. Our own manifest is not packed: its
// optional dependencies are the pinned Node of the tool chain, 120 MB that a user does not need.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKED = ['dist/cli.js', 'dist/mcp.js', 'dist/chunks', 'dist/grammars', 'templates', 'schemas'];
const TEXTS = ['README.md', 'CHANGELOG.md', 'LICENSE'];
const KEYS = ['name', 'version', 'description', 'license', 'repository', 'keywords', 'type', 'bin'];

const root = fileURLToPath(new URL('..', import.meta.url));
const destination = resolve(process.argv[2] ?? '.');
if (!existsSync(join(root, 'dist/cli.js'))) {
  console.error('There is no dist/cli.js. Run "npm run build" first.');
  process.exit(2);
}

const stage = mkdtempSync(join(tmpdir(), 'pack-'));
try {
  for (const path of [...PACKED, ...TEXTS]) cpSync(join(root, path), join(stage, path), { recursive: true });
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const manifest = Object.fromEntries(KEYS.map((key) => [key, own[key]]));
  const node = { engines: { node: own.engines.node } };
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify({ ...manifest, ...node }, undefined, 2)}\n`);
  const argv = ['pack', '--json', '--pack-destination', destination];
  const { status, error } = npm(argv);
  if (error !== undefined) console.error(`npm could not be started: ${error.message}. Put npm on the PATH.`);
  process.exitCode = status ?? 3;
} finally {
  rmSync(stage, { recursive: true, force: true });
}

/** npm as it started us, else the one beside Node or on the PATH. */
function npm(argv) {
  const options = { cwd: stage, stdio: ['ignore', 'inherit', 'inherit'] };
  const beside = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  const script = process.env.npm_execpath ?? (existsSync(beside) ? beside : undefined);
  if (script !== undefined) return spawnSync(process.execPath, [script, ...argv], options);
  return spawnSync('npm', argv, options);
}
