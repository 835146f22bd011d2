import type { Issue } from '../model/issue.ts';
import { lineRange } from '../model/source.ts';
import { shortDigest } from './describes.ts';
import type { MarkedText, Segment } from './markers.ts';

type Part = Exclude<Segment, { kind: 'text' }>;

export interface Merged {
  readonly segments: readonly Segment[];
  readonly issues: readonly Issue[];
}

/** Where what a person wrote goes when its own place is no more. */
const NOTES = 'notes';

/** Gives the generated parts the digests of their lines. */
export async function withDigests(segments: readonly Segment[]): Promise<Segment[]> {
  return Promise.all(
    segments.map(async (one) => (one.kind === 'text' ? one : { ...one, digest: await digestOf(one.lines) })),
  );
}

/**
 * Puts newly generated blocks into a document that exists. Text between the parts and prose stay as they are; lines that
 * somebody wrote into a generated block are kept below it; a part that is new comes after the one that it follows. A text
 * that nobody generated is kept as notes. Blocks of a shared document have no digest, and nobody's lines in them are kept.
 */
export async function merge(
  existing: MarkedText,
  generated: readonly Segment[],
  file: string,
  isShared: boolean,
): Promise<Merged> {
  if (existing.kind === undefined && existing.segments.every(({ kind }) => kind === 'text')) {
    const lines = trimmed(existing.segments.flatMap(({ lines }) => lines));
    return { segments: await addNotes(generated, lines), issues: [] };
  }
  const fresh = new Map(generated.filter(isPart).map((part) => [part.name, part]));
  const issues: Issue[] = [];
  const kept: Segment[] = [];
  const homeless: string[] = [];
  for (const segment of existing.segments) {
    if (!isPart(segment)) kept.push(segment);
    else if (isOnlyTheirs(segment, fresh)) kept.push(segment);
    else if (segment.kind === 'prose') {
      const next = fresh.get(segment.name);
      const untouched = (await digestOf(segment.lines)) === segment.digest;
      if (next === undefined) homeless.push(...(untouched ? [] : trimmed(segment.lines)));
      else kept.push(untouched ? next : { ...segment, digest: next.digest });
    } else {
      const own = isShared ? [] : await linesByHand(segment, fresh.get(segment.name));
      if (own.length > 0) issues.push(editedIssue(segment, file));
      const next = fresh.get(segment.name);
      if (next === undefined) homeless.push(...own);
      else kept.push(next, ...(own.length > 0 ? [keptPart(segment.name, own)] : []));
    }
  }
  return { segments: await addNotes(insertMissing(joinKept(kept), generated), homeless), issues };
}

const KEPT = 'kept-';
const KEPT_HEAD = ['Kept from an edit by hand of the generated part above:', ''];

/** Places that we made for what a person wrote; no template knows them. */
function isOnlyTheirs({ name }: Part, fresh: ReadonlyMap<string, Part>): boolean {
  return name.startsWith(KEPT) || (name === NOTES && !fresh.has(NOTES));
}

function isPart(segment: Segment): segment is Part {
  return segment.kind !== 'text';
}

async function digestOf(lines: readonly string[]): Promise<string> {
  return shortDigest(lines.join('\n'));
}

/** Lines of a block that were not generated. Without what was generated then, they are those that are not generated now. */
async function linesByHand(block: Part, next: Part | undefined): Promise<string[]> {
  if ((await digestOf(block.lines)) === block.digest) return [];
  const known = new Set(next?.lines.map((line) => line.trim()));
  return trimmed(block.lines.filter((line) => !known.has(line.trim())));
}

function keptPart(name: string, lines: readonly string[]): Segment {
  return { kind: 'prose', name: `${KEPT}${name}`, digest: undefined, lines: [...KEPT_HEAD, ...lines], at: 0 };
}

/** A second edit of one block joins what was kept of the first, which stands right behind it. */
function joinKept(segments: readonly Segment[]): Segment[] {
  const joined: Segment[] = [];
  for (const segment of segments) {
    const made = joined.findIndex((one) => isPart(one) && isPart(segment) && one.name === segment.name);
    const added = joined[made]?.lines.slice(KEPT_HEAD.length);
    if (added === undefined) joined.push(segment);
    else joined[made] = { ...segment, lines: [...segment.lines, ...added] };
  }
  return joined;
}

/** Parts that the document lacks, with the generated text before them, each after the part that it follows. */
function insertMissing(kept: readonly Segment[], generated: readonly Segment[]): Segment[] {
  const result = [...kept];
  const here = new Set(kept.filter(isPart).map(({ name }) => name));
  let previous: string | undefined;
  let lead: Segment[] = [];
  for (const segment of generated) {
    if (!isPart(segment)) {
      lead.push(segment);
      continue;
    }
    if (!here.has(segment.name)) {
      const after = result.findIndex((one) => isPart(one) && one.name === previous);
      const isKept = (one: Segment | undefined) =>
        one !== undefined && isPart(one) && one.name === `${KEPT}${previous}`;
      const at = after < 0 ? (previous === undefined ? 0 : result.length) : after + (isKept(result[after + 1]) ? 2 : 1);
      result.splice(at, 0, ...lead, segment);
    }
    previous = segment.name;
    lead = [];
  }
  return result;
}

async function addNotes(segments: readonly Segment[], lines: readonly string[]): Promise<Segment[]> {
  if (lines.length === 0) return [...segments];
  const at = segments.findIndex((one) => isPart(one) && one.name === NOTES && one.kind === 'prose');
  const notes = segments[at];
  if (notes === undefined || !isPart(notes)) {
    const head: Segment = { kind: 'text', lines: ['', '## Notes', ''] };
    return [...segments, head, { kind: 'prose', name: NOTES, digest: undefined, lines, at: 0 }];
  }
  const isUntouched = (await digestOf(notes.lines)) === notes.digest;
  const joined = isUntouched ? lines : [...notes.lines, '', ...lines];
  return segments.map((one, index) => (index === at ? { ...notes, lines: joined } : one));
}

function editedIssue(block: Part, file: string): Issue {
  const message = `The generated part "${block.name}" was edited by hand. Your lines stand below it now; write between the parts or in a prose place to keep them where they are.`;
  return { code: 'document.edited-block', severity: 'warning', message, file, range: lineRange(block.at, '') };
}

function trimmed(lines: readonly string[]): string[] {
  const first = lines.findIndex((line) => line.trim() !== '');
  if (first < 0) return [];
  return lines.slice(first, lines.findLastIndex((line) => line.trim() !== '') + 1);
}
