import type OpenAI from 'openai';
import type { ModelMessage, ModelRequest, ModelTool } from '../../core/ports.ts';

type Body = OpenAI.ChatCompletionCreateParamsStreaming;

/** Parts of a request that some servers refuse; each is left out, or told otherwise, when a server names it. */
export interface Dialect {
  readonly streamOptions: boolean;
  readonly temperature: boolean;
  /** What newer services call the limit of tokens. */
  readonly completionTokens: boolean;
}

export const USUAL_DIALECT: Dialect = { streamOptions: true, temperature: true, completionTokens: false };

export function requestBody(model: string, request: ModelRequest, dialect: Dialect): Body {
  const { messages, tools = [], maxOutputTokens, temperature } = request;
  return {
    model,
    messages: messages.map(toMessage),
    stream: true,
    ...(dialect.streamOptions && { stream_options: { include_usage: true } }),
    ...(tools.length > 0 && { tools: tools.map(toTool) }),
    ...(temperature !== undefined && dialect.temperature && { temperature }),
    ...(maxOutputTokens !== undefined &&
      (dialect.completionTokens ? { max_completion_tokens: maxOutputTokens } : { max_tokens: maxOutputTokens })),
  };
}

/** The dialect of a server that refused a request with this message; undefined where the message names nothing that could go. */
export function adapt(dialect: Dialect, message: string): Dialect | undefined {
  if (dialect.streamOptions && message.includes('stream_options')) return { ...dialect, streamOptions: false };
  if (!dialect.completionTokens && message.includes('max_completion_tokens'))
    return { ...dialect, completionTokens: true };
  if (dialect.temperature && message.includes('temperature')) return { ...dialect, temperature: false };
  return undefined;
}

function toMessage(message: ModelMessage): OpenAI.ChatCompletionMessageParam {
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content: message.text };
    case 'tool':
      return { role: 'tool', tool_call_id: message.callId, content: message.text };
    case 'assistant': {
      const { text, toolCalls = [] } = message;
      const calls = toolCalls.map(({ id, name, raw, input }) => {
        // A server parses what it is sent back; what the model garbled must not make the whole request fail.
        const sent = input === undefined ? '{}' : raw.trim() === '' ? '{}' : JSON.stringify(input);
        return { id, type: 'function' as const, function: { name, arguments: sent } };
      });
      return { role: 'assistant', content: text, ...(calls.length > 0 && { tool_calls: calls }) };
    }
  }
}

function toTool({ name, description, input }: ModelTool): OpenAI.ChatCompletionTool {
  return { type: 'function', function: { name, description, parameters: { ...input } } };
}
