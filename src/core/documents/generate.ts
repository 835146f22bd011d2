import { HumanError } from '../base/errors.ts';
import { hasErrors, type Issue } from '../model/issue.ts';
import { documentMarker, type MarkedText, readMarkers, type Segment, segmentLines } from './markers.ts';
import { merge, withDigests } from './merge.ts';
import { checkTemplate, fillTemplate, type Template, type View } from './template.ts';

export interface DocumentRequest {
  /** `plan`, `arch`, `result`, `progress`, ... */
  readonly kind: string;
  /** Where the document lies, relative to the workspace root. */
  readonly file: string;
  /** The document as it is; undefined where there is none. */
  readonly existing: string | undefined;
  readonly template: Template;
  readonly builtIn: Template;
  readonly view: View;
  /**
   * What it is about, to tell later whether it is older than that. Undefined for a document that all tasks share: its
   * markers then never change, so that git can merge two versions line by line, and the next run puts them right.
   */
  readonly describes: ReadonlyMap<string, string> | undefined;
}

export interface GeneratedDocument {
  /** Undefined where an error keeps it from being written: what is there stays. */
  readonly text: string | undefined;
  readonly issues: readonly Issue[];
}

/** The same inputs give the same bytes. What a person wrote into the existing document is in the result. */
export async function generateDocument(request: DocumentRequest): Promise<GeneratedDocument> {
  const { kind, file, existing, template, builtIn, view, describes } = request;
  const wrong = checkTemplate(template, builtIn);
  if (hasErrors(wrong)) return { text: undefined, issues: wrong };
  const filled = readMarkers(fillTemplate(template, view), template.file);
  const old = existing === undefined ? undefined : readMarkers(existing, file);
  const broken = [...filled.issues, ...(old?.issues ?? []), ...otherKind(old, kind, file)];
  if (hasErrors(broken)) return { text: undefined, issues: broken };
  const isShared = describes === undefined;
  const generated = isShared ? filled.segments : await withDigests(filled.segments);
  const merged = old === undefined ? { segments: generated, issues: [] } : await merge(old, generated, file, isShared);
  const lines = [documentMarker(kind, describes ?? new Map()), ...merged.segments.flatMap(segmentLines)];
  const end = existing?.includes('\r\n') ? '\r\n' : '\n';
  return { text: `${lines.join(end)}${end}`, issues: merged.issues };
}

/** Puts prose in its place; the rest of the document stays as it is, byte for byte. Throws HumanError where it cannot. */
export function writeProse(text: string, file: string, place: string, prose: string): string {
  const parsed = readMarkers(text, file);
  const [broken] = parsed.issues;
  if (broken !== undefined) throw new HumanError(broken.code, `${file}:${broken.range.start.line}: ${broken.message}`);
  if (/<!--\s*infrabuilder:/.test(prose)) {
    throw new HumanError('document.prose-marker', 'Prose cannot hold markers of InfraBuilder.', 'Leave them out.');
  }
  const places = parsed.segments.flatMap((one) => (one.kind === 'prose' ? [one.name] : []));
  if (!places.includes(place)) {
    const hint = places.length === 0 ? 'Generate the document first.' : `Places: ${places.join(', ')}.`;
    throw new HumanError('document.no-place', `${file} has no place "${place}".`, hint);
  }
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = prose.replace(/\s+$/, '').split(/\r\n|\n/);
  const segments = parsed.segments.map(
    (one): Segment => (one.kind === 'prose' && one.name === place ? { ...one, lines } : one),
  );
  const head = parsed.kind === undefined ? [] : [documentMarker(parsed.kind, parsed.describes)];
  return `${[...head, ...segments.flatMap(segmentLines)].join(end)}${end}`;
}

const FIGURE = /(?<![\w.-])\d+(?:[.,]\d+)*(?![\w-])/g;

/**
 * Figures in a model's prose that stand nowhere in the generated parts of the document. A model may repeat a figure that
 * was measured, and name none of its own.
 */
export function unknownFigures(text: string, file: string, prose: string): readonly string[] {
  const known = new Set<string>();
  for (const segment of readMarkers(text, file).segments) {
    if (segment.kind === 'block') for (const [figure] of segment.lines.join('\n').matchAll(FIGURE)) known.add(figure);
  }
  const named = [...prose.matchAll(FIGURE)].map(([figure]) => figure);
  return [...new Set(named.filter((figure) => !known.has(figure)))];
}

function otherKind(old: MarkedText | undefined, kind: string, file: string): Issue[] {
  if (old?.kind === undefined || old.kind === kind) return [];
  const message = `This file is a document of another kind: ${old.kind}, not ${kind}. Move it away.`;
  const range = { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
  return [{ code: 'document.other-kind', severity: 'error', message, file, range }];
}

/** A document as a reader wants it: without the lines that are for InfraBuilder. */
export function withoutMarkers(text: string): string {
  const lines = readMarkers(text, '').segments.flatMap((segment) => segment.lines);
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}
