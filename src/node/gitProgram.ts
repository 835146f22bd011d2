import { execFile } from 'node:child_process';

/** A surrounding git command (a hook, a rebase) must not lead ours to its own repository. */
const HIDDEN = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_COMMON_DIR',
  'GIT_NAMESPACE',
];
/** No cache or monitor may stand between git and the files, and quoting must not change names. */
const HONEST = ['core.fsmonitor=false', 'core.untrackedCache=false', 'core.trustctime=true', 'core.checkStat=default'];
const LIMIT_BYTES = 256 * 1024 * 1024;

export interface GitAnswer {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** Git itself could not be started. */
  readonly missing: boolean;
}

/** Runs git for a question that takes milliseconds. Never waits for a person, never takes a lock it can do without. */
export function askGit(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<GitAnswer> {
  const options = HONEST.flatMap((option) => ['-c', option]);
  const clean = { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
  for (const name of HIDDEN) delete (clean as Record<string, string | undefined>)[name];
  return new Promise((resolve) => {
    execFile(
      'git',
      [...options, ...args],
      { cwd, env: { ...clean, ...env }, maxBuffer: LIMIT_BYTES, windowsHide: true, encoding: 'utf8' },
      (error, stdout, stderr) => resolve({ ok: error === null, stdout, stderr, missing: error?.code === 'ENOENT' }),
    );
  });
}
