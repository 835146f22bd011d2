import { z } from 'zod';
import { CancelledError, EnvironmentError, HumanError, throwIfCancelled } from '../core/base/errors.ts';
import type { LanguageModel, ModelTurn } from '../core/ports.ts';
import type { EventRun } from './events.ts';
import type { Io } from './io.ts';

const turnSchema = z.object({
  text: z.string().default(''),
  toolCalls: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        input: z.record(z.string(), z.unknown()).nullish(),
        raw: z.string().optional(),
      }),
    )
    .default([]),
  stop: z.enum(['end', 'tools', 'length', 'filtered']).default('end'),
  usage: z.object({ inputTokens: z.int(), outputTokens: z.int() }).nullish(),
});

/** One line of standard input: what the model on the other side answers to the request with this number. */
const answerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('model-turn'), id: z.int(), turn: turnSchema }),
  z.object({ type: z.literal('model-error'), id: z.int(), code: z.string(), message: z.string() }),
]);
type Answer = z.infer<typeof answerSchema>;

export interface ParentModel extends LanguageModel {
  /** Lets go of standard input. */
  close(): void;
}

interface Pending {
  resolve(turn: ModelTurn): void;
  reject(error: unknown): void;
}

/**
 * The model that the parent process has, such as that of a chat: requests go out as events, answers come in as JSON lines.
 * A line that is no answer rejects the requests under way with HumanError `model.parent`. Close it in the end.
 */
export function parentModel(io: Pick<Io, 'inputLines'>, { emit, signal }: EventRun, name: string): ParentModel {
  const pending = new Map<number, Pending>();
  let last = 0;
  const close = io.inputLines((line) => {
    const answer = parse(line);
    if (answer instanceof HumanError) {
      for (const request of pending.values()) request.reject(answer);
      return;
    }
    // An answer to a request that was given up comes late, and counts for nothing.
    const request = pending.get(answer.id);
    if (answer.type === 'model-turn') request?.resolve(turnOf(answer));
    else request?.reject(failure(answer));
  });
  return {
    name,
    close,
    async respond({ messages, tools, maxOutputTokens, signal: own }) {
      const id = ++last;
      const stopped = own === undefined ? signal : AbortSignal.any([signal, own]);
      throwIfCancelled(stopped);
      try {
        return await new Promise<ModelTurn>((resolve, reject) => {
          pending.set(id, { resolve, reject });
          stopped.addEventListener('abort', () => reject(new CancelledError()), { once: true });
          const limit = maxOutputTokens === undefined ? {} : { maxOutputTokens };
          emit({ type: 'model-request', id, request: { messages, ...(tools && { tools }), ...limit } });
        });
      } finally {
        pending.delete(id);
      }
    },
  };
}

function parse(line: string): Answer | HumanError {
  let problem = 'it is not JSON';
  try {
    const parsed = answerSchema.safeParse(JSON.parse(line));
    if (parsed.success) return parsed.data;
    problem = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  } catch {
    // What is wrong is said below.
  }
  const message = `A line on standard input is no answer of a model: ${problem}.`;
  return new HumanError('model.parent', message, 'Write {"type":"model-turn","id":N,"turn":{...}} on one line.');
}

function turnOf({ turn }: Extract<Answer, { type: 'model-turn' }>): ModelTurn {
  return {
    text: turn.text,
    toolCalls: turn.toolCalls.map(({ id, name, input, raw }) => ({
      id,
      name,
      input: input ?? undefined,
      raw: raw ?? JSON.stringify(input ?? null),
    })),
    stop: turn.toolCalls.length > 0 && turn.stop === 'end' ? 'tools' : turn.stop,
    usage: turn.usage ?? undefined,
  };
}

function failure({ code, message }: Extract<Answer, { type: 'model-error' }>): Error {
  if (code === 'cancelled') return new CancelledError();
  const stable = code.startsWith('model.') ? code : `model.${code}`;
  if (stable === 'model.unreachable') return new EnvironmentError(stable, message);
  return new HumanError(stable, message, 'Choose another model, or try again.');
}
