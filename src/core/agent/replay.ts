import { HumanError, throwIfCancelled } from '../base/errors.ts';
import type { TranscriptEntry } from '../model/implementation.ts';
import type { LanguageModel, ModelMessage, ModelTurn } from '../ports.ts';
import { rebuild } from './conversation.ts';
import { oneLine } from './text.ts';

/**
 * A model that gives the answers of a recorded run again, in their order. `onDivergence` hears where a request is not what
 * it was then, such as another result of a tool. HumanError `implement.replay-ended` past the last answer.
 */
export function replayModel(
  entries: readonly TranscriptEntry[],
  onDivergence: (message: string) => void = () => {},
): LanguageModel {
  const recorded = rebuild([...entries]).kept;
  const responses = recorded.filter((entry) => entry.type === 'response');
  const requests = recorded.filter((entry) => entry.type === 'request');
  const name = recorded.find((entry) => entry.type === 'run')?.model ?? 'an unnamed model';
  let next = 0;
  let sent = 0;
  return {
    name: `replay of ${name}`,
    async respond({ messages, signal }): Promise<ModelTurn> {
      throwIfCancelled(signal);
      const at = next++;
      const response = responses[at];
      if (response === undefined) {
        throw new HumanError(
          'implement.replay-ended',
          `The recording has ${responses.length} answers, and the run asks for one more: it went another way than then.`,
          'Look at the first difference that was told, or run it with a model.',
        );
      }
      const fresh = messages.slice(sent).filter(({ role }) => role !== 'assistant');
      sent = messages.length;
      const then = (requests[at]?.messages ?? []).filter(({ role }) => role !== 'assistant');
      const difference = firstDifference(fresh, then);
      if (difference !== undefined) onDivergence(`Step ${response.step}: ${difference}`);
      return {
        text: response.text,
        toolCalls: response.toolCalls.map(({ input, ...call }) => ({ ...call, input: input ?? undefined })),
        stop: response.stop,
        usage: response.usage ?? undefined,
      };
    },
  };
}

function firstDifference(now: readonly ModelMessage[], then: readonly Record<string, unknown>[]): string | undefined {
  for (const [at, message] of now.entries()) {
    const recorded = then[at];
    if (recorded?.text === message.text) continue;
    const what = message.role === 'tool' ? `the result of the call ${message.callId}` : `what the ${message.role} says`;
    const was = typeof recorded?.text === 'string' ? oneLine(recorded.text) : 'nothing';
    return `${what} is not as recorded. Then: ${was} Now: ${oneLine(message.text)}`;
  }
  return now.length < then.length ? 'it is told less than was recorded.' : undefined;
}
