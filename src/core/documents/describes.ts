import { sha256 } from '../base/digest.ts';
import { readMarkers } from './markers.ts';

/** Digits of a SHA-256: enough to tell changes apart, few enough to read. */
const SHORT = 8;

export async function shortDigest(text: string): Promise<string> {
  return (await sha256(text)).slice(0, SHORT);
}

/** What a document is about, by names that a person knows: `{task: {...}, story: '...'}` -> name -> digest, sorted by name. */
export async function describe(parts: Readonly<Record<string, unknown>>): Promise<ReadonlyMap<string, string>> {
  const names = Object.keys(parts).sort();
  const digests = await Promise.all(names.map((name) => shortDigest(JSON.stringify(parts[name] ?? null))));
  return new Map(names.map((name, at) => [name, digests[at] ?? '']));
}

/**
 * What has changed since the document was written; empty where it is current. `generated` is false for a text that nobody
 * generated: whether that is current cannot be told.
 */
export function staleParts(
  text: string,
  now: ReadonlyMap<string, string>,
): { readonly generated: boolean; readonly changed: readonly string[] } {
  const { kind, describes } = readMarkers(text, '');
  if (kind === undefined) return { generated: false, changed: [...now.keys()] };
  const changed = [...now].filter(([name, digest]) => describes.get(name) !== digest).map(([name]) => name);
  const gone = [...describes.keys()].filter((name) => !now.has(name));
  return { generated: true, changed: [...changed, ...gone].sort() };
}
