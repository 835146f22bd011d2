import type { Journal } from '../reap/journal.ts';
import { startWorker } from '../services/service.ts';
import type { WorkerLauncher } from '../services/worker.ts';
import { ProxyApi } from './proxy/client.ts';

/** A server for TCP proxies: our own in a process of its own, or a toxiproxy server that runs already. */
export interface Proxies {
  readonly api: ProxyApi;
  readonly version: string;
  readonly own: boolean;
  /** Puts a proxy before `upstream` (host:port); the address to connect to comes back. */
  before(
    name: string,
    upstream: string,
  ): Promise<{ readonly api: ProxyApi; readonly name: string; readonly listen: string }>;
}

/** Throws EnvironmentError `chaos.no-proxy` when `external` is named and does not answer. */
export async function startProxies(
  options: {
    readonly journal: Journal;
    readonly launcher: WorkerLauncher /** URL of a toxiproxy server. */;
    readonly external?: string;
  },
  signal?: AbortSignal,
): Promise<Proxies> {
  const { journal, launcher, external } = options;
  const url = external ?? (await startWorker({ name: 'proxy', worker: 'proxy', launcher, journal }, signal)).url;
  const api = new ProxyApi(url);
  const version = await api.version();
  return {
    api,
    version,
    own: external === undefined,
    async before(name, upstream) {
      // The run's name keeps two runs on one server apart.
      const full = `${journal.run}-${name}`;
      const debt = journal.owe({ kind: 'toxic', api: api.url, proxy: full, toxic: null });
      try {
        const made = await api.create({ name: full, upstream });
        return { api, name: full, listen: made.listen };
      } catch (error) {
        journal.forgive(debt);
        throw error;
      }
    },
  };
}
