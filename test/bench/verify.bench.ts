/**
 * `verify` where nothing has changed, as the command line runs it, on 1,500 source files with 20 and with 100 pieces of
 * evidence. Bar of the design: under 300 ms. The machine differs from day to day, so each figure also stands as a ratio to
 * `infrabuilder --version` of the same run, which starts and does nothing. Needs the built command line. Asserts nothing.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const FILES = 1_500;
const REPEATS = 9;
const MANY = 100;
const root = mkdtempSync(join(tmpdir(), 'bench-verify-'));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function run(...args: string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [CLI, ...args], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')}: ${status}\n${stderr}`);
  return performance.now() - started;
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}

const repeat = (...args: string[]) => median(Array.from({ length: REPEATS }, () => run(...args)));

try {
  const body = '// What a source file says.\n'.repeat(150);
  for (let i = 0; i < FILES; i++)
    put(`agent/p${i % 60}/f${i}.go`, `package p${i % 60}\n\nconst Value${i} = ${i}\n${body}`);
  const checks = ['a', 'b', 'c', 'd', 'e'];
  const lines = checks.map((name) => `  ${name}: {run: [git, --version], cwd: agent}`);
  const goals = checks.map((name, at) => `  - {id: G-${at + 1}, title: ${name}, kind: checks, checks: [${name}]}`);
  put(
    'infrabuilder.yaml',
    `version: 1\npaths: {source: agent}\nchecks:\n${lines.join('\n')}\ngoals:\n${goals.join('\n')}\n`,
  );
  put('.gitignore', '.infrabuilder/\n');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=B', '-c', 'user.email=b@example.org', ...args], { cwd: root });
  git('init', '--quiet');
  git('add', '-A');
  git('commit', '--quiet', '-m', 'x');

  const count = () => readdirSync(join(root, 'reports/evidence')).filter((name) => name.endsWith('.json')).length;
  const start = repeat('--version');
  const report = (what: string, ms: number) =>
    console.log(`${what.padEnd(44)} ${ms.toFixed(0).padStart(5)} ms  ${(ms / start).toFixed(2)} x the start`);
  report('start alone (--version)', start);
  for (let i = 0; i < 4; i++) run('verify', '--force');
  report(`nothing changed, ${count()} pieces of evidence`, repeat('verify'));
  put('agent/p1/f1.go', 'package p1\n');
  report('one file changed: 5 checks of 5 ms, evidence', run('verify'));
  while (count() < MANY) run('verify', '--force');
  report(`nothing changed, ${count()} pieces of evidence`, repeat('verify'));
  rmSync(join(root, '.infrabuilder'), { recursive: true });
  report('the same, on a fresh clone (no memory)', run('verify'));
  rmSync(join(root, '.git'), { recursive: true });
  run('verify');
  report('nothing changed, without git', repeat('verify'));
} finally {
  rmSync(root, { recursive: true, force: true });
}
