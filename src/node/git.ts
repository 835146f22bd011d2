import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CancelledError, EnvironmentError } from '../core/base/errors.ts';
import type { CloneOutcome, CloneRequest, Git, Processes, ProcessResult } from '../core/ports.ts';
import { isAlive } from './alive.ts';
import { createTools } from './tools.ts';

/** A surrounding git command (a hook, a rebase) must not lead ours to its own repository. */
const CLEAN = Object.fromEntries(
  ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY', 'GIT_COMMON_DIR', 'GIT_NAMESPACE'].map(
    (name) => [name, undefined],
  ),
);
/** Never waits for a person; answers in English, which errors are read in. */
const UNATTENDED = { GIT_TERMINAL_PROMPT: '0', GCM_INTERACTIVE: 'never', LC_ALL: 'C' };
/** Under 1,000 bytes a second for a minute is a line that stands still. */
const STALL = ['-c', 'http.lowSpeedLimit=1000', '-c', 'http.lowSpeedTime=60', '-c', 'protocol.ext.allow=never'];
const LOCAL_MS = 120_000;

export interface GitOptions {
  readonly root: string;
  readonly processes: Processes;
  /** Local paths that the person names are relative to this folder. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The Git port on the git program. */
export function createGit({ root, processes, cwd, env }: GitOptions): Git {
  const environment = {
    ...CLEAN,
    ...UNATTENDED,
    ...(env.GIT_SSH_COMMAND ? {} : { GIT_SSH_COMMAND: 'ssh -o BatchMode=yes' }),
  };

  function git(args: readonly string[], more: Partial<CloneRequest> = {}): Promise<ProcessResult> {
    const { signal, onLine, timeoutMs = LOCAL_MS } = more;
    return processes.run({
      argv: ['git', ...args],
      cwd: '.',
      env: environment,
      timeoutMs,
      ...(signal && { signal }),
      ...(onLine && { onLine: (text) => onLine(text) }),
    });
  }

  async function cloneInto(temporary: string, request: CloneRequest): Promise<CloneOutcome> {
    const { url, ref } = request;
    const isLocal = isLocalPath(url);
    const filter = isLocal ? [] : ['--filter=blob:none'];
    const checkout = ref === undefined ? [] : ['--no-checkout'];
    const from = isLocal ? resolve(cwd, url) : url;
    const cloned = await git([...STALL, 'clone', '--progress', ...filter, ...checkout, '--', from, temporary], request);
    if (!succeeded(cloned)) return failure(cloned);
    const within = ['-C', temporary];
    if (!succeeded(await git([...within, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}']))) {
      return { kind: 'no-commits', output: cloned.stderr };
    }
    if (ref !== undefined) {
      const chosen = await git([...within, 'checkout', '--quiet', ref, '--'], request);
      if (!succeeded(chosen)) return failure(chosen);
    }
    // A partial clone fetches old files when they are first read. Read those of the last commit now: goal G-1 compares
    // with it, and must do so without a network. A single commit has no parent; that is no failure.
    const { onLine: _, ...silent } = request;
    const compared = await git([...within, 'diff', '--numstat', 'HEAD^', 'HEAD'], silent);
    return compared.outcome === 'cancelled' || compared.outcome === 'timed-out'
      ? failure(compared)
      : { kind: 'cloned' };
  }

  async function configured(name: string): Promise<boolean> {
    return succeeded(await git(['config', '--get', name]));
  }

  async function must(args: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    const result = await git(args, signal && { signal });
    if (result.outcome === 'cancelled') throw new CancelledError();
    if (succeeded(result)) return;
    throw noCommit(failure(result).output.trim() || result.outcome);
  }

  return {
    async available() {
      // Not by running it: the workspace, where programs run, need not exist yet.
      const found = await createTools({ env, first: [] }).find('git');
      return found !== undefined && found.broken === undefined;
    },

    async clone(request) {
      const folder = join(root, request.folder);
      const temporary = join(dirname(folder), `.${basename(folder)}.cloning-${process.pid}`);
      try {
        await mkdir(dirname(folder), { recursive: true });
        await sweep(dirname(folder), basename(folder));
        const outcome = await cloneInto(temporary, request);
        if (outcome.kind === 'cloned') {
          await removeEmpty(folder);
          await rename(temporary, folder);
        }
        return outcome;
      } catch (error) {
        if (!isSystemError(error)) throw error;
        return { kind: 'failed', output: error.message };
      } finally {
        await rm(temporary, { recursive: true, force: true, maxRetries: 3 });
      }
    },

    async createRepository(commits, signal) {
      const scratch = join(root, '.infrabuilder', `git-${randomUUID()}`);
      const there = [`--git-dir=${join(scratch, '.git')}`, `--work-tree=${root}`];
      const identity = [
        ...((await configured('user.name')) ? [] : ['-c', 'user.name=InfraBuilder']),
        ...((await configured('user.email')) ? [] : ['-c', 'user.email=infrabuilder@localhost']),
      ];
      const branch = (await configured('init.defaultBranch')) ? [] : ['-c', 'init.defaultBranch=main'];
      const quiet = [
        '-c',
        'commit.gpgSign=false',
        '-c',
        `core.hooksPath=${join(scratch, 'no-hooks')}`,
        '-c',
        'core.safecrlf=false',
      ];
      try {
        await mkdir(scratch, { recursive: true });
        await must([...branch, 'init', '--quiet', '--template=', scratch], signal);
        for (const commit of commits) {
          await writeFile(join(scratch, 'files'), commit.files.map((file) => `${file}\0`).join(''));
          const list = [`--pathspec-from-file=${join(scratch, 'files')}`, '--pathspec-file-nul'];
          await must([...quiet, '--literal-pathspecs', ...there, 'add', '--force', ...list], signal);
          await must(
            [...quiet, ...identity, ...there, 'commit', '--quiet', '--no-verify', '-m', commit.message],
            signal,
          );
        }
        await publish(join(scratch, '.git'), join(root, '.git'));
      } catch (error) {
        throw isSystemError(error) ? noCommit(error.message) : error;
      } finally {
        await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
      }
    },
  };
}

/** Where another init was faster, its repository stays: it holds the same files. */
async function publish(repository: string, place: string): Promise<void> {
  try {
    await rename(repository, place);
  } catch (error) {
    if (!existsSync(place)) throw error;
  }
}

/** As git decides it: no scheme, and no `host:path`. */
export function isLocalPath(url: string): boolean {
  return /^[A-Za-z]:[\\/]/.test(url) || !/^([a-z][a-z0-9+.-]*:\/\/|[^/\\]*:)/i.test(url);
}

function succeeded(result: ProcessResult): boolean {
  return result.outcome === 'exited' && result.exitCode === 0;
}

function failure(result: ProcessResult): Exclude<CloneOutcome, { kind: 'cloned' }> {
  if (result.outcome === 'spawn-failed') return { kind: 'no-git', output: result.failure?.message ?? '' };
  const kind = result.outcome === 'cancelled' || result.outcome === 'timed-out' ? result.outcome : 'failed';
  return { kind, output: result.stderr };
}

function noCommit(why: string): EnvironmentError {
  return new EnvironmentError(
    'git.failed',
    `The first commit could not be made: ${why}`,
    'Mend that and run init again, or leave git out with --no-git.',
  );
}

/** A full disk, a missing permission: the words are those of the system. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

/** Removes what clones of this folder left behind whose process has died. */
async function sweep(parent: string, name: string): Promise<void> {
  const prefix = `.${name}.cloning-`;
  for (const entry of await readdir(parent)) {
    if (!entry.startsWith(prefix)) continue;
    const pid = Number(entry.slice(prefix.length));
    // Our own id counts as dead: this process sweeps before it clones.
    if (pid === process.pid || !isAlive(pid)) await rm(join(parent, entry), { recursive: true, force: true });
  }
}

/** Throws where the folder is not empty: nothing of a person's is ever removed. */
async function removeEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
