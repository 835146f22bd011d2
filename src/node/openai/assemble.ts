import type { ModelTurn, ModelUsage, ToolCall } from '../../core/ports.ts';
import { ThoughtFilter } from './thoughts.ts';

interface Draft {
  readonly index: number | undefined;
  id: string;
  name: string;
  raw: string;
}

/**
 * Puts a turn together from the chunks of a stream, or from one whole completion. Servers differ, so nothing is taken for
 * granted: arguments may be an object, an index or an id may be missing, the last chunk may have no choice.
 */
export class TurnAssembler {
  readonly #thoughts = new ThoughtFilter();
  readonly #calls: Draft[] = [];
  #finish: string | undefined;
  #usage: ModelUsage | undefined;
  #chunks = 0;

  /** True once the server has said why the turn ended. */
  get isFinished(): boolean {
    return this.#finish !== undefined;
  }

  /** True where at least one chunk looked like a completion. */
  get hasAnything(): boolean {
    return this.#chunks > 0;
  }

  /** Takes a chunk; returns the text in it that is to be shown. */
  add(chunk: unknown): string {
    const body = objectOf(chunk);
    this.#usage = usageOf(body.usage) ?? this.#usage;
    const choice = objectOf(arrayOf(body.choices)[0]);
    const message = objectOf(choice.delta ?? choice.message);
    if (body.choices !== undefined || body.usage !== undefined) this.#chunks++;
    if (typeof choice.finish_reason === 'string') this.#finish = choice.finish_reason;
    for (const call of arrayOf(message.tool_calls)) this.#addCall(objectOf(call));
    return this.#thoughts.push(textOf(message.content));
  }

  /** The turn, and the text in it that was not shown yet. */
  end(): { turn: ModelTurn; rest: string } {
    const rest = this.#thoughts.end();
    const toolCalls = this.#calls.map(toCall);
    const turn = { text: this.#thoughts.text.trimEnd(), toolCalls, stop: this.#stop(), usage: this.#usage };
    return { turn, rest };
  }

  #stop(): ModelTurn['stop'] {
    if (this.#finish === 'length') return 'length';
    if (this.#finish === 'content_filter') return 'filtered';
    // Some servers say `stop` for a turn with calls.
    return this.#calls.length > 0 ? 'tools' : 'end';
  }

  #addCall(piece: Record<string, unknown>): void {
    const called = objectOf(piece.function);
    const id = stringOf(piece.id);
    const name = stringOf(called.name);
    const index = typeof piece.index === 'number' ? piece.index : undefined;
    let draft = this.#draftFor(index, id, name);
    if (draft === undefined) {
      draft = { index, id, name, raw: '' };
      this.#calls.push(draft);
    }
    draft.id ||= id;
    draft.name ||= name;
    const given = called.arguments;
    if (typeof given === 'string') draft.raw += given;
    else if (given !== undefined && given !== null) draft.raw = JSON.stringify(given);
  }

  /** The call that a piece goes on with; undefined where it begins one. */
  #draftFor(index: number | undefined, id: string, name: string): Draft | undefined {
    const sameId = id === '' ? undefined : this.#calls.find((call) => call.id === id);
    if (sameId !== undefined) return sameId;
    const sameIndex = index === undefined ? this.#calls.at(-1) : this.#calls.findLast((call) => call.index === index);
    // Another id or a second name under the same index is another call, whatever the index says.
    const isNew = (id !== '' && sameIndex?.id !== '') || (id === '' && index === undefined && name !== '');
    return isNew ? undefined : sameIndex;
  }
}

function toCall({ id, name, raw }: Draft, at: number): ToolCall {
  return { id: id || `call_${at + 1}`, name, input: inputOf(raw), raw };
}

function inputOf(raw: string): Record<string, unknown> | undefined {
  if (raw.trim() === '') return {};
  let value = parse(raw);
  if (typeof value === 'string') value = parse(value);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? objectOf(value) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A content is a text, or a list of parts of which some have text. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return arrayOf(content)
    .map((part) => stringOf(objectOf(part).text))
    .join('');
}

function usageOf(value: unknown): ModelUsage | undefined {
  const { prompt_tokens: input, completion_tokens: output } = objectOf(value);
  return typeof input === 'number' && typeof output === 'number'
    ? { inputTokens: input, outputTokens: output }
    : undefined;
}

export function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

export function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
