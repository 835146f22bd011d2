import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { errorMessage, HumanError } from '../core/base/errors.ts';

/** The code that MCP gives to a resource that is not there. */
const RESOURCE_NOT_FOUND = -32002;
const NOT_FOUND = new Set(['resource.missing', 'resource.bad-run', 'task.unknown']);

/** What a person or a model can mend, in one text. */
export function textOf(error: unknown): string {
  const hint = error instanceof HumanError && error.hint !== undefined ? `\n${error.hint}` : '';
  return errorMessage(error) + hint;
}

/** An expected failure as the protocol's error; anything else is a bug and stays as it is. */
export async function withProtocolErrors<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof HumanError)) throw error;
    throw new McpError(NOT_FOUND.has(error.code) ? RESOURCE_NOT_FOUND : ErrorCode.InvalidParams, textOf(error), {
      code: error.code,
    });
  }
}
