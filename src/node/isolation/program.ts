import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { EnvironmentError, HumanError } from '../../core/base/errors.ts';

/** Of the surrounding GIT_* variables only these count: the rest would lead git to another repository, index or program. */
const KEPT = /^GIT_(?:EXEC_PATH|CEILING_DIRECTORIES|CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+))$/;
const UNATTENDED = {
  GIT_TERMINAL_PROMPT: '0',
  GCM_INTERACTIVE: 'never',
  GIT_ASKPASS: '',
  SSH_ASKPASS: '',
  GIT_PAGER: 'cat',
  GIT_EDITOR: ':',
  GIT_OPTIONAL_LOCKS: '0',
  LC_ALL: 'C',
};
/** Commits of a run are the machine's, whatever the person's identity is, or whether there is one. */
const IDENTITY = {
  GIT_AUTHOR_NAME: 'InfraBuilder',
  GIT_AUTHOR_EMAIL: 'infrabuilder@localhost',
  GIT_COMMITTER_NAME: 'InfraBuilder',
  GIT_COMMITTER_EMAIL: 'infrabuilder@localhost',
};
/** No hook, monitor, clean-up or submodule of the person's takes part. Their filters and line ends do: files must be equal. */
const PLAIN = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.trustctime=true',
  'core.checkStat=default',
  'core.quotePath=false',
  'core.safecrlf=false',
  'core.longpaths=true',
  'gc.auto=0',
  'maintenance.auto=false',
  'submodule.recurse=false',
  'protocol.ext.allow=never',
].flatMap((option) => ['-c', option]);
const LIMIT_BYTES = 512 * 1024 * 1024;
/** A filter that never ends must not hold a run. */
const LONGEST_MS = 300_000;
const LOCK_TRIES = 40;
const LOCK_PAUSE_MS = 125;
const LOCKED = /Unable to create '([^']+\.lock)': File exists/;

export interface GitOptions {
  readonly input?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

interface Answer {
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly failure: (Error & { readonly code?: unknown; readonly killed?: boolean }) | null;
}

/**
 * Runs git in a folder and gives what it prints. Waits a few seconds for a lock that another git holds. HumanError
 * `isolation.git` with git's own words, EnvironmentError `isolation.git-missing` where there is no git.
 */
export async function git(cwd: string, args: readonly string[], options: GitOptions = {}): Promise<Buffer> {
  for (let tries = 1; ; tries++) {
    const { stdout, stderr, failure } = await run(cwd, args, options);
    if (failure === null) return stdout;
    const lock = LOCKED.exec(stderr);
    if (lock === null || tries >= LOCK_TRIES) throw explain(cwd, args, stderr, failure, lock?.[1]);
    await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
  }
}

/** As `git`, as text without the last line end. */
export async function gitText(cwd: string, args: readonly string[], options: GitOptions = {}): Promise<string> {
  return (await git(cwd, args, options)).toString('utf8').replace(/\r?\n$/, '');
}

/** As `gitText`; undefined where git ends with an error, such as for a question that has no answer. */
export async function tryGit(cwd: string, args: readonly string[]): Promise<string | undefined> {
  const { stdout, failure, stderr } = await run(cwd, args, {});
  if (failure === null) return stdout.toString('utf8').replace(/\r?\n$/, '');
  if (failure.code === 'ENOENT' && existsSync(cwd)) throw explain(cwd, args, stderr, failure, undefined);
  return undefined;
}

/** Parts that git ended with NUL. */
export function records(output: Buffer): string[] {
  return output
    .toString('utf8')
    .split('\0')
    .filter((part) => part !== '');
}

function run(cwd: string, args: readonly string[], { input, env }: GitOptions): Promise<Answer> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_') || KEPT.test(name));
  return new Promise((resolve) => {
    const child = execFile(
      'git',
      ['--no-pager', '--literal-pathspecs', ...PLAIN, ...args],
      {
        cwd,
        env: { ...Object.fromEntries(inherited), ...UNATTENDED, ...IDENTITY, ...env },
        maxBuffer: LIMIT_BYTES,
        timeout: LONGEST_MS,
        windowsHide: true,
        encoding: 'buffer',
      },
      (failure, stdout, stderr) => resolve({ failure, stdout, stderr: stderr.toString('utf8') }),
    );
    // Git that ends before it has read everything says why on standard error.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}

function explain(
  cwd: string,
  args: readonly string[],
  stderr: string,
  failure: NonNullable<Answer['failure']>,
  lock: string | undefined,
): HumanError {
  if (failure.code === 'ENOENT' && existsSync(cwd)) {
    return new EnvironmentError(
      'isolation.git-missing',
      'git was not found on the PATH.',
      'Install git: a run works in a copy that git keeps.',
    );
  }
  const said = existsSync(cwd) ? stderr.trim() || failure.message : 'that folder is gone';
  if (lock !== undefined) {
    const hint = `If no git is at work, a crash has left that file: remove ${lock}.`;
    return new HumanError('isolation.git-locked', `Another git holds a lock in ${cwd}: ${said}`, hint);
  }
  const why = failure.killed === true ? `it did not end within ${LONGEST_MS / 60_000} minutes` : said;
  return new HumanError('isolation.git', `git ${args[0] ?? ''} failed in ${cwd}: ${why}`, 'Mend that and try again.');
}
