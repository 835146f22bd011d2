/** A heading of a Markdown text with what stands below it. Lines count from 1. */
export interface Section {
  readonly level: number;
  readonly title: string;
  readonly line: number;
  /** Lines below the heading, with deeper headings and what is below them. */
  readonly body: readonly TextLine[];
  readonly children: readonly Section[];
}

export interface TextLine {
  readonly line: number;
  readonly text: string;
  readonly isCode: boolean;
}

const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;

interface Open {
  level: number;
  title: string;
  line: number;
  body: TextLine[];
  children: Open[];
}

/** The tree of headings. A heading within a code fence is none. */
export function readSections(text: string): readonly Section[] {
  const top: Open = { level: 0, title: '', line: 0, body: [], children: [] };
  const stack: Open[] = [top];
  let fence = '';
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const mark = FENCE.exec(raw)?.[1];
    const closes = mark !== undefined && fence !== '' && mark.startsWith(fence);
    const heading = fence === '' && mark === undefined ? HEADING.exec(raw) : null;
    if (heading !== null) {
      const level = heading[1]?.length ?? 1;
      while ((stack.at(-1)?.level ?? 0) >= level) stack.pop();
      const section: Open = { level, title: plain(heading[2] ?? ''), line: index + 1, body: [], children: [] };
      stack.at(-1)?.children.push(section);
      for (const open of stack) open.body.push({ line: index + 1, text: raw, isCode: false });
      stack.push(section);
      continue;
    }
    const line = { line: index + 1, text: raw, isCode: fence !== '' || mark !== undefined };
    for (const open of stack) open.body.push(line);
    if (closes) fence = '';
    else if (fence === '' && mark !== undefined) fence = mark;
  }
  return top.children;
}

export function allSections(sections: readonly Section[]): Section[] {
  return sections.flatMap((section) => [section, ...allSections(section.children)]);
}

function plain(title: string): string {
  return title.replace(/[`*_]{1,2}([^`*]+?)[`*_]{1,2}/g, '$1').trim();
}
