import type { Budget } from '../model/implementation.ts';
import type { Account } from './account.ts';

const MINUTE = 60_000;

/** Why a run may not go on, one sentence with the figures; undefined while it may. Asked before each turn. */
export function usedUp(budget: Budget, account: Account): string | undefined {
  const { inputTokens, outputTokens, estimated } = account.usage;
  const tokens = inputTokens + outputTokens;
  if (account.steps >= budget.steps) return `The budget of ${budget.steps} steps is used up.`;
  if (tokens >= budget.tokens) {
    const how = estimated === true ? ' (estimated, because the model does not count them)' : '';
    return `The budget of ${budget.tokens} tokens is used up: ${tokens}${how}.`;
  }
  if (account.elapsed >= budget.minutes * MINUTE) return outOfTime(budget);
  for (const [stage, times] of account.failed) {
    if (times >= budget.repairs)
      return `The stage "${stage}" failed ${times} times; the budget is ${budget.repairs} repairs.`;
  }
  return undefined;
}

export function outOfTime({ minutes }: Budget): string {
  return `The budget of ${minutes} minutes is used up.`;
}

/** Milliseconds that are left. */
export function timeLeft({ minutes }: Budget, { elapsed }: Account): number {
  return Math.max(0, minutes * MINUTE - elapsed);
}

/** Why a change is too large, one sentence with the figures. */
export function tooLarge(
  budget: Budget,
  changes: readonly { readonly addedLines: number; readonly removedLines: number }[],
): string | undefined {
  if (changes.length > budget.files) {
    return `${changes.length} files would differ from the base; the budget is ${budget.files} files.`;
  }
  const lines = changes.reduce((sum, { addedLines, removedLines }) => sum + addedLines + removedLines, 0);
  return lines > budget.lines
    ? `${lines} lines would differ from the base; the budget is ${budget.lines} lines.`
    : undefined;
}
