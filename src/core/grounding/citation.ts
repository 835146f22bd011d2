/** Lines of a file that a statement rests on. Lines count from 1, both ends inclusive. */
export interface Citation {
  /** Relative to the workspace root. */
  readonly file: string;
  readonly startLine: number;
  readonly endLine: number;
  /** SHA-256 of the file's text when the citation was made, where it was kept. */
  readonly digest?: string;
  /** Text of the cited lines when the citation was made: finds them again when they have moved. */
  readonly quote?: string;
}

const REFERENCE = String.raw`([^\s\[\]()<>"'\`|#]+)#L(\d{1,9})(?:-L?(\d{1,9}))?`;
/** `[file#L3]`, `(file#L3-L5)`, `[text](file#L3-L5)`, several in one bracket, or the bare reference. */
const MARK = new RegExp(
  String.raw`\[[^\[\]\n]{0,200}\]\(${REFERENCE}\)|[\[(]\s*${REFERENCE}(?:\s*[,;]\s*${REFERENCE})*\s*[\])]|${REFERENCE}`,
  'g',
);
const ONE = new RegExp(REFERENCE, 'g');

/** A place in a text where citations stand. Offsets are UTF-16 units. */
export interface CitationMark {
  readonly start: number;
  readonly end: number;
  readonly citations: readonly Citation[];
}

/** All citations of a text, in order. */
export function citationMarks(text: string): CitationMark[] {
  return [...text.matchAll(MARK)].map((match) => {
    // In `[text](file#L3)` only the target counts: the text is for the reader.
    const target = match[0].replace(/^\[[^\]]*\]\(/, '');
    const citations = [...target.matchAll(ONE)].map(([, file = '', start = '', end = start]) => ({
      file: decode(file),
      startLine: Number(start),
      endLine: Number(end),
    }));
    return { start: match.index, end: match.index + match[0].length, citations };
  });
}

/** `docs/runbook.md#L3-L5`. Characters that would end the reference, or act in Markdown, are percent-encoded. */
export function formatCitation({ file, startLine, endLine }: Pick<Citation, 'file' | 'startLine' | 'endLine'>): string {
  const lines = endLine > startLine ? `L${startLine}-L${endLine}` : `L${startLine}`;
  return `${encode(file)}#${lines}`;
}

function encode(file: string): string {
  return file.replace(/[^\p{L}\p{N}_.~\-/@+,=]/gu, (character) => {
    const bytes = new TextEncoder().encode(character);
    return Array.from(bytes, (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  });
}

function decode(file: string): string {
  try {
    return decodeURIComponent(file).replace(/^\.\//, '');
  } catch {
    return file;
  }
}
