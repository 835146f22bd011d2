/** Why something was not done, for a model that can act on it. */
export interface Refusal {
  /** Stable: `guard.test-file`, `edit.stale`. */
  readonly code: string;
  /** What is refused and why, then what can be done instead. */
  readonly message: string;
}

export function refusal(code: string, message: string): Refusal {
  return { code, message };
}
