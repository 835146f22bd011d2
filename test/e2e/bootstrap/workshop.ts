import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BootstrapRequest, bootstrapOptions } from '../../../src/core/bootstrap/options.ts';
import { planBootstrap } from '../../../src/core/bootstrap/plan.ts';
import type { RunOptions } from '../../../src/core/bootstrap/progress.ts';
import { type BootstrapPorts, type BootstrapReport, runBootstrap } from '../../../src/core/bootstrap/run.ts';
import { type SurveyPorts, survey } from '../../../src/core/bootstrap/survey.ts';
import { createFiles } from '../../../src/node/files.ts';
import { createGit } from '../../../src/node/git.ts';
import { createProcesses } from '../../../src/node/processes.ts';
import { createTarget, resolveLinks } from '../../../src/node/target.ts';
import { createTemplates } from '../../../src/node/templates.ts';

export const TEMPLATES = fileURLToPath(new URL('../../../templates', import.meta.url));

export type Ports = BootstrapPorts & SurveyPorts & { readonly dispose: () => void };

export interface PortOptions {
  readonly templates?: string;
  readonly answer?: boolean;
  readonly home?: string;
  /** Added to the environment of every program. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The real ports on a folder. */
export function portsOf(folder: string, cwd: string, options: PortOptions = {}): Ports {
  const root = resolveLinks(folder);
  const real = createProcesses(root);
  const processes = {
    run: (request: Parameters<typeof real.run>[0]) => real.run({ ...request, env: { ...options.env, ...request.env } }),
  };
  const env = { ...process.env, ...options.env };
  return {
    files: createFiles(root),
    target: createTarget(folder, cwd, options.home),
    templates: createTemplates(options.templates ?? TEMPLATES),
    git: createGit({ root, processes, cwd, env }),
    processes,
    approval: { confirm: async () => options.answer ?? false },
    clock: { now: () => new Date('2026-11-22T08:15:00.123Z'), monotonic: () => performance.now() },
    dispose: () => real.dispose(),
  };
}

/** A folder for one test, with spaces and letters beyond ASCII in its name. */
export class Workshop {
  readonly folder = realpathSync.native(mkdtempSync(join(tmpdir(), 'bootstrap ü ')));
  readonly workspace = join(this.folder, 'my workspace');
  #open: Ports[] = [];

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  ports(options: PortOptions = {}, folder = this.workspace): Ports {
    const ports = portsOf(folder, this.folder, options);
    this.#open.push(ports);
    return ports;
  }

  async init(
    request: BootstrapRequest,
    options: PortOptions & RunOptions = {},
    folder?: string,
  ): Promise<BootstrapReport> {
    return initWith(this.ports(options, folder), request, options);
  }

  /** A bare repository with two commits; `file` changes between them. */
  bareRepository(name: string): string {
    const work = this.path(`${name} work`);
    const git = (...args: string[]) => gitIn(work, ...args);
    write(join(work, 'go.mod'), 'module a\n');
    write(join(work, 'old.txt'), 'first\n');
    git('init', '--quiet', '--initial-branch=main');
    git('add', '.');
    git('commit', '--quiet', '-m', 'first');
    git('tag', 'v1');
    write(join(work, 'old.txt'), 'second\n');
    git('commit', '--quiet', '-a', '-m', 'second');
    const bare = this.path(`${name}.git`);
    gitIn(this.folder, 'clone', '--quiet', '--bare', work, bare);
    gitIn(bare, 'config', 'uploadpack.allowFilter', 'true');
    return bare;
  }

  /** Everything in the workspace but git's own files: path, kind, mode, time, text. */
  snapshot(): string[] {
    return tree(this.workspace).map((path) => {
      const stats = statSync(join(this.workspace, path));
      return `${path} ${stats.mode.toString(8)} ${stats.mtimeMs} ${stats.isFile() ? readFileSync(join(this.workspace, path), 'utf8') : ''}`;
    });
  }

  dispose(): void {
    for (const ports of this.#open) ports.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function initWith(
  ports: Ports,
  request: BootstrapRequest,
  options: RunOptions = {},
): Promise<BootstrapReport> {
  const chosen = bootstrapOptions({ containers: false, ...request });
  return runBootstrap(planBootstrap(chosen, await survey(chosen, ports)), ports, options);
}

export function gitIn(folder: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=T', '-c', 'user.email=t@example.org', '-c', 'commit.gpgSign=false'];
  return execFileSync('git', [...identity, ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

export function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  if (content.startsWith('#!')) chmodSync(path, 0o755);
}

/** Paths below a folder, without `.git` and `.infrabuilder`. */
export function tree(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !/(^|\/)\.(git|infrabuilder)(\/|$)/.test(path))
    .sort();
}
