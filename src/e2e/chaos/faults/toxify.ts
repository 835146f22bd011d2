import type { Journal } from '../../reap/journal.ts';
import type { FaultTarget } from '../fault.ts';
import type { ToxicRequest } from '../proxy/toxic.ts';

/** Adds a toxic, written down before. */
export async function toxify(
  journal: Journal,
  proxy: NonNullable<FaultTarget['proxy']>,
  toxic: ToxicRequest & { readonly name: string },
): Promise<{ remove(): Promise<void> }> {
  const debt = journal.owe({ kind: 'toxic', api: proxy.api.url, proxy: proxy.name, toxic: toxic.name });
  try {
    await proxy.api.addToxic(proxy.name, toxic);
  } catch (error) {
    journal.forgive(debt);
    throw error;
  }
  return { remove: () => journal.settle(debt) };
}
