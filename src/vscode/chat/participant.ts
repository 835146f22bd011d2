import * as vscode from 'vscode';
import { CancelledError, errorMessage, HumanError } from '../../core/base/errors.ts';
import type { Turn } from '../../core/grounding/prompt.ts';
import type { LanguageModel } from '../../core/ports.ts';
import type { App } from '../app.ts';
import { signalOf } from './cancel.ts';
import { ask } from './commands/ask.ts';
import { CHAT_COMMANDS } from './commands/table.ts';
import { ChatModel } from './models/chatModel.ts';
import { OfferedModels } from './models/offered.ts';
import { ModelSettings, VENDOR } from './models/settings.ts';
import { ChatOutput } from './output.ts';
import { targetSession } from './target.ts';
import type { ChatMemory } from './turn.ts';

/** Answers requests to `@infrabuilder`. */
export class Participant {
  readonly #app: App;
  readonly #models: OfferedModels;

  constructor(app: App) {
    this.#app = app;
    this.#models = new OfferedModels(app.sessions, new ModelSettings(app.context));
  }

  async answer(
    request: vscode.ChatRequest,
    { history }: vscode.ChatContext,
    stream: vscode.ChatResponseStream,
    token: vscode.CancellationToken,
  ): Promise<vscode.ChatResult> {
    const { command, prompt } = request;
    try {
      const run = command === undefined ? ask : CHAT_COMMANDS[command];
      if (run === undefined) throw new HumanError('chat.no-command', vscode.l10n.t('There is no /{0}.', command ?? ''));
      const memory = await run({
        app: this.#app,
        session: await targetSession(this.#app),
        prompt,
        output: new ChatOutput(stream),
        model: await this.#modelOf(request.model),
        history: turnsOf(history),
        signal: signalOf(token),
        token,
      });
      return { metadata: { ...memory } };
    } catch (error) {
      return this.#failure(error);
    }
  }

  /** Our own models are asked directly, any other through VS Code; the offline one is no model at all. */
  async #modelOf(model: vscode.LanguageModelChat | undefined): Promise<LanguageModel | undefined> {
    if (model === undefined) return undefined;
    return model.vendor === VENDOR ? this.#models.open(model.id) : new ChatModel(model);
  }

  #failure(error: unknown): vscode.ChatResult {
    if (error instanceof CancelledError || error instanceof vscode.CancellationError) return {};
    if (error instanceof HumanError) {
      this.#app.log.warn(`${error.code}: ${error.message}`);
      return { errorDetails: { message: [error.message, error.hint ?? ''].join(' ').trim() } };
    }
    this.#app.log.error(error instanceof Error ? error : String(error));
    return { errorDetails: { message: vscode.l10n.t('InfraBuilder has a bug: {0}', errorMessage(error)) } };
  }
}

export function followupsOf({ metadata }: vscode.ChatResult): vscode.ChatFollowup[] {
  const { followups = [] } = (metadata ?? {}) as ChatMemory;
  return followups.map(({ command, prompt, label }) => ({ prompt, label, ...(command !== undefined && { command }) }));
}

/** Questions with their answers; what a command has done is no part of the talk. */
function turnsOf(history: vscode.ChatContext['history']): Turn[] {
  const turns: Turn[] = [];
  let question: string | undefined;
  for (const turn of history) {
    if ('prompt' in turn) question = turn.prompt;
    else {
      const { answer } = (turn.result.metadata ?? {}) as ChatMemory;
      if (question !== undefined && answer !== undefined) turns.push({ question, answer });
      question = undefined;
    }
  }
  return turns;
}
