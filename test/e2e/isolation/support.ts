import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Isolation, Workbench } from '../../../src/core/ports.ts';
import { createIsolation } from '../../../src/node/isolation/isolation.ts';

const ENV = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };

/** A folder of a person's, with git as they would use it. */
export class Place {
  readonly root: string;

  constructor(root = realpathSync(mkdtempSync(join(tmpdir(), 'isolation ü ')))) {
    this.root = root;
  }

  at(path: string): string {
    return join(this.root, path);
  }

  write(path: string, content: string | Buffer, mode?: number): this {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    writeFileSync(this.at(path), content);
    if (mode !== undefined) chmodSync(this.at(path), mode);
    return this;
  }

  link(path: string, target: string): this {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    symlinkSync(target, this.at(path));
    return this;
  }

  remove(path: string): this {
    rmSync(this.at(path), { recursive: true });
    return this;
  }

  read(path: string): string {
    return readFileSync(this.at(path), 'utf8');
  }

  has(path: string): boolean {
    return existsSync(this.at(path));
  }

  mode(path: string): number {
    return lstatSync(this.at(path)).mode & 0o777;
  }

  git(...args: string[]): string {
    return this.gitIn('.', ...args);
  }

  gitIn(folder: string, ...args: string[]): string {
    const who = ['-c', 'user.name=Person', '-c', 'user.email=person@example.org'];
    return execFileSync('git', [...who, ...args], {
      cwd: this.at(folder),
      encoding: 'utf8',
      env: ENV,
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trimEnd();
  }

  repository(folder = '.'): this {
    mkdirSync(this.at(folder), { recursive: true });
    this.gitIn(folder, 'init', '--quiet', '--initial-branch=main');
    return this;
  }

  commit(message = 'change', folder = '.'): string {
    this.gitIn(folder, 'add', '-A');
    this.gitIn(folder, 'commit', '--quiet', '--no-gpg-sign', '--no-verify', '-m', message);
    return this.gitIn(folder, 'rev-parse', 'HEAD');
  }

  /** Everything that the person can see of their files and their git, but for our own folder and branches. */
  picture(): string {
    const files = listFiles(this.root, '').map((path) => {
      const stats = lstatSync(this.at(path));
      const content = stats.isSymbolicLink()
        ? readlinkSync(this.at(path))
        : readFileSync(this.at(path)).toString('hex');
      return `${path} ${(stats.mode & 0o777).toString(8)} ${content}`;
    });
    const refs = this.git('for-each-ref', '--format=%(refname) %(objectname)').split('\n');
    const theirs = refs.filter((ref) => !/infrabuilder/.test(ref));
    return [
      ...files,
      ...theirs,
      this.git('status', '--porcelain', '--untracked-files=all', '--', '.', ':!.infrabuilder'),
    ].join('\n');
  }

  isolation(): Isolation {
    return createIsolation(this.root);
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The copy of a run as a place. */
export function inside(bench: Workbench): Place {
  return new Place(bench.root);
}

/** All files, but those of git and of InfraBuilder. */
export function listFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => name !== '.git' && name !== '.infrabuilder')
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? listFiles(root, path) : [path];
    })
    .sort();
}

/** Begins or accepts a run in a process that ends as if killed before its nth step. False where it got to the end. */
export async function dies(place: Place, what: 'begin' | 'accept', nth: number): Promise<boolean> {
  const script = fileURLToPath(new URL('./dying.ts', import.meta.url));
  const child = spawn(process.execPath, [script, place.root, what, String(nth)], { stdio: 'inherit' });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  assert.ok(code === 0 || signal === 'SIGKILL', `exit ${code}`);
  return signal === 'SIGKILL';
}

export const RUN = { run: '20261122-113000-1a2b', task: 'topn_sampler' };
