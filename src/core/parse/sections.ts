import { TextLines } from './textLines.ts';

/** A heading with the lines below it, up to the next heading of any level. */
export interface Section {
  /** The headings above and its own, outermost first; empty for what stands before the first heading. */
  readonly path: readonly string[];
  /** 1 to 6; 0 before the first heading. */
  readonly level: number;
  /** Lines count from 1, both ends inclusive. The first line is the heading itself. */
  readonly startLine: number;
  readonly endLine: number;
}

const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/;
const ATX = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/;
const UNDERLINE = /^ {0,3}(?:(=+)|(-+))[ \t]*$/;
/** Lines that cannot be the text of an underlined heading. */
const NO_PARAGRAPH = /^(?:\s*$|\s{4}|\s*(?:[|>#]|[-*+]\s|\d+[.)]\s))/;

/** The sections of a Markdown text. Headings in code fences, comments and front matter count for nothing. */
export function readSections(text: string | TextLines): Section[] {
  const lines = typeof text === 'string' ? new TextLines(text) : text;
  return toSections(markdownHeadings(lines), lines.count);
}

/** The sections of a YAML text: top-level keys, and below them the items of a list, named by their first scalar. */
export function readYamlSections(text: string | TextLines): Section[] {
  const lines = typeof text === 'string' ? new TextLines(text) : text;
  return toSections(yamlHeadings(lines), lines.count);
}

interface Found {
  readonly line: number;
  readonly level: number;
  readonly text: string;
}

function toSections(headings: Iterable<Found>, lineCount: number): Section[] {
  const sections: Section[] = [];
  let open: Found[] = [];
  let path: readonly string[] = [];
  let startLine = 1;
  for (const heading of headings) {
    if (heading.line > startLine) {
      sections.push({ path, level: open.at(-1)?.level ?? 0, startLine, endLine: heading.line - 1 });
    }
    open = [...open.filter((one) => one.level < heading.level), heading];
    path = open.map((one) => one.text);
    startLine = heading.line;
  }
  sections.push({ path, level: open.at(-1)?.level ?? 0, startLine, endLine: lineCount });
  return sections;
}

function* markdownHeadings(lines: TextLines): Generator<Found> {
  let fence = '';
  let inComment = false;
  let before = '';
  for (let at = frontMatterEnd(lines) + 1; at <= lines.count; at++) {
    const line = lines.line(at);
    const mark = FENCE.exec(line)?.[1];
    if (fence !== '') {
      if (mark?.startsWith(fence) && line.trim() === mark) fence = '';
      before = '';
    } else if (inComment) {
      inComment = !line.includes('-->');
    } else if (mark !== undefined) {
      fence = mark;
    } else if (/^ {0,3}<!--/.test(line)) {
      inComment = !line.includes('-->');
      before = '';
    } else {
      const found = headingAt(line, before, at);
      if (found !== undefined) yield found;
      before = found === undefined && !NO_PARAGRAPH.test(line) ? line : '';
    }
  }
}

function headingAt(line: string, before: string, at: number): Found | undefined {
  const [, marks, text] = ATX.exec(line) ?? [];
  if (marks !== undefined)
    return { line: at, level: marks.length, text: plain((text ?? '').replace(/(?:^|\s)#+\s*$/, '')) };
  const underline = before === '' ? null : UNDERLINE.exec(line);
  return underline ? { line: at - 1, level: underline[1] === undefined ? 2 : 1, text: plain(before) } : undefined;
}

/** The last line of YAML front matter; 0 where there is none. */
function frontMatterEnd(lines: TextLines): number {
  if (lines.line(1).trimEnd() !== '---') return 0;
  for (let at = 2; at <= lines.count; at++) if (/^(?:---|\.\.\.)\s*$/.test(lines.line(at))) return at;
  return 0;
}

/** As a reader sees it: without emphasis, code marks and link targets. */
function plain(text: string): string {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*`]|<[^>]*>/g, '')
    .trim();
}

function* yamlHeadings(lines: TextLines): Generator<Found> {
  let itemIndent = -1;
  for (let at = 1; at <= lines.count; at++) {
    const line = lines.line(at);
    const key = /^(?:"([^"]+)"|'([^']+)'|([^\s#'"&*!|>%@`{}[\],-][^:#]*)):(?:\s|$)/.exec(line);
    if (key !== null) {
      itemIndent = -1;
      yield { line: at, level: 1, text: (key[1] ?? key[2] ?? key[3] ?? '').trim() };
      continue;
    }
    const item = /^( {0,4})- (.*)$/.exec(line);
    const indent = item?.[1]?.length ?? -1;
    if (item === null || (itemIndent >= 0 && indent !== itemIndent)) continue;
    const [, name] = /^\{?\s*(?:id|slug|name):\s*["']?([^"',}#]+)/.exec(item[2] ?? '') ?? [];
    if (name === undefined) continue;
    itemIndent = indent;
    yield { line: at, level: 2, text: name.trim() };
  }
}
