import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { TOOLS_BIN, withToolPath } from './core/doctor/toolPath.ts';
import { createEngine, type Engine } from './core/engine.ts';
import { KEY_VARIABLE } from './core/model/modelKey.ts';
import type { Approval, Measuring, Processes } from './core/ports.ts';
import { createReplayOracle } from './e2e/oracle/oracle.ts';
import { createFiles } from './node/files.ts';
import { createGit } from './node/git.ts';
import { createIsolation } from './node/isolation/isolation.ts';
import { createLocks } from './node/locks.ts';
import { createMachine } from './node/machine.ts';
import { createModelEndpoints } from './node/openai/endpoints.ts';
import { createProcesses } from './node/processes.ts';
import { createProcessGuard } from './node/processGuard.ts';
import { createScratch } from './node/scratch.ts';
import { createSyntaxTrees } from './node/syntaxTrees.ts';
import { createTarget, resolveLinks } from './node/target.ts';
import { createTemplates } from './node/templates.ts';
import { createTools } from './node/tools.ts';
import { createTranscripts } from './node/transcripts.ts';
import { createWorkTree } from './node/tree.ts';
import { createWatcher } from './node/watcher.ts';

export interface HostOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly approval: Approval;
  /** Runs the programs of another workspace; copies share it, because each has handlers for the end of this process. */
  readonly processes?: Processes;
  /** The workspace whose installed tools serve this one. A copy has none of its own: whoever writes in it could plant one. */
  readonly toolsOf?: string;
}

/** The engine of the workspace at `root`, on this machine. `start`: where the person stands. */
export function composeEngine(root: string, start: string, host: HostOptions): Engine {
  const { env, approval, processes: shared } = host;
  const target = createTarget(root, start);
  const real = resolveLinks(resolve(start, root));
  const { toolsOf = real } = host;
  const tools = createTools({ env, first: [join(toolsOf, TOOLS_BIN)] });
  const toolPath = withToolPath(toolsOf, env, tools.system.os);
  const own =
    shared === undefined ? createProcesses(real, createProcessGuard(ownCommand('__guard'))) : at(shared, real);
  const processes = withEnvironment(own, { ...toolPath, [KEY_VARIABLE]: undefined });
  const files = createFiles(real);
  const measuring = createLazyMeasuring(real);
  return createEngine({
    files,
    processes,
    clock: { now: () => new Date(), monotonic: () => performance.now() },
    approval,
    locks: createLocks(real),
    tools,
    git: createGit({ root: real, processes, cwd: start, env }),
    target,
    templates: createTemplates(join(packageRoot(), 'templates')),
    oracle: createReplayOracle(real),
    tree: createWorkTree(files),
    machine: createMachine(processes),
    trees: createSyntaxTrees({ grammarDir: join(packageRoot(), 'dist', 'grammars') }),
    scenarios: measuring,
    measuring,
    models: createModelEndpoints(),
    isolation: createIsolation(real),
    scratch: createScratch(real),
    openWorkspace: (copy) => composeEngine(copy, copy, { env, approval, processes: own, toolsOf }),
    transcripts: createTranscripts(real, start),
    watcher: createWatcher(real),
    version: packageVersion(),
    env,
  });
}

/** The measuring side loads when it is first asked. */
function createLazyMeasuring(root: string): Measuring {
  const load = async () => {
    const { createMeasuring } = await import('./e2e/runner/measuring.ts');
    const workloadSource = join(packageRoot(), 'templates', 'e2e-workload');
    return createMeasuring({ root, workloadSource, launcher: { command: workerCommand } });
  };
  return {
    run: async (request) => (await load()).run(request),
    plan: async (request) => (await load()).plan(request),
    resolveAll: async () => (await load()).resolveAll(),
    profile: async (order) => (await load()).profile(order),
  };
}

/** Our own servers are this command line again. */
function workerCommand(name: string, args: readonly string[]): string[] {
  return ownCommand('__worker', name, ...args);
}

function ownCommand(...args: readonly string[]): string[] {
  const here = fileURLToPath(import.meta.url);
  const folder = /^.*[\\/](?:src|dist)(?=[\\/])/.exec(here)?.[0] ?? '';
  const entry = folder.endsWith('src') ? 'cli.ts' : 'cli.js';
  return [process.execPath, join(folder, entry), ...args];
}

export function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  return (manifest as { version: string }).version;
}

/** The folder with package.json and templates: above `src` and `dist`, and above a folder of chunks in `dist`. */
function packageRoot(): string {
  const here = fileURLToPath(import.meta.url);
  const root = /^(.*)[\\/](?:src|dist)[\\/]/.exec(here)?.[1];
  if (root === undefined) throw new Error(`No package around ${here}.`);
  return root;
}

function withEnvironment(processes: Processes, env: Readonly<Record<string, string | undefined>>): Processes {
  return { run: (request) => processes.run({ ...request, env: { ...env, ...request.env } }) };
}

function at(processes: Processes, root: string): Processes {
  return { run: (request) => processes.run({ ...request, cwd: resolve(root, request.cwd) }) };
}
