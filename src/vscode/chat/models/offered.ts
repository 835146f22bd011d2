import * as vscode from 'vscode';
import { CancelledError, HumanError } from '../../../core/base/errors.ts';
import { chooseProvider, OFFLINE_NAME } from '../../../core/grounding/provider.ts';
import type { LanguageModel, ModelEndpoint } from '../../../core/ports.ts';
import type { Session } from '../../session.ts';
import type { Sessions } from '../../sessions.ts';
import { signalOf } from '../cancel.ts';
import { groundingOf } from '../reading.ts';
import { fromChatMessages } from './chatModel.ts';
import type { ModelSettings } from './settings.ts';

const OFFLINE_ID = 'grounded-offline';
const ENDPOINT_ID = 'endpoint:';

type Info = vscode.LanguageModelChatInformation;

/** Longest wait for the list of an endpoint's models: the picker waits with it. */
const LIST_MS = 3_000;
const MOST_MODELS = 50;
/** A rough count: about this many characters are one token. */
const CHARACTERS_PER_TOKEN = 4;
const LIMITS = { maxInputTokens: 32_000, maxOutputTokens: 8_000, version: '1' } as const;

/** The models of this extension, for VS Code's picker and for ourselves. */
export class OfferedModels {
  readonly #sessions: Sessions;
  readonly #settings: ModelSettings;

  constructor(sessions: Sessions, settings: ModelSettings) {
    this.#sessions = sessions;
    this.#settings = settings;
  }

  /** The offline one is always there; those of an endpoint where one is named. */
  async list(token: vscode.CancellationToken): Promise<Info[]> {
    const endpoint = await this.#endpoint();
    const models = endpoint === undefined ? [] : await this.#modelsOf(endpoint, token);
    return [...models.map((model) => endpointInfo(model, endpoint?.baseUrl ?? '')), offlineInfo()];
  }

  /** The model behind an id of ours; undefined for the offline one. */
  async open(id: string): Promise<LanguageModel | undefined> {
    if (!id.startsWith(ENDPOINT_ID)) return undefined;
    const [session, endpoint] = [this.#session, await this.#endpoint()];
    const engine = (await session?.load())?.engine;
    if (endpoint === undefined || engine === undefined) throw gone(id);
    return engine.models.open({ ...endpoint, model: id.slice(ENDPOINT_ID.length) });
  }

  /** Answers a request that came through VS Code, from whatever extension. */
  async respond(
    { id }: Info,
    messages: readonly vscode.LanguageModelChatRequestMessage[],
    { tools = [] }: vscode.ProvideLanguageModelChatResponseOptions,
    progress: vscode.Progress<vscode.LanguageModelResponsePart>,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const model = (await this.open(id)) ?? (await this.#offline());
    let sent = '';
    const onText = (piece: string): void => {
      sent += piece;
      progress.report(new vscode.LanguageModelTextPart(piece));
    };
    const wanted = tools.map(({ name, description, inputSchema }) => {
      return { name, description, input: { ...(inputSchema ?? { type: 'object' }) } };
    });
    const request = { messages: fromChatMessages(messages), tools: wanted, signal: signalOf(token), onText };
    const { text, toolCalls } = await model.respond(request);
    if (sent === '' && text !== '') onText(text);
    for (const { id: callId, name, input = {} } of toolCalls) {
      progress.report(new vscode.LanguageModelToolCallPart(callId, name, input));
    }
  }

  count(text: string | vscode.LanguageModelChatRequestMessage): number {
    const plain =
      typeof text === 'string'
        ? text
        : fromChatMessages([text])
            .map((message) => message.text)
            .join('');
    return Math.ceil(plain.length / CHARACTERS_PER_TOKEN);
  }

  get #session(): Session | undefined {
    return (
      this.#sessions.workspaces.find(({ isLocal }) => isLocal) ?? this.#sessions.all.find(({ isLocal }) => isLocal)
    );
  }

  async #offline(): Promise<LanguageModel> {
    const session = this.#sessions.workspaces[0];
    if (session !== undefined) return (await groundingOf(session)).offline;
    throw new HumanError('workspace.missing', vscode.l10n.t('There is no workspace to quote from.'));
  }

  async #endpoint(): Promise<ModelEndpoint | undefined> {
    const session = this.#session;
    if (session === undefined) return undefined;
    const { config } = await session.snapshot();
    const provider = chooseProvider(await this.#settings.choice(session), process.env, config);
    return provider.kind === 'endpoint' ? provider.endpoint : undefined;
  }

  /** Those that the endpoint names, the chosen one first; the chosen one alone where it does not tell. */
  async #modelsOf(endpoint: ModelEndpoint, token: vscode.CancellationToken): Promise<readonly string[]> {
    const own = endpoint.model === '' ? [] : [endpoint.model];
    const engine = (await this.#session?.load())?.engine;
    if (engine === undefined) return own;
    try {
      const signal = AbortSignal.any([signalOf(token), AbortSignal.timeout(LIST_MS)]);
      return [...new Set([...own, ...(await engine.models.list(endpoint, signal))])].slice(0, MOST_MODELS);
    } catch (error) {
      if (error instanceof HumanError || error instanceof CancelledError) return own;
      throw error;
    }
  }
}

function offlineInfo(): Info {
  return {
    id: OFFLINE_ID,
    name: OFFLINE_NAME,
    family: OFFLINE_ID,
    detail: 'InfraBuilder',
    tooltip: vscode.l10n.t('Quotes the documents of the workspace, with citations. Needs no network and no account.'),
    ...LIMITS,
    // Where an agent is chosen, VS Code offers only models that say so. This one never calls a tool.
    capabilities: { toolCalling: true },
  };
}

function endpointInfo(model: string, baseUrl: string): Info {
  return {
    id: `${ENDPOINT_ID}${model}`,
    name: model,
    family: model,
    detail: 'InfraBuilder',
    tooltip: baseUrl,
    ...LIMITS,
    capabilities: { toolCalling: true },
  };
}

function gone(id: string): HumanError {
  const message = vscode.l10n.t('No endpoint offers the model {0} any more.', id.slice(ENDPOINT_ID.length));
  return new HumanError(
    'model.unknown',
    message,
    vscode.l10n.t('Set infrabuilder.llm.baseUrl, or choose another model.'),
  );
}
