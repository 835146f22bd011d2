import { EnvironmentError, errorMessage, HumanError } from '../../../core/base/errors.ts';
import type { Toxic, ToxicRequest } from './toxic.ts';

const ANSWER_MS = 5000;

export interface ProxyInfo {
  readonly name: string;
  /** host:port to connect to. */
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
  readonly toxics: readonly Toxic[];
}

/** The HTTP API of toxiproxy 2.x, which our own proxy server speaks too. */
export class ProxyApi {
  readonly url: string;

  constructor(url: string) {
    this.url = url.replace(/\/$/, '');
  }

  /** Also proves that the server answers. */
  async version(): Promise<string> {
    const reply = await this.#call('GET', '/version');
    return typeof reply === 'string' ? reply : ((reply as { version: string }).version ?? '');
  }

  /** True for our own server: it can corrupt bytes. */
  async isOwn(): Promise<boolean> {
    return (await this.version()).startsWith('infrabuilder');
  }

  create(proxy: { readonly name: string; readonly listen?: string; readonly upstream: string }): Promise<ProxyInfo> {
    return this.#call('POST', '/proxies', { listen: '127.0.0.1:0', enabled: true, ...proxy }) as Promise<ProxyInfo>;
  }

  get(proxy: string): Promise<ProxyInfo> {
    return this.#call('GET', `/proxies/${encodeURIComponent(proxy)}`) as Promise<ProxyInfo>;
  }

  async remove(proxy: string): Promise<void> {
    await this.#call('DELETE', `/proxies/${encodeURIComponent(proxy)}`);
  }

  async enable(proxy: string, enabled: boolean): Promise<void> {
    await this.#call('POST', `/proxies/${encodeURIComponent(proxy)}`, { enabled });
  }

  addToxic(proxy: string, toxic: ToxicRequest): Promise<Toxic> {
    return this.#call('POST', `/proxies/${encodeURIComponent(proxy)}/toxics`, toxic) as Promise<Toxic>;
  }

  toxic(proxy: string, name: string): Promise<Toxic> {
    return this.#call(
      'GET',
      `/proxies/${encodeURIComponent(proxy)}/toxics/${encodeURIComponent(name)}`,
    ) as Promise<Toxic>;
  }

  async removeToxic(proxy: string, name: string): Promise<void> {
    await this.#call('DELETE', `/proxies/${encodeURIComponent(proxy)}/toxics/${encodeURIComponent(name)}`);
  }

  /** Removes all toxics and switches all proxies on. */
  async reset(): Promise<void> {
    await this.#call('POST', '/reset');
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    let reply: Response;
    try {
      reply = await fetch(this.url + path, {
        method,
        signal: AbortSignal.timeout(ANSWER_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
      });
    } catch (error) {
      throw new EnvironmentError(
        'chaos.no-proxy',
        `The proxy server at ${this.url} does not answer: ${errorMessage(error)}.`,
        'Start it again, or run without it.',
        { cause: error },
      );
    }
    const text = await reply.text();
    if (!reply.ok)
      throw new HumanError(
        'chaos.proxy-refused',
        `${method} ${this.url}${path} answered ${reply.status}: ${text.trim()}`,
      );
    try {
      return text === '' ? undefined : JSON.parse(text);
    } catch {
      return text;
    }
  }
}
