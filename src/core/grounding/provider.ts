import { CancelledError, HumanError, throwIfCancelled } from '../base/errors.ts';
import type { Config } from '../model/config.ts';
import { KEY_VARIABLE } from '../model/modelKey.ts';
import type { LanguageModel, ModelEndpoint, ModelEndpoints } from '../ports.ts';

export const BASE_URL_VARIABLE = 'INFRABUILDER_BASE_URL';
export const MODEL_VARIABLE = 'INFRABUILDER_MODEL';
const OPENAI_KEY_VARIABLE = 'OPENAI_API_KEY';
const OPENAI_HOST = 'api.openai.com';

/** The provider that needs no model and no network. */
export const OFFLINE_NAME = 'Grounded (offline)';

/** Who answers. `named`: a person chose it just now, so that a failure must be told, not worked around. */
export type Provider =
  | { readonly kind: 'offline' }
  | { readonly kind: 'endpoint'; readonly endpoint: ModelEndpoint; readonly named: boolean };

export interface ProviderChoice {
  readonly offline?: boolean | undefined;
  readonly baseUrl?: string | undefined;
  readonly model?: string | undefined;
  /** From a secret store; wins over the environment. */
  readonly apiKey?: string | undefined;
}

/**
 * The provider by option, then environment, then `infrabuilder.yaml`; the offline one where none is named. A key goes only
 * to an endpoint that the person named, to this machine, or to the service that the key is of: a workspace that somebody
 * else wrote cannot send it anywhere. Throws HumanError for a URL that is none, and for a model without an endpoint.
 */
export function chooseProvider(
  choice: ProviderChoice,
  env: Readonly<Record<string, string | undefined>>,
  config: Pick<Config, 'llm'>,
): Provider {
  if (choice.offline) return { kind: 'offline' };
  const own = choice.baseUrl || env[BASE_URL_VARIABLE];
  const baseUrl = own || config.llm?.baseUrl;
  const model = choice.model || env[MODEL_VARIABLE] || config.llm?.model || '';
  if (!baseUrl) {
    if (!choice.model) return { kind: 'offline' };
    throw new HumanError(
      'model.no-endpoint',
      `No endpoint is named for the model ${choice.model}.`,
      `Name one with --base-url, ${BASE_URL_VARIABLE} or llm.baseUrl in infrabuilder.yaml.`,
    );
  }
  const url = parseUrl(baseUrl);
  const isTrusted = Boolean(own) || isThisMachine(url.hostname);
  const key = choice.apiKey || env[KEY_VARIABLE];
  const apiKey = isTrusted && key ? key : url.host === OPENAI_HOST ? env[OPENAI_KEY_VARIABLE] : undefined;
  const endpoint = { baseUrl: url.href.replace(/\/+$/, ''), model, apiKey };
  return { kind: 'endpoint', endpoint, named: Boolean(own) || Boolean(choice.model) };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new HumanError(
    'model.bad-url',
    `"${text}" is not the URL of an endpoint.`,
    'An endpoint looks like http://127.0.0.1:11434/v1.',
  );
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** Who answers, ready to be asked. */
export interface ResolvedProvider {
  /** Undefined for the offline provider. */
  readonly model: LanguageModel | undefined;
  /** For people. */
  readonly name: string;
  /** Why the endpoint of the configuration does not answer, where it was to. */
  readonly note: string | undefined;
}

/** Longest wait for a sign of an endpoint that nobody named just now. */
const PROBE_MS = 3000;

/**
 * Opens the chosen provider. An endpoint that a person named is used as it is: its failures are theirs to mend. One that
 * only the configuration names is tried first, and the offline provider takes its place where it does not answer.
 * Throws as `chooseProvider` does, and CancelledError.
 */
export async function resolveProvider(
  provider: Provider,
  models: ModelEndpoints,
  signal?: AbortSignal,
): Promise<ResolvedProvider> {
  if (provider.kind === 'offline') return { model: undefined, name: OFFLINE_NAME, note: undefined };
  const { endpoint, named } = provider;
  const problem = named ? undefined : await probe(endpoint, models, signal);
  if (problem !== undefined) return { model: undefined, name: OFFLINE_NAME, note: problem };
  const model = models.open(endpoint);
  return { model, name: model.name, note: undefined };
}

async function probe(
  endpoint: ModelEndpoint,
  models: ModelEndpoints,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const timeout = AbortSignal.timeout(PROBE_MS);
  try {
    const offered = await models.list(endpoint, signal === undefined ? timeout : AbortSignal.any([signal, timeout]));
    return offered.length > 0 || endpoint.model !== '' ? undefined : `${endpoint.baseUrl} offers no model.`;
  } catch (error) {
    throwIfCancelled(signal);
    if (error instanceof CancelledError) return `No model answers at ${endpoint.baseUrl} within ${PROBE_MS / 1000} s.`;
    if (!(error instanceof HumanError)) throw error;
    return error.message;
  }
}
