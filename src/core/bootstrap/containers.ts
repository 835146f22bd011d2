import type { Files, Processes } from '../ports.ts';
import { join } from './layout.ts';

const COMPOSE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const ANSWER_MS = 10_000;
export const NO_COMPOSE_FILE = 'the testbed has no compose file';
const WITHOUT = 'the embedded services work without it';

/** `ready` also where it cannot be told yet, because there is no testbed. */
export type ContainerState =
  | { readonly kind: 'ready' | 'running' | 'unwanted' }
  | { readonly kind: 'unavailable'; readonly reason: string };

export interface ContainerPorts {
  readonly files: Files;
  readonly processes: Processes;
}

/** Asks Docker; starts nothing. `testbed` is undefined while there is no workspace. */
export async function containerState(
  ports: ContainerPorts,
  testbed: string | undefined,
  signal?: AbortSignal,
): Promise<ContainerState> {
  if (testbed === undefined) return { kind: 'ready' };
  const isThere = (await ports.files.stat(testbed))?.kind === 'folder';
  if (isThere && !(await hasComposeFile(ports.files, testbed))) return unavailable(NO_COMPOSE_FILE);
  const engine = await ask(ports, ['docker', 'info', '--format', '{{.ServerVersion}}'], '.', signal);
  if (engine === undefined) return unavailable(`no Docker engine answers; ${WITHOUT}`);
  if ((await ask(ports, ['docker', 'compose', 'version'], '.', signal)) === undefined) {
    return unavailable(`Docker has no compose plugin; ${WITHOUT}`);
  }
  if (!isThere) return { kind: 'ready' };
  const all = await ask(ports, ['docker', 'compose', 'config', '--services'], testbed, signal);
  const up = await ask(ports, ['docker', 'compose', 'ps', '--services', '--status', 'running'], testbed, signal);
  return { kind: all !== undefined && sortedLines(all) === sortedLines(up ?? '') ? 'running' : 'ready' };
}

export function isComposeFile(path: string, testbed: string): boolean {
  return COMPOSE_FILES.some((name) => path === join(testbed, name));
}

async function hasComposeFile(files: Files, testbed: string): Promise<boolean> {
  const stats = await Promise.all(COMPOSE_FILES.map((name) => files.stat(join(testbed, name))));
  return stats.some((stat) => stat?.kind === 'file');
}

/** Standard output of a program that succeeded. */
async function ask(
  ports: ContainerPorts,
  argv: readonly string[],
  cwd: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const result = await ports.processes.run({ argv, cwd, timeoutMs: ANSWER_MS, ...(signal && { signal }) });
  return result.outcome === 'exited' && result.exitCode === 0 ? result.stdout : undefined;
}

function unavailable(reason: string): ContainerState {
  return { kind: 'unavailable', reason };
}

function sortedLines(text: string): string {
  return text.split(/\r?\n/).filter(Boolean).sort().join('\n');
}
