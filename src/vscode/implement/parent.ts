import { CancelledError, errorMessage, HumanError } from '../../core/base/errors.ts';
import type { LanguageModel } from '../../core/ports.ts';
import type { ChildModelAnswer, ChildModelRequest } from '../runs/child.ts';

/** Asks the model that is on our side of a run. Never rejects: what goes wrong is the answer. */
export async function answerRequest(
  model: LanguageModel,
  { id, request }: ChildModelRequest,
  signal: AbortSignal,
): Promise<ChildModelAnswer> {
  try {
    return { type: 'model-turn', id, turn: await model.respond({ ...request, signal }) };
  } catch (error) {
    return { type: 'model-error', id, code: codeOf(error), message: errorMessage(error) };
  }
}

function codeOf(error: unknown): string {
  if (error instanceof CancelledError) return 'cancelled';
  return error instanceof HumanError ? error.code : 'model.failed';
}
