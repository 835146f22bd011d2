/** A language model, wherever it runs. It proposes text and tool calls; nothing that it says decides anything. */
export interface LanguageModel {
  /** For people: `llama3.2 at http://127.0.0.1:11434/v1`. */
  readonly name: string;
  /**
   * One turn of a conversation. Throws HumanError with a code `model.*` for what the user can mend, EnvironmentError
   * `model.unreachable` where nothing answers, CancelledError when stopped.
   */
  respond(request: ModelRequest): Promise<ModelTurn>;
}

export interface ModelRequest {
  readonly messages: readonly ModelMessage[];
  /** Tools that the model may call; none where left out. */
  readonly tools?: readonly ModelTool[];
  readonly maxOutputTokens?: number;
  /** 0 for the likeliest text. The model's own default where left out. */
  readonly temperature?: number;
  readonly signal?: AbortSignal | undefined;
  /** A piece of the answer as it comes, without the model's thoughts. `ModelTurn.text` is what counts in the end. */
  readonly onText?: ((piece: string) => void) | undefined;
}

export type ModelMessage =
  | { readonly role: 'system' | 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly toolCalls?: readonly ToolCall[] }
  /** The result of a call, or what was wrong with it. */
  | { readonly role: 'tool'; readonly callId: string; readonly text: string };

export interface ModelTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments, an object. */
  readonly input: Readonly<Record<string, unknown>>;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** Undefined where the model sent no JSON object; `raw` is what it sent. */
  readonly input: Readonly<Record<string, unknown>> | undefined;
  readonly raw: string;
}

export interface ModelTurn {
  /** Without the model's thoughts. */
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  /** `length`: the model ran into its limit of tokens, so text or calls may be cut off. */
  readonly stop: 'end' | 'tools' | 'length' | 'filtered';
  /** Tokens, as the model counts them; undefined where it does not say. */
  readonly usage: ModelUsage | undefined;
}

export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Models behind OpenAI-compatible endpoints. Opening one connects to nothing. */
export interface ModelEndpoints {
  open(endpoint: ModelEndpoint): LanguageModel;
  /** The models that an endpoint offers. Throws as `LanguageModel.respond` does. */
  list(endpoint: Omit<ModelEndpoint, 'model'>, signal?: AbortSignal): Promise<readonly string[]>;
}

export interface ModelEndpoint {
  /** Up to and with the version: `http://127.0.0.1:11434/v1`. */
  readonly baseUrl: string;
  /** Empty for the first one that the endpoint offers. */
  readonly model: string;
  readonly apiKey?: string | undefined;
}
