import { throwIfCancelled } from '../../base/errors.ts';
import type { Processes, ProcessResult, System } from '../../ports.ts';
import type { Execution } from '../claim.ts';
import type { Repository } from '../repository.ts';
import type { Build } from './build.ts';
import { buildsOf } from './languages.ts';

const BUILD_TIMEOUT_MS = 10 * 60_000;
const NO_DEPENDENCY =
  /no required module provides|missing go\.sum entry|module lookup disabled|cannot find module|dial tcp|no such host|unrecognized import path|is not in std|toolchain not available|requires go >=|C compiler "[^"]*" not found/;

export interface BuildPorts {
  readonly processes: Processes;
  readonly system: System;
}

export interface BuildOptions {
  readonly signal?: AbortSignal | undefined;
  readonly say?: ((message: string) => void) | undefined;
}

/** Compiles what is found: each Go module, each TypeScript project whose compiler is installed, all Python files. */
export async function runBuilds(
  ports: BuildPorts,
  repository: Repository,
  options: BuildOptions,
): Promise<Execution[]> {
  const found: Execution[] = [];
  for (const builds of buildsOf(repository, ports.system)) {
    // What does not build is not looked at twice.
    for (const build of builds) {
      const execution = await runBuild(ports, build, options);
      found.push(execution);
      if (execution.outcome !== 'holds') break;
    }
  }
  return found;
}

async function runBuild({ processes }: BuildPorts, build: Build, { signal, say }: BuildOptions): Promise<Execution> {
  const run = async (argv: readonly string[]): Promise<ProcessResult> => {
    throwIfCancelled(signal);
    const result = await processes.run({
      argv,
      cwd: build.cwd,
      timeoutMs: BUILD_TIMEOUT_MS,
      ...(signal && { signal }),
    });
    throwIfCancelled(signal);
    return result;
  };
  say?.(`${build.shown} (in ${build.cwd})`);
  const whole = judge(build, await run(build.argv));
  if (whole.outcome !== 'unknown' || build.partly === undefined) return whole;
  const listed = await run(build.partly.argv);
  const packages = listed.stdout.split(/\s+/).filter((name) => name !== '');
  if (packages.length === 0) return whole;
  const rest = judge(build, await run(build.partly.rest(packages)));
  return rest.outcome === 'breaks' ? rest : whole;
}

function judge(build: Build, result: ProcessResult): Execution {
  const { shown: command, cwd } = build;
  const common = { command, cwd, check: undefined };
  const unknown = (reason: string): Execution => ({ ...common, outcome: 'unknown', reason, place: undefined });
  if (result.outcome === 'spawn-failed') return unknown(`${build.argv[0]} cannot be run here.`);
  if (result.outcome !== 'exited') return unknown(`It did not end by itself (${result.outcome}).`);
  if (result.exitCode === 0) return { ...common, outcome: 'holds', reason: 'It exits 0.', place: undefined };
  const output = `${result.stderr}\n${result.stdout}`;
  const found = build.place(output);
  if (found !== undefined) return { ...common, outcome: 'breaks', reason: found.message, place: found.location };
  if (NO_DEPENDENCY.test(output)) return unknown('A dependency is missing on this machine.');
  const line = output.split(/\r?\n/).find((one) => one.trim() !== '' && !one.startsWith('#'));
  // An exit code without a place in the source is as likely the tool's own trouble.
  return unknown(`It exits ${result.exitCode}: ${line?.trim() ?? 'no output'}`);
}
