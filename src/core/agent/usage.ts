import type { ModelMessage, ModelUsage } from '../ports.ts';

/** A rough average over prose and code; good enough to end a run that costs too much. */
const CHARACTERS_PER_TOKEN = 4;

/** What a turn cost where the model does not count. Both counts are characters. */
export function estimatedUsage(input: number, output: number): ModelUsage {
  return {
    inputTokens: Math.ceil(input / CHARACTERS_PER_TOKEN),
    outputTokens: Math.ceil(output / CHARACTERS_PER_TOKEN),
  };
}

/** Characters that a message costs. */
export function sizeOf(
  message: Pick<ModelMessage, 'text'> & { readonly toolCalls?: readonly SizedCall[] | undefined },
): number {
  const calls = message.toolCalls ?? [];
  return message.text.length + calls.reduce((sum, { name, raw }) => sum + name.length + raw.length, 0);
}

interface SizedCall {
  readonly name: string;
  readonly raw: string;
}
