import { CancelledError, EnvironmentError, HumanError } from '../core/base/errors.ts';
import type { Verdict } from '../core/model/verdict.ts';

/** The exit codes that scripts rely on. */
export const EXIT = {
  holds: 0,
  doesNotHold: 1,
  usage: 2,
  environment: 3,
  notRun: 4,
  interrupted: 130,
} as const;

export function exitCodeOf(verdict: Verdict): number {
  if (verdict === 'pass') return EXIT.holds;
  return verdict === 'fail' || verdict === 'error' ? EXIT.doesNotHold : EXIT.notRun;
}

/** The exit code of an expected failure, or undefined for a bug. */
export function exitCodeOfError(error: unknown): number | undefined {
  if (error instanceof CancelledError) return EXIT.interrupted;
  if (error instanceof EnvironmentError) return EXIT.environment;
  return error instanceof HumanError ? EXIT.usage : undefined;
}
