import { TextLines } from '../../parse/textLines.ts';

/** A line of a Markdown document that a reader takes as text, with what stands around it. */
export interface DocumentLine {
  /** Counts from 1. */
  readonly line: number;
  /** Without list marks, emphasis and link targets; code marks stay. */
  readonly text: string;
  readonly kind: 'heading' | 'prose' | 'item' | 'row' | 'output';
  /** Of a list item: `x` for a ticked box, ` ` for an open one. */
  readonly box: 'ticked' | 'open' | undefined;
  /** The headings above, outermost first. */
  readonly headings: readonly string[];
  /** Of a row: its cells, and those of the table's header. */
  readonly cells: readonly string[];
  readonly header: readonly string[];
}

/** Characters; longer lines are data, not sentences. */
const LONGEST_LINE = 2000;
const FENCE = /^\s{0,3}(?:[-*+]\s+)?(`{3,}|~{3,})\s*([\w-]*)/;
/** What tools have printed, pasted into a report. Other fences hold code and examples. */
const OUTPUT = /^(?:|text|txt|console|output|log|shell-session|sh-session)$/;
const SEPARATOR = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;
const RULE = /^\s*(?:[-*_]\s*){3,}$/;
const ITEM = /^\s*(?:[-*+]|\d+[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;

/**
 * Reads a Markdown text line by line. Front matter, comments, quotes, templates and code fences are left out; `outputs` takes in
 * fences without a language, which in a report hold what a tool has printed.
 */
export function readDocument(text: string, { outputs }: { readonly outputs: boolean }): DocumentLine[] {
  const lines = new TextLines(text);
  const found: DocumentLine[] = [];
  let headings: { level: number; text: string }[] = [];
  let header: readonly string[] = [];
  let fence: { mark: string; isOutput: boolean } | undefined;
  let inComment = false;
  let inTable = false;
  const add = (line: number, kind: DocumentLine['kind'], shown: string, part: Partial<DocumentLine> = {}) =>
    found.push({
      line,
      kind,
      text: plain(shown),
      box: undefined,
      cells: [],
      header: [],
      headings: headings.map((one) => one.text),
      ...part,
    });
  for (let at = bodyStart(lines); at <= lines.count; at++) {
    const line = lines.line(at);
    if (line.length > LONGEST_LINE) continue;
    if (fence !== undefined) {
      if (line.trim().startsWith(fence.mark) && /^(`+|~+)$/.test(line.trim())) fence = undefined;
      else if (fence.isOutput && line.trim() !== '') add(at, 'output', line);
      continue;
    }
    if (inComment) {
      inComment = !line.includes('-->');
      continue;
    }
    const opened = FENCE.exec(line);
    if (opened !== null) {
      fence = { mark: opened[1] ?? '```', isOutput: outputs && OUTPUT.test(opened[2] ?? '') };
      continue;
    }
    if (/^\s*<!--/.test(line)) {
      inComment = !line.includes('-->');
      continue;
    }
    const isRow = /^\s*\|.*\|\s*$/.test(line);
    const startsTable = isRow && !inTable;
    inTable = isRow;
    if (!isRow) header = [];
    if (line.trim() === '' || RULE.test(line) || /^\s*>/.test(line) || line.includes('{{')) continue;
    const heading = HEADING.exec(line);
    if (heading !== null) {
      const level = heading[1]?.length ?? 1;
      headings = [...headings.filter((one) => one.level < level), { level, text: plain(heading[2] ?? '') }];
      add(at, 'heading', heading[2] ?? '');
    } else if (isRow) {
      const cells = cellsOf(line);
      if (startsTable && SEPARATOR.test(lines.line(at + 1)) && at < lines.count) {
        header = cells.map(plain);
        at++;
      } else add(at, 'row', cells.join(' | '), { cells: cells.map(plain), header });
    } else {
      const item = ITEM.exec(line);
      const box = item?.[1] === undefined ? undefined : item[1] === ' ' ? 'open' : 'ticked';
      add(at, item === null ? 'prose' : 'item', item?.[2] ?? line, { box });
    }
  }
  return found;
}

/** The first line below YAML front matter. */
function bodyStart(lines: TextLines): number {
  if (lines.line(1).trimEnd() !== '---') return 1;
  for (let at = 2; at <= lines.count; at++) if (/^(?:---|\.\.\.)\s*$/.test(lines.line(at))) return at + 1;
  return 1;
}

function cellsOf(line: string): string[] {
  const inner = line.trim().replace(/^\|/, '').replace(/\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** As a reader sees it, but with code marks: a word in code is a name, not a claim. */
function plain(text: string): string {
  return text
    .replace(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\*\*|__(?=\S)|(?<=\S)__|~~|<[a-z/][^>]*>/gi, '')
    .replace(/\s+/g, ' ')
    .trim();
}
