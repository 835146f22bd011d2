import * as vscode from 'vscode';
import { CancelledError, errorMessage, HumanError, throwIfCancelled } from '../../../core/base/errors.ts';
import type { LanguageModel, ModelMessage, ModelRequest, ModelTurn, ToolCall } from '../../../core/ports.ts';

/** The model that a chat request came with, whoever provides it. */
export class ChatModel implements LanguageModel {
  readonly #model: vscode.LanguageModelChat;

  constructor(model: vscode.LanguageModelChat) {
    this.#model = model;
  }

  get name(): string {
    return `${this.#model.name} (${this.#model.vendor})`;
  }

  async respond({ messages, tools = [], signal, onText }: ModelRequest): Promise<ModelTurn> {
    throwIfCancelled(signal);
    const source = new vscode.CancellationTokenSource();
    const stop = (): void => source.cancel();
    signal?.addEventListener('abort', stop, { once: true });
    let text = '';
    const toolCalls: ToolCall[] = [];
    try {
      const options = {
        justification: vscode.l10n.t('It words an answer from the documents of the workspace.'),
        ...(tools.length > 0 && { tools: tools.map(({ input, ...tool }) => ({ ...tool, inputSchema: input })) }),
      };
      const response = await this.#model.sendRequest(messages.map(toChatMessage), options, source.token);
      for await (const part of response.stream) {
        throwIfCancelled(signal);
        if (part instanceof vscode.LanguageModelTextPart) {
          text += part.value;
          onText?.(part.value);
        } else if (part instanceof vscode.LanguageModelToolCallPart) {
          const input = part.input as Readonly<Record<string, unknown>>;
          toolCalls.push({ id: part.callId, name: part.name, input, raw: JSON.stringify(input) });
        }
      }
    } catch (error) {
      throwIfCancelled(signal);
      throw failureOf(error, this.name);
    } finally {
      signal?.removeEventListener('abort', stop);
      source.dispose();
    }
    return { text, toolCalls, stop: toolCalls.length > 0 ? 'tools' : 'end', usage: undefined };
  }
}

function failureOf(error: unknown, name: string): Error {
  if (error instanceof CancelledError || error instanceof HumanError) return error;
  const hint = vscode.l10n.t('Choose another model, or ask "Grounded (offline)".');
  return new HumanError('model.failed', vscode.l10n.t('{0} failed: {1}', name, errorMessage(error)), hint, {
    cause: error,
  });
}

/** VS Code knows no message of a system: rules are said by the user. */
function toChatMessage(message: ModelMessage): vscode.LanguageModelChatMessage {
  const { User, Assistant } = vscode.LanguageModelChatMessage;
  switch (message.role) {
    case 'system':
    case 'user':
      return User(message.text);
    case 'tool': {
      const text = new vscode.LanguageModelTextPart(message.text);
      return User([new vscode.LanguageModelToolResultPart(message.callId, [text])]);
    }
    case 'assistant': {
      const calls = (message.toolCalls ?? []).map(({ id, name, input }) => {
        return new vscode.LanguageModelToolCallPart(id, name, { ...input });
      });
      const text = message.text === '' && calls.length > 0 ? [] : [new vscode.LanguageModelTextPart(message.text)];
      return Assistant([...text, ...calls]);
    }
  }
}

/** A request of VS Code in the core's words. */
export function fromChatMessages(messages: readonly vscode.LanguageModelChatRequestMessage[]): ModelMessage[] {
  return messages.flatMap(({ role, content }): ModelMessage[] => {
    const results = content.flatMap((part): ModelMessage[] =>
      part instanceof vscode.LanguageModelToolResultPart
        ? [{ role: 'tool', callId: part.callId, text: textOf(part.content) }]
        : [],
    );
    const text = textOf(content);
    if (role === vscode.LanguageModelChatMessageRole.Assistant) {
      return [{ role: 'assistant', text, toolCalls: content.flatMap(toolCallOf) }];
    }
    return text === '' && results.length > 0 ? results : [...results, { role: 'user', text }];
  });
}

function textOf(content: readonly unknown[]): string {
  return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
}

function toolCallOf(part: unknown): ToolCall[] {
  if (!(part instanceof vscode.LanguageModelToolCallPart)) return [];
  const input = part.input as Readonly<Record<string, unknown>>;
  return [{ id: part.callId, name: part.name, input, raw: JSON.stringify(input) }];
}
