import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Another build can be tested by its path: while one runs, `dist` may be made anew. */
export const CLI = process.env.CLI_UNDER_TEST ?? fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Keeps standard input open: a run with `--events` stops when it ends. */
  readonly holdsInput?: boolean;
  /** Sends this signal once `output` has been seen on either stream. */
  readonly interrupt?: { readonly signal: NodeJS.Signals; readonly output: RegExp };
}

/** Runs the built command line as a user's shell would, without a terminal. */
export function runCli(args: readonly string[], { cwd, env, holdsInput, interrupt }: CliOptions): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd,
      env: { ...process.env, ...env },
    });
    if (holdsInput !== true) child.stdin.end();
    const seen = { stdout: '', stderr: '' };
    let interrupted = false;
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (chunk: string) => {
        seen[name] += chunk;
        if (interrupt !== undefined && !interrupted && interrupt.output.test(seen.stdout + seen.stderr)) {
          interrupted = true;
          child.kill(interrupt.signal);
        }
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...seen }));
  });
}
