import { z } from 'zod';
import { CancelledError, EnvironmentError, HumanError } from '../core/base/errors.ts';
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

/**
 * The model that the parent process has, such as that of a chat: requests go out as events, answers come in as JSON lines.
 * A line that is no answer rejects the request under way with HumanError `model.parent`.
 */
export function parentModel(io: Pick<Io, 'inputLines'>, { emit, signal }: EventRun, name: string): LanguageModel {
  let last = 0;
  return {
    name,
    respond({ messages, tools, maxOutputTokens, signal: own }) {
      const id = ++last;
      const stopped = own === undefined ? signal : AbortSignal.any([signal, own]);
      return new Promise<ModelTurn>((resolve, reject) => {
        const settle = (action: () => void): void => {
          end();
          stopped.removeEventListener('abort', cancel);
          action();
        };
        const cancel = (): void => settle(() => reject(new CancelledError()));
        const end = io.inputLines((line) => {
          const answer = parse(line);
          if (answer instanceof HumanError) settle(() => reject(answer));
          // An answer to a request that was given up comes late.
          else if (answer.id === id)
            settle(() => (answer.type === 'model-turn' ? resolve(turnOf(answer)) : reject(failure(answer))));
        });
        if (stopped.aborted) return cancel();
        stopped.addEventListener('abort', cancel, { once: true });
        emit({
          type: 'model-request',
          id,
          request: { messages, ...(tools && { tools }), ...(maxOutputTokens && { maxOutputTokens }) },
        });
      });
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
