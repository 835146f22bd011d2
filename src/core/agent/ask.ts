import { CancelledError, HumanError, throwIfCancelled } from '../base/errors.ts';
import type { Clock, LanguageModel, ModelMessage, ModelTurn, ToolCall } from '../ports.ts';
import { fitted } from './conversation.ts';
import type { Recorder } from './recorder.ts';
import { capped } from './text.ts';
import { OFFERED } from './tools/index.ts';

/** Tries of one request, where the model or the way to it fails. */
const TRIES = 3;
/** Characters of a turn that are kept. */
const LONGEST_TEXT = 20_000;
const MOST_CALLS = 20;
/** Characters of the arguments of a call; twice the longest edit, as JSON writes it. */
const LONGEST_CALL = 160_000;
const LONGEST_VALUE = 2000;

export interface AskOptions {
  readonly model: LanguageModel;
  readonly recorder: Recorder;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly signal: AbortSignal;
  readonly onRetry: (message: string) => void;
}

/** One turn of the model: request and response are in the transcript when it settles. Throws what the model throws. */
export async function askModel(
  messages: readonly ModelMessage[],
  fresh: readonly ModelMessage[],
  options: AskOptions,
): Promise<ModelTurn> {
  const { recorder, clock, signal } = options;
  const step = recorder.account.steps + 1;
  const tools = OFFERED.map(({ name }) => name);
  await recorder.record({ type: 'request', step, messages: fresh.map((message) => ({ ...message })), tools });
  const begun = clock.monotonic();
  const turn = bounded(await respond(fitted(messages), options));
  throwIfCancelled(signal);
  const seconds = Math.max(0, Math.round(clock.monotonic() - begun) / 1000);
  await recorder.record({
    type: 'response',
    step,
    text: turn.text,
    toolCalls: turn.toolCalls.map(keptCall).map(({ input, ...call }) => ({ ...call, input: input ?? null })),
    stop: turn.stop,
    usage: turn.usage ?? null,
    seconds,
  });
  return turn;
}

async function respond(messages: readonly ModelMessage[], { model, signal, onRetry }: AskOptions): Promise<ModelTurn> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await model.respond({ messages, tools: OFFERED, signal });
    } catch (error) {
      throwIfCancelled(signal);
      const mayPass = error instanceof HumanError && error.code.startsWith('model.');
      if (error instanceof CancelledError || !mayPass || attempt >= TRIES) throw error;
      onRetry(`${error.message} Asking again (${attempt + 1} of ${TRIES}).`);
    }
  }
}

/** Text is cut, and each call has an id of its own. */
function bounded(turn: ModelTurn): ModelTurn {
  const ids = new Set<string>();
  const toolCalls = turn.toolCalls.slice(0, MOST_CALLS).map((call, at): ToolCall => {
    const id = call.id === '' || ids.has(call.id) ? `${call.id}#${at + 1}` : call.id;
    ids.add(id);
    return { ...call, id };
  });
  return { ...turn, text: capped(turn.text, LONGEST_TEXT), toolCalls };
}

/** What is kept of a call. One that is longer than any that is taken is refused, so nobody needs all of it. */
export function keptCall({ id, name, input, raw }: ToolCall): ToolCall {
  if (raw.length <= LONGEST_CALL) return { id, name, input, raw };
  const entries = Object.entries(input ?? {}).map(([key, value]) => [
    key,
    capped(JSON.stringify(value), LONGEST_VALUE),
  ]);
  return { id, name, input: input && Object.fromEntries(entries), raw: capped(raw, LONGEST_VALUE) };
}
