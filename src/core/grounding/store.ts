import { sha256 } from '../base/digest.ts';
import { HumanError } from '../base/errors.ts';
import type { Files } from '../ports.ts';
import type { Segment } from './segment.ts';

/** The index as it was last; only a cache, so it can be deleted at any time. */
export const STORE_FILE = '.infrabuilder/grounding.index';

/** Grows with every change of chunking or of terms: an index of another version is made anew. */
const FORMAT = 'infrabuilder grounding 1';

/**
 * Segments by file. Empty where there is no store and where it is not exactly what was written: another version, cut
 * short, edited. The first line holds format and digest, the second the segments as JSON.
 */
export async function loadSegments(files: Files): Promise<ReadonlyMap<string, Segment>> {
  const none = new Map<string, Segment>();
  const text = await unlessRefused(() => files.read(STORE_FILE));
  if (text === undefined) return none;
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  if (text.slice(0, end) !== `${FORMAT} ${await sha256(body)}`) return none;
  const segments = JSON.parse(body) as Segment[];
  return new Map(segments.map((segment) => [segment.file, segment]));
}

/** Replaces the store in one step. Where the workspace cannot be written to, there is none. */
export async function saveSegments(files: Files, segments: Iterable<Segment>): Promise<void> {
  const body = JSON.stringify([...segments]);
  const header = `${FORMAT} ${await sha256(body)}`;
  await unlessRefused(() => files.write(STORE_FILE, `${header}\n${body}`));
}

async function unlessRefused<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof HumanError || (error instanceof Error && 'code' in error)) return undefined;
    throw error;
  }
}
