import { CancelledError, type HumanError } from '../base/errors.ts';
import type { Git } from '../ports.ts';
import type { BootstrapAction } from './action.ts';
import { cloneFailure } from './cloneFailure.ts';
import type { RunOptions } from './progress.ts';
import { redact } from './remote.ts';

/** Enough for the agent's history on a slow line; git itself gives up on a line that stands still. */
const CLONE_MS = 30 * 60_000;

type CloneAction = Extract<BootstrapAction, { kind: 'clone' }>;

/** Returns why the clone failed; throws CancelledError. */
export async function runClone(action: CloneAction, git: Git, options: RunOptions): Promise<HumanError | undefined> {
  const { signal, onProgress } = options;
  const outcome = await git.clone({
    ...action.remote,
    folder: action.path,
    timeoutMs: CLONE_MS,
    onLine: (text) => onProgress?.({ kind: 'output', text: redact(text) }),
    ...(signal && { signal }),
  });
  if (outcome.kind === 'cloned') return undefined;
  if (outcome.kind === 'cancelled') throw new CancelledError();
  return cloneFailure(outcome, action.remote, action.option);
}
