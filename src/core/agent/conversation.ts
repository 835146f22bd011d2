import { z } from 'zod';
import type { TranscriptEntry } from '../model/implementation.ts';
import type { ModelMessage } from '../ports.ts';
import { sizeOf } from './usage.ts';

const toolCall = z.object({
  id: z.string(),
  name: z.string(),
  input: z.record(z.string(), z.unknown()).optional(),
  raw: z.string(),
});
const messageSchema = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), text: z.string() }),
  z.object({ role: z.literal('user'), text: z.string() }),
  z.object({ role: z.literal('assistant'), text: z.string(), toolCalls: z.array(toolCall).optional() }),
  z.object({ role: z.literal('tool'), callId: z.string(), text: z.string() }),
]);

/** Characters of a conversation that are sent; what a small local model still takes beside its answer. */
export const LONGEST = 160_000;
/** A result that is no longer sent says so. */
const LEFT_OUT = '[This result was left out to keep the conversation short. Call the tool again if you need it.]';
const SHORT_RESULT = 400;

/** The conversation as it is sent: the oldest long results of tools are left out where the whole is too long. */
export function fitted(messages: readonly ModelMessage[], limit = LONGEST): readonly ModelMessage[] {
  let excess = messages.reduce((sum, message) => sum + sizeOf(message), 0) - limit;
  return messages.map((message) => {
    if (excess <= 0 || message.role !== 'tool' || message.text.length <= SHORT_RESULT) return message;
    excess -= message.text.length - LEFT_OUT.length;
    return { ...message, text: LEFT_OUT };
  });
}

export interface Rebuilt {
  readonly messages: readonly ModelMessage[];
  /** Those that the next request is the first to send. */
  readonly unsent: readonly ModelMessage[];
  /** Entries that still count: a turn that was broken off is not among them. */
  readonly kept: readonly TranscriptEntry[];
  /** The step that git had when the last whole turn was over; undefined where there was none. */
  readonly commit: string | undefined;
}

/**
 * The conversation of a run that was broken off. A turn counts where each of its calls has a result; another one is taken
 * again, with the files as they were before it. A turn that was taken again replaces the first try.
 */
export function rebuild(entries: readonly TranscriptEntry[]): Rebuilt {
  const kept: TranscriptEntry[] = [];
  for (const entry of entries) {
    if (entry.type === 'request') dropFrom(kept, entry.step);
    kept.push(entry);
  }
  const last = kept.findLast((entry) => entry.type === 'request');
  let unsent: readonly ModelMessage[] = [];
  if (last !== undefined) {
    const isWhole = isTurnWhole(kept, last.step);
    unsent = isWhole ? turnOf(kept, last.step) : last.messages.flatMap(messageOf);
    if (!isWhole) dropFrom(kept, last.step);
  }
  const sent = kept.flatMap((entry) => (entry.type === 'request' ? entry.messages.flatMap(messageOf) : []));
  const commit = kept.findLast((entry) => entry.type === 'commit')?.commit;
  return { messages: [...sent, ...unsent], unsent, kept, commit };
}

/** Takes a turn out, and all that came after it. */
function dropFrom(kept: TranscriptEntry[], step: number): void {
  const at = kept.findIndex((entry) => entry.type === 'request' && entry.step >= step);
  if (at >= 0) kept.splice(at);
}

function isTurnWhole(entries: readonly TranscriptEntry[], step: number): boolean {
  const response = entries.find((entry) => entry.type === 'response' && entry.step === step);
  if (response?.type !== 'response' || response.toolCalls.length === 0) return false;
  const answered = new Set(entries.flatMap((one) => (one.type === 'tool' && one.step === step ? one.callId : [])));
  return response.toolCalls.every(({ id }) => answered.has(id));
}

function turnOf(entries: readonly TranscriptEntry[], step: number): ModelMessage[] {
  return entries.flatMap((entry): ModelMessage[] => {
    if (entry.type === 'response' && entry.step === step) {
      const toolCalls = entry.toolCalls.map(({ input, ...call }) => ({ ...call, input: input ?? undefined }));
      return [{ role: 'assistant', text: entry.text, toolCalls }];
    }
    return entry.type === 'tool' && entry.step === step
      ? [{ role: 'tool', callId: entry.callId, text: entry.result }]
      : [];
  });
}

/** A message as a transcript holds it; nothing where it is none. */
export function messageOf(value: Record<string, unknown>): ModelMessage[] {
  const { success, data } = messageSchema.safeParse(value);
  if (!success) return [];
  if (data.role !== 'assistant') return [data];
  const { toolCalls = [], ...message } = data;
  return [{ ...message, toolCalls: toolCalls.map(({ input, ...call }) => ({ ...call, input })) }];
}
