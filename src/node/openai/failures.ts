import { CancelledError, EnvironmentError, errorMessage, HumanError } from '../../core/base/errors.ts';
import type { ModelEndpoint } from '../../core/ports.ts';
import { objectOf, stringOf } from './assemble.ts';

/** A failure that is told to the person, and whether trying again could help. */
export interface Failure {
  readonly error: HumanError | CancelledError;
  readonly retry: boolean;
  /** What the server asks to wait before the next try, in milliseconds. */
  readonly waitMs?: number | undefined;
}

const LONGEST_MESSAGE = 300;
const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
]);
const TIMEOUT_CODES = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** What an error of the client means. `started`: the answer had begun, so a second try would repeat it. */
export function failureOf(error: unknown, endpoint: ModelEndpoint, started: boolean): Failure {
  if (error instanceof HumanError || error instanceof CancelledError) return { error, retry: false };
  const status = objectOf(error).status;
  if (typeof status === 'number') return { ...statusFailure(status, error, endpoint), waitMs: waitOf(error) };
  const codes = codesOf(error);
  const { baseUrl } = endpoint;
  if (codes.some((code) => CONNECTION_CODES.has(code)))
    return { error: unreachable(baseUrl, codes, error), retry: false };
  if (codes.some((code) => TIMEOUT_CODES.has(code)) || isTimeout(error))
    return { error: tooSlow(baseUrl), retry: false };
  if (error instanceof SyntaxError) return { error: notJson(baseUrl, error.message), retry: false };
  if (isServerError(error)) return { error: failed(baseUrl, messageOf(error, endpoint)), retry: false };
  if (started) return { error: cutOff(baseUrl), retry: false };
  const message = `The connection to ${baseUrl} broke: ${messageOf(error, endpoint).replace(/\.$/, '')}.`;
  return { error: new EnvironmentError('model.unreachable', message, CHECK_SERVER, { cause: error }), retry: true };
}

const CHECK_SERVER = 'Check that the server runs and that the URL is right; "infrabuilder ask --offline" needs none.';

function unreachable(baseUrl: string, codes: readonly string[], cause: unknown): EnvironmentError {
  const why = codes.includes('ECONNREFUSED')
    ? 'the connection was refused'
    : `the host cannot be reached (${codes.join(', ')})`;
  return new EnvironmentError('model.unreachable', `No model answers at ${baseUrl}: ${why}.`, CHECK_SERVER, { cause });
}

export function tooSlow(baseUrl: string): HumanError {
  return new HumanError(
    'model.too-slow',
    `The model at ${baseUrl} took too long to answer.`,
    'Try again when it is loaded, or choose a smaller one with --model.',
  );
}

export function cutOff(baseUrl: string): HumanError {
  return new HumanError(
    'model.cut-off',
    `The answer from ${baseUrl} stopped in the middle.`,
    'Try again. The log of the server may say why.',
  );
}

export function notJson(baseUrl: string, found: string): HumanError {
  return new HumanError(
    'model.not-json',
    `${baseUrl} did not answer as a model does: ${shorten(found)}`,
    'The URL of an OpenAI-compatible endpoint usually ends with /v1.',
  );
}

function failed(baseUrl: string, message: string): HumanError {
  return new HumanError(
    'model.failed',
    `The model at ${baseUrl} failed: ${message}`,
    'The log of the server may say why.',
  );
}

function statusFailure(status: number, error: unknown, endpoint: ModelEndpoint): Failure {
  const { baseUrl, model } = endpoint;
  const message = messageOf(error, endpoint);
  const told = (code: string, text: string, hint: string, retry = false): Failure => {
    return { error: new HumanError(code, text, hint, { cause: error }), retry };
  };
  if (status === 401 || status === 403) {
    const key = endpoint.apiKey === undefined ? 'no key was sent' : 'the key was refused';
    const hint =
      'Put the key into INFRABUILDER_API_KEY, and name the endpoint with INFRABUILDER_BASE_URL or --base-url.';
    return told('model.unauthorized', `${baseUrl} wants authorization (${status}); ${key}.`, hint);
  }
  if (status === 404) {
    const hint = 'Name one that it has with --model, or correct the URL, which usually ends with /v1.';
    return told('model.unknown', `${baseUrl} does not know the model "${model}" (404): ${message}`, hint);
  }
  if (status === 429) {
    const isQuota = /quota|billing|credit/i.test(message);
    const hint = isQuota ? 'Look at the account, or use another endpoint.' : 'Wait a little, then ask again.';
    return told('model.busy', `${baseUrl} takes no more requests now (429): ${message}`, hint, !isQuota);
  }
  if (status === 408 || status === 409 || status >= 500) {
    return { error: failed(baseUrl, `${status} ${message}`), retry: true };
  }
  const hint = /context|too (?:long|large)|maximum/i.test(message)
    ? 'Ask for less, or use a model with a larger context.'
    : 'The model may not support what was asked of it, such as tools.';
  return told('model.refused', `${baseUrl} refused the request (${status}): ${message}`, hint);
}

/** `Retry-After` in seconds or as a date. */
function waitOf(error: unknown): number | undefined {
  const headers = objectOf(error).headers;
  if (!(headers instanceof Headers)) return undefined;
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const wait = /^[\d.]+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

/** The codes of an error and of all that caused it. */
function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  let current: unknown = error;
  for (let depth = 0; depth < 6 && current !== undefined && current !== null; depth++) {
    const { code, cause, errors } = objectOf(current);
    if (typeof code === 'string') codes.push(code);
    const [first] = Array.isArray(errors) ? errors : [];
    current = cause ?? first;
  }
  return codes;
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.constructor.name === 'APIConnectionTimeoutError';
}

/** An error that the server sent in the stream. */
function isServerError(error: unknown): boolean {
  return objectOf(error).error !== undefined;
}

/** What the server says, short, on one line, without the key, which some servers repeat. */
function messageOf(error: unknown, { apiKey }: ModelEndpoint): string {
  const body = objectOf(error).error;
  const said = typeof body === 'string' ? body : stringOf(objectOf(body).message) || errorMessage(error);
  const plain = said
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return shorten(apiKey === undefined ? plain : plain.replaceAll(apiKey, '[key]'));
}

function shorten(text: string): string {
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text;
}
