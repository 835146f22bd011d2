import type { Files } from '../ports.ts';
import type { FileFacts } from './facts.ts';

const PATH = '.infrabuilder/cache/conformance.json';
/** Raise when the meaning of facts changes, or a grammar does. */
const FORMAT = 1;

interface Stored {
  readonly format: number;
  readonly key: string;
  readonly files: Readonly<Record<string, FileFacts>>;
}

/** Facts by path as an earlier scan left them; empty where there are none for this plan. Anything odd is no cache. */
export async function loadFacts(files: Files, key: string): Promise<Map<string, FileFacts>> {
  try {
    const stored = JSON.parse((await files.read(PATH)) ?? '{}') as Partial<Stored>;
    if (stored.format !== FORMAT || stored.key !== key || typeof stored.files !== 'object') return new Map();
    return new Map(Object.entries(stored.files));
  } catch {
    return new Map();
  }
}

/** Keeps facts for the next scan. A cache that cannot be written costs time, not correctness. */
export async function saveFacts(files: Files, key: string, facts: ReadonlyMap<string, FileFacts>): Promise<void> {
  const stored: Stored = { format: FORMAT, key, files: Object.fromEntries(facts) };
  try {
    await files.write(PATH, JSON.stringify(stored));
  } catch {
    return;
  }
}
