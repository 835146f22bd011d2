import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CACHE } from './paths.ts';

/** Holds VS Code 1.139.1: the whole server and web workbench, from npm alone. */
const VERSION = '4.139.1';
const HOME = join(CACHE, `code-server-${VERSION}`);
const SERVER = join('node_modules', 'code-server', 'lib', 'vscode');
const FLAGS = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/** The folder of the VS Code server; it is downloaded on first use (about 20 s) and kept. */
export async function installVsCode(say: (line: string) => void): Promise<string> {
  if (existsSync(join(HOME, '.complete'))) return withLogger(join(HOME, SERVER));
  say(`Downloading code-server ${VERSION} (once)`);
  // Beside its place, and renamed when whole: a download that breaks off leaves nothing that looks complete.
  const fresh = `${HOME}.${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  writeFileSync(join(fresh, 'package.json'), '{"private":true}\n');
  try {
    await npm(['install', `code-server@${VERSION}`, ...FLAGS], fresh);
    await npm(['install', '--omit=dev', ...FLAGS], join(fresh, SERVER));
    writeFileSync(join(fresh, '.complete'), '');
    rmSync(HOME, { recursive: true, force: true });
    renameSync(fresh, HOME);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return withLogger(join(HOME, SERVER));
}

/** Without a logger the extension host's log would be lost, and no test could read it. */
function withLogger(server: string): string {
  const place = join(server, 'node_modules', '@vscode', 'spdlog', 'index.js');
  copyFileSync(fileURLToPath(new URL('spdlog.cjs', import.meta.url)), place);
  return server;
}

function npm(args: readonly string[], cwd: string): Promise<void> {
  const script = process.env.npm_execpath;
  const [program, first] = script?.endsWith('.js') ? [process.execPath, [script]] : ['npm', []];
  const shell = process.platform === 'win32' && program === 'npm';
  const child = spawn(program, [...first, ...args], { cwd, shell, stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`npm ${args[0]} in ${cwd} ended with exit code ${code}.`)),
    );
  });
}
