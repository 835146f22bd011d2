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

/** False for a text that nobody generated: whether that is current cannot be told. */
export function isGenerated(text: string): boolean {
  return readMarkers(text, '').kind !== undefined;
}

/** What has changed since the document was generated; empty where it is current. */
export function staleParts(text: string, now: ReadonlyMap<string, string>): readonly string[] {
  const { describes } = readMarkers(text, '');
  const changed = [...now].filter(([name, digest]) => describes.get(name) !== digest).map(([name]) => name);
  const gone = [...describes.keys()].filter((name) => !now.has(name));
  return [...changed, ...gone].sort();
}
