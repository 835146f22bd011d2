import type { MapEntry, TreeNode } from './tree.ts';

export interface Part {
  readonly start: number;
  readonly end: number;
}

/** Where things stand in a YAML text: lines, columns (from 0), and the parts of a collection. */
export class TextLayout {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  lineStart(offset: number): number {
    return offset <= 0 ? 0 : this.text.lastIndexOf('\n', offset - 1) + 1;
  }

  /** Before the line end. */
  lineEnd(offset: number): number {
    const end = this.text.indexOf('\n', offset);
    if (end < 0) return this.text.length;
    return end > offset && this.text[end - 1] === '\r' ? end - 1 : end;
  }

  column(offset: number): number {
    return offset - this.lineStart(offset);
  }

  /** Whether only indentation stands before `offset` on its line. */
  opensLine(offset: number): boolean {
    return this.text.slice(this.lineStart(offset), offset).trim() === '';
  }

  isFlow(node: TreeNode): boolean {
    return node.kind !== 'scalar' && (this.text[node.start] === '{' || this.text[node.start] === '[');
  }

  isAlias(node: TreeNode): boolean {
    return node.kind !== 'scalar' && this.text[node.start] === '*';
  }

  /** The end of the last line of a block that stands at `column` and ends at `offset`, with comments that are indented deeper. */
  blockEnd(offset: number, column: number): number {
    let end = this.lineEnd(offset);
    for (;;) {
      const start = this.text.indexOf('\n', end) + 1;
      if (start === 0) return end;
      const next = this.lineEnd(start);
      const line = this.text.slice(start, next);
      const indent = line.length - line.trimStart().length;
      if (indent <= column || line[indent] !== '#') return end;
      end = next;
    }
  }

  /** After the colon of an entry. */
  colonEnd(entry: MapEntry): number {
    return this.text.indexOf(':', entry.keyEnd) + 1 || entry.keyEnd;
  }

  /** One part an entry or item; in a block list a part starts at the dash. */
  parts(node: TreeNode): Part[] {
    if (node.kind === 'scalar') return [];
    if (node.kind === 'map') {
      return node.entries.map(({ keyStart, keyEnd, node: { end } }) => ({
        start: keyStart,
        end: Math.max(keyEnd, end),
      }));
    }
    if (this.isFlow(node)) return node.items.map(({ start, end }) => ({ start, end }));
    const column = this.column(node.start);
    return node.items.map((item, at) => {
      if (at === 0) return { start: node.start, end: item.end };
      let line = this.lineStart(item.start);
      while (line > node.start && this.text[line + column] !== '-') line = this.lineStart(line - 1);
      return { start: line + column, end: item.end };
    });
  }
}
