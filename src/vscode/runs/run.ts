import { l10n } from 'vscode';
import type { z } from 'zod';
import type { Implementation } from '../../core/model/implementation.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import type { check } from '../../core/operations/check.ts';
import type { RunJson as ScenarioJson } from '../../core/operations/e2eRun.ts';
import type { VerifyJson } from '../../core/operations/verify.ts';
import type { Session } from '../session.ts';

export type CheckJson = z.output<typeof check.output>;

/** What can be started. */
export type RunRequest =
  | { readonly kind: 'check' | 'scenario'; readonly name: string }
  /** `goals`: only these; all where it is undefined. */
  | { readonly kind: 'verify'; readonly goals?: readonly string[] }
  /** A model writes a task. `resume`: goes on with this run of the loop. */
  | { readonly kind: 'implement'; readonly slug: string; readonly resume?: string };

/** How a run ended; `unusable`: there is no result, `message` says why. */
export type RunEnd =
  | { readonly kind: 'check'; readonly result: CheckJson }
  | { readonly kind: 'verify'; readonly result: VerifyJson }
  | { readonly kind: 'scenario'; readonly result: ScenarioJson }
  | { readonly kind: 'implement'; readonly result: Implementation }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'unusable'; readonly message: string };

/** `gone`: accepted or discarded elsewhere, such as on the command line. */
export type Settled = 'accepted' | 'discarded' | 'gone';

/** One run, from its start on. Changed in place; `Runs.onDidChange` says when. */
export interface Run {
  readonly id: number;
  readonly session: Session;
  readonly request: RunRequest;
  /** What the run is called everywhere, such as `test`. */
  readonly title: string;
  readonly startedAt: Date;
  readonly ended: Promise<RunEnd>;
  /** The last line of progress. */
  progress: string;
  end: RunEnd | undefined;
  endedAt: Date | undefined;
  /** Files have changed since the run began, so its result speaks of an older tree. */
  stale: boolean;
  /** The run of the implementation loop that this one is, once it has a copy of the workspace. */
  copy: string | undefined;
  /** What became of that copy; undefined while a person can still decide about its change. */
  settled: Settled | undefined;
  cancel(): void;
}

export function argumentsOf(request: RunRequest): readonly string[] {
  switch (request.kind) {
    case 'check':
      return ['check', request.name];
    case 'scenario':
      return ['e2e', 'run', `--scenario=${request.name}`];
    case 'verify':
      return ['verify', ...(request.goals ?? []).flatMap((id) => ['--goal', id])];
    case 'implement':
      return ['implement', request.resume === undefined ? request.slug : `--resume=${request.resume}`];
  }
}

/** Also the identity of a request: two with the same title are the same. */
export function titleOf(request: RunRequest): string {
  if (request.kind === 'implement') return l10n.t('implement {0}', request.slug);
  if (request.kind !== 'verify') return request.name;
  return request.goals === undefined ? l10n.t('checkpoint') : l10n.t('verify {0}', request.goals.join(', '));
}

export function endOf(request: RunRequest, result: unknown): RunEnd {
  switch (request.kind) {
    case 'check':
      return { kind: 'check', result: result as CheckJson };
    case 'scenario':
      return { kind: 'scenario', result: result as ScenarioJson };
    case 'verify':
      return { kind: 'verify', result: result as VerifyJson };
    case 'implement':
      return { kind: 'implement', result: result as Implementation };
  }
}

/** The verdict of a run that has one. */
export function verdictOf(end: RunEnd): Verdict | undefined {
  if (end.kind === 'check' || end.kind === 'scenario') return end.result.verdict;
  if (end.kind === 'implement') return OUTCOME_VERDICT[end.result.outcome];
  if (end.kind !== 'verify') return undefined;
  return end.result.holds ? 'pass' : 'fail';
}

const OUTCOME_VERDICT: Readonly<Record<Implementation['outcome'], Verdict>> = {
  done: 'pass',
  'not-done': 'fail',
  'needs-person': 'inconclusive',
};

export function sameRequest(a: RunRequest, b: RunRequest): boolean {
  return a.kind === b.kind && titleOf(a) === titleOf(b);
}
