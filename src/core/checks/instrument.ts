import { posix } from 'node:path';
import type { Check } from '../model/check.ts';
import type { Processes } from '../ports.ts';

/** What is really run for a check, and where its cover profile will be. */
export interface Command {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Relative to the workspace root. */
  readonly coverProfile: string | undefined;
}

const GO_ENV_TIMEOUT_MS = 10_000;

/**
 * Adds what the parser needs to see and a user need not write. For `go test`: -json, so that every test is known by name,
 * and a cover profile when a minimum is asked for, because only that gives the total. Behind make or a script the same
 * `go test` is reached through GOFLAGS=-v, which names the tests in the plain format; go's other commands tolerate it.
 */
export async function instrument(name: string, check: Check, cwd: string, processes: Processes): Promise<Command> {
  const [program = '', verb] = check.run;
  if (check.parser !== 'gotest') return { argv: check.run, env: {}, coverProfile: undefined };
  const isGo = /^go(?:\.exe)?$/.test(posix.basename(program.replaceAll('\\', '/')));
  if (!isGo || verb !== 'test')
    return { argv: check.run, env: await verboseGo(cwd, processes), coverProfile: undefined };

  const given = flagsOf(check.run);
  const extra: string[] = [];
  if (!given.has('json')) extra.push('-json');
  const own = given.get('coverprofile');
  let coverProfile = own === undefined ? undefined : posix.join(cwd, own);
  if (check.coverage !== undefined && own === undefined) {
    coverProfile = `.infrabuilder/coverage/${name}.out`;
    extra.push(`-coverprofile=${posix.relative(cwd, coverProfile)}`);
  }
  return { argv: [program, verb, ...extra, ...check.run.slice(2)], env: {}, coverProfile };
}

/** Flags before -args, by name: `-name`, `--name`, `-name=value`; a cover profile's value may be the next word. */
function flagsOf(argv: readonly string[]): Map<string, string> {
  const flags = new Map<string, string>();
  for (const [index, word] of argv.entries()) {
    const [, name, value] = /^--?([a-z]+)(?:=(.*))?$/.exec(word) ?? [];
    if (name === 'args') break;
    if (name !== undefined) flags.set(name, value ?? (name === 'coverprofile' ? (argv[index + 1] ?? '') : ''));
  }
  return flags;
}

/** GOFLAGS may also be set in go's own configuration file, which the environment would hide: so go is asked. */
async function verboseGo(cwd: string, processes: Processes): Promise<Record<string, string>> {
  const asked = await processes.run({ argv: ['go', 'env', 'GOFLAGS'], cwd, timeoutMs: GO_ENV_TIMEOUT_MS });
  if (asked.outcome !== 'exited' || asked.exitCode !== 0) return {};
  return { GOFLAGS: `${asked.stdout.trim()} -v`.trim() };
}
