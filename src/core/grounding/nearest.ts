import type { Documents } from '../project/documents.ts';
import type { NearHeading } from './answer.ts';
import { sectionAt } from './chunk.ts';
import type { Document, Library } from './library.ts';
import { type Retrieval, rankedPassages } from './retrieve.ts';

const NEAREST = 3;
/** Level of the headings that tell what a document is about. */
const CHAPTER = 2;

/**
 * The headings above the passages that have most of a question. Where no passage has anything of it: the first chapters
 * of blueprint and runbook, which say what can be asked.
 */
export async function nearestHeadings(
  library: Library,
  retrieval: Retrieval,
  documents: Pick<Documents, 'blueprint' | 'runbook'>,
): Promise<NearHeading[]> {
  const found = new Map<string, NearHeading>();
  const byFile = new Map(retrieval.hits.map(({ document }) => [document.file, document]));
  for (const { file, startLine } of rankedPassages(retrieval)) {
    const document = byFile.get(file);
    if (document !== undefined && found.size < NEAREST) add(found, document, startLine);
  }
  if (found.size > 0) return [...found.values()];
  for (const file of [documents.blueprint, documents.runbook]) {
    const document = file === undefined ? undefined : await library.document(file);
    const chapters = document?.sections.filter((section) => section.level === CHAPTER) ?? [];
    for (const { startLine } of chapters.slice(0, NEAREST)) if (document !== undefined) add(found, document, startLine);
  }
  return [...found.values()];
}

function add(found: Map<string, NearHeading>, { file, sections }: Document, line: number): void {
  const section = sectionAt(sections, line);
  if (section === undefined) return;
  const heading = section.path.join(' > ') || file;
  found.set(`${file}#${section.startLine}`, { file, line: section.startLine, heading });
}
