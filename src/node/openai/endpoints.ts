import type OpenAI from 'openai';
import { CancelledError, HumanError, throwIfCancelled } from '../../core/base/errors.ts';
import type { LanguageModel, ModelEndpoint, ModelEndpoints, ModelRequest, ModelTurn } from '../../core/ports.ts';
import { arrayOf, objectOf, stringOf, TurnAssembler } from './assemble.ts';
import { cutOff, type Failure, failureOf, notJson, tooSlow } from './failures.ts';
import { adapt, type Dialect, requestBody, USUAL_DIALECT } from './request.ts';

export interface EndpointOptions {
  /** Longest wait for the first sign of an answer; a local model may have to be loaded first. */
  readonly answerMs?: number;
  /** Longest wait between two pieces of an answer. */
  readonly silenceMs?: number;
  /** Wait before the first retry; doubled for each further one. */
  readonly retryMs?: number;
}

const ANSWER_MS = 180_000;
const SILENCE_MS = 60_000;
const RETRY_MS = 500;
const RETRIES = 2;
/** A server that asks for a longer wait is not waited for. */
const LONGEST_WAIT_MS = 20_000;
/** The client insists on a key; local servers want none. */
const NO_KEY = 'none';

type Client = OpenAI;

/** Models behind OpenAI-compatible endpoints, by Chat Completions, which every server has. */
export function createModelEndpoints(options: EndpointOptions = {}): ModelEndpoints {
  return {
    open: (endpoint) => new EndpointModel(endpoint, options),
    async list(endpoint, signal) {
      return await listModels(await createClient(endpoint, options), { ...endpoint, model: '' }, signal);
    },
  };
}

async function createClient(
  { baseUrl, apiKey }: Omit<ModelEndpoint, 'model'>,
  options: EndpointOptions,
): Promise<Client> {
  const { default: OpenAI } = await import('openai');
  return new OpenAI({
    baseURL: baseUrl,
    apiKey: apiKey ?? NO_KEY,
    // Whatever else the environment holds is for other services.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    ...(apiKey === undefined && { defaultHeaders: { Authorization: null } }),
    maxRetries: 0,
    timeout: options.answerMs ?? ANSWER_MS,
    logLevel: 'off',
  });
}

async function listModels(client: Client, endpoint: ModelEndpoint, signal?: AbortSignal): Promise<readonly string[]> {
  try {
    const response: unknown = await client.models.list(signal === undefined ? {} : { signal });
    return arrayOf(objectOf(response).data)
      .map((model) => stringOf(objectOf(model).id))
      .filter((id) => id !== '');
  } catch (error) {
    throwIfCancelled(signal);
    throw failureOf(error, endpoint, false).error;
  }
}

class EndpointModel implements LanguageModel {
  readonly #endpoint: ModelEndpoint;
  readonly #options: EndpointOptions;
  #client: Promise<Client> | undefined;
  #model: string;
  #dialect: Dialect = USUAL_DIALECT;

  constructor(endpoint: ModelEndpoint, options: EndpointOptions) {
    this.#endpoint = endpoint;
    this.#options = options;
    this.#model = endpoint.model;
  }

  get name(): string {
    return `${this.#model || 'the first model'} at ${this.#endpoint.baseUrl}`;
  }

  async respond(request: ModelRequest): Promise<ModelTurn> {
    throwIfCancelled(request.signal);
    this.#client ??= createClient(this.#endpoint, this.#options);
    const client = await this.#client;
    this.#model ||= await this.#firstModel(client, request.signal);
    for (let tries = 0; ; ) {
      const attempt = new Attempt(client, { ...this.#endpoint, model: this.#model }, this.#options);
      const outcome = await attempt.run(request, this.#dialect);
      if ('turn' in outcome) return outcome.turn;
      const dialect = outcome.status === 400 ? adapt(this.#dialect, outcome.error.message) : undefined;
      if (dialect !== undefined) {
        this.#dialect = dialect;
        continue;
      }
      const wait = outcome.waitMs ?? (this.#options.retryMs ?? RETRY_MS) * 2 ** tries;
      if (!outcome.retry || tries >= RETRIES || wait > LONGEST_WAIT_MS) throw outcome.error;
      tries++;
      await sleep(wait, request.signal);
    }
  }

  async #firstModel(client: Client, signal: AbortSignal | undefined): Promise<string> {
    const [first] = await listModels(client, this.#endpoint, signal);
    if (first !== undefined) return first;
    const { baseUrl } = this.#endpoint;
    throw new HumanError('model.none', `${baseUrl} offers no model.`, 'Load a model there, or name one with --model.');
  }
}

type Outcome = { readonly turn: ModelTurn } | (Failure & { readonly status: unknown });

/** One request, with a stop of its own that both the caller's signal and silence pull. */
class Attempt {
  readonly #client: Client;
  readonly #endpoint: ModelEndpoint;
  readonly #options: EndpointOptions;
  readonly #stop = new AbortController();
  #started = false;

  constructor(client: Client, endpoint: ModelEndpoint, options: EndpointOptions) {
    this.#client = client;
    this.#endpoint = endpoint;
    this.#options = options;
  }

  async run(request: ModelRequest, dialect: Dialect): Promise<Outcome> {
    const { signal } = request;
    const cancel = () => this.#stop.abort();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return { turn: await this.#request(request, dialect) };
    } catch (error) {
      if (signal?.aborted) return { error: new CancelledError(), retry: false, status: undefined };
      return { ...failureOf(error, this.#endpoint, this.#started), status: objectOf(error).status };
    } finally {
      signal?.removeEventListener('abort', cancel);
      // Nothing may go on reading: a server that never ends would keep the process alive.
      this.#stop.abort();
    }
  }

  async #request(request: ModelRequest, dialect: Dialect): Promise<ModelTurn> {
    const { baseUrl, model } = this.#endpoint;
    const { data, response } = await this.#client.chat.completions
      .create(requestBody(model, request, dialect), { signal: this.#stop.signal })
      .withResponse();
    const assembler = new TurnAssembler();
    const show = (text: string) => {
      if (text === '') return;
      this.#started = true;
      request.onText?.(text);
    };
    const type = response.headers.get('content-type') ?? '';
    if (type.includes('text/event-stream')) {
      for await (const chunk of this.#watched(data)) show(assembler.add(chunk));
      throwIfCancelled(request.signal);
      if (!assembler.hasAnything) throw notJson(baseUrl, 'the stream was empty.');
      if (!assembler.isFinished) throw cutOff(baseUrl);
    } else {
      show(assembler.add(await this.#whole(response, type)));
      if (!assembler.hasAnything) throw notJson(baseUrl, 'there is no completion in the answer.');
    }
    const { turn, rest } = assembler.end();
    show(rest);
    return turn;
  }

  /** A server that does not stream sends one completion; anything else is no model. */
  async #whole(response: Response, type: string): Promise<unknown> {
    const text = await this.#inTime(response.text());
    try {
      return JSON.parse(text);
    } catch {
      const found = `${type.split(';')[0] || 'no content type'}, beginning with "${text.trim().slice(0, 60)}".`;
      throw notJson(this.#endpoint.baseUrl, found);
    }
  }

  async *#watched(stream: AsyncIterable<unknown>): AsyncGenerator<unknown> {
    const chunks = stream[Symbol.asyncIterator]();
    for (;;) {
      const { done, value } = await this.#inTime(chunks.next());
      if (done) return;
      yield value;
    }
  }

  async #inTime<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(tooSlow(this.#endpoint.baseUrl)), this.#options.silenceMs ?? SILENCE_MS);
    });
    try {
      return await Promise.race([work, silence]);
    } finally {
      clearTimeout(timer);
      // The loser of the race must not end the process.
      work.catch(() => undefined);
    }
  }
}

function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new CancelledError());
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
