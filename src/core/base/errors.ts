/** A problem that the user can mend. Surfaces print `message` and, below it, `hint`: the next step. */
export class HumanError extends Error {
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HumanError';
    this.code = code;
    this.hint = hint;
  }
}

/** Something the machine lacks (a tool, a permission, disk space). Command lines answer it with exit code 3. */
export class EnvironmentError extends HumanError {
  override readonly name = 'EnvironmentError';
}

/** The user or a caller asked to stop. Command lines answer it with exit code 130. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';

  constructor(message = 'Cancelled.') {
    super(message);
  }
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CancelledError();
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
