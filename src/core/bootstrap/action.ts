import type { FirstCommit } from '../ports.ts';
import type { Remote, RemoteOption } from './remote.ts';

/** One step of a bootstrap. Paths are relative to the workspace root. */
export type BootstrapAction =
  | { readonly kind: 'create-folder'; readonly path: string }
  | WriteAction
  | {
      readonly kind: 'clone';
      readonly path: string;
      readonly remote: Remote;
      /** Prefix of the options that name this remote. */
      readonly option: RemoteOption;
    }
  | { readonly kind: 'commit'; readonly commits: readonly FirstCommit[] }
  | { readonly kind: 'start-containers'; readonly path: string }
  | { readonly kind: 'keep'; readonly path: string; readonly reason: string }
  | { readonly kind: 'skip'; readonly what: string; readonly reason: string }
  | { readonly kind: 'conflict'; readonly path: string; readonly message: string; readonly hint: string };

export interface WriteAction {
  /** `copy-file`: a document of the person's, from `from`. `append-lines`: adds `lines` to a file of theirs. */
  readonly kind: 'write-file' | 'copy-file' | 'append-lines' | 'replace-file';
  readonly path: string;
  readonly content: string;
  readonly executable: boolean;
  /** The text that the file has now; null where there is none. */
  readonly before: string | null;
  readonly from?: string;
  readonly lines?: readonly string[];
}

export interface BootstrapPlan {
  /** Absolute. */
  readonly root: string;
  /** In the order in which they run. */
  readonly actions: readonly BootstrapAction[];
  /** Files that are as they should be. */
  readonly unchanged: readonly string[];
  /** Names of things in the folder that are no part of a workspace: bootstrap asks before it adds to them. */
  readonly strangers: readonly string[];
  readonly warnings: readonly string[];
}

const IDLE: readonly BootstrapAction['kind'][] = ['keep', 'skip', 'conflict'];

/** True where running the plan would change nothing. */
export function isNothingToDo(plan: BootstrapPlan): boolean {
  return plan.actions.every((action) => IDLE.includes(action.kind));
}

export function isWrite(action: BootstrapAction): action is WriteAction {
  return 'content' in action;
}
