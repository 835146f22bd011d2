import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
  type YAMLParseError,
  type YAMLSeq,
} from 'yaml';
import { tooDeepAt } from './depth.ts';
import { type MapEntry, RESERVED_KEY, type Tree, type TreeNode, type TreeProblem } from './tree.ts';

/** Far above any real file; keeps recursion on hostile text within the stack. */
const MAX_DEPTH = 100;
/** One slip makes many errors after it: the first of each line, and the first lines, say enough. */
const MAX_SYNTAX_PROBLEMS = 10;
/** How many nodes a text may stand for once its aliases are written out. */
const MAX_EXPANDED_NODES = 100_000;

const TOO_DEEP = `The file is nested more than ${MAX_DEPTH} levels deep.`;
const UNCLOSED = /closing|end with a [\]}]/;

const MESSAGES: Record<string, string> = {
  TAB_AS_INDENT: 'a tab cannot indent YAML. Use spaces.',
  MULTIPLE_DOCS: 'a second document starts here. Keep one document a file.',
  BLOCK_AS_IMPLICIT_KEY: 'a mapping cannot start here. Check the indentation, or quote text that holds ": ".',
  MULTILINE_IMPLICIT_KEY: 'this key has no colon on its line. Write "key: value".',
  MISSING_CHAR: 'a character is missing',
  BAD_INDENT: 'the indentation is wrong',
};

/** A node with what it stands for once aliases are written out: how many nodes, on how many levels below it. */
interface Sized {
  readonly node: TreeNode;
  readonly size: number;
  readonly height: number;
}

/** Reads any YAML 1.2 text with the `yaml` library. Never throws. */
export function readFull(text: string): Tree {
  try {
    return new Reader(text).read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { root: undefined, problems: [problem('yaml.too-deep', TOO_DEEP, 0, 0)] };
  }
}

function problem(code: string, message: string, start: number, end: number): TreeProblem {
  return { code, message, start, end };
}

class Reader {
  readonly #text: string;
  readonly #problems: TreeProblem[] = [];
  readonly #anchors = new Map<string, Sized | 'open'>();
  #hasAlias = false;
  #isUnbounded = false;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Tree {
    const deep = tooDeepAt(this.#text, MAX_DEPTH);
    if (deep !== undefined) {
      this.#add('yaml.too-deep', TOO_DEEP, deep, deep + 1);
      return { root: undefined, problems: this.#problems };
    }
    const document = parseDocument(this.#text, { prettyErrors: false, uniqueKeys: false, logLevel: 'error' });
    const lines = new Set<number>();
    for (const error of document.errors) {
      const line = this.#lineEnd(error.pos[0]);
      if (lines.has(line) || lines.size >= MAX_SYNTAX_PROBLEMS) continue;
      lines.add(line);
      this.#syntax(document, error);
    }
    if (this.#problems.length > 0) return { root: undefined, problems: this.#problems };
    if (document.contents === null) {
      this.#add('yaml.empty', 'The file is empty.', 0, 0);
      return { root: undefined, problems: this.#problems };
    }
    const root = this.#node(document.contents, 0, 0);
    if (root.size > MAX_EXPANDED_NODES && this.#hasAlias) this.#unbounded(0, this.#lineEnd(0));
    return { root: this.#problems.length > 0 ? undefined : root.node, problems: this.#problems };
  }

  #syntax(document: Document.Parsed, { code, message, pos }: YAMLParseError): void {
    if (message.includes('call stack')) {
      this.#add('yaml.too-deep', TOO_DEEP, pos[0], pos[1]);
      return;
    }
    const opening = UNCLOSED.test(message) ? this.#opening(document, pos[0]) : undefined;
    if (opening !== undefined) {
      const mark = this.#text[opening];
      this.#add('yaml.syntax', `This is not valid YAML: this ${mark} is never closed.`, opening, opening + 1);
      return;
    }
    const name = code === 'MULTIPLE_DOCS' ? 'yaml.multiple-documents' : 'yaml.syntax';
    this.#add(name, syntaxMessage(code, message), Math.min(pos[0], this.#trimmedEnd(this.#text.length)), pos[1]);
  }

  /** Where the innermost quote or bracket opens that is still open at `offset`. */
  #opening(document: Document.Parsed, offset: number): number | undefined {
    let opening: number | undefined;
    visit(document, (_, node) => {
      if (!isNode(node) || !node.range || !'"\'[{'.includes(this.#text.charAt(node.range[0]))) return;
      if (node.range[0] < offset && node.range[1] >= offset - 1) opening = node.range[0];
    });
    return opening;
  }

  #unbounded(start: number, end: number): void {
    if (this.#isUnbounded) return;
    this.#isUnbounded = true;
    this.#add('yaml.alias', 'Aliases multiply without bound. Write the values out.', start, end);
  }

  #add(code: string, message: string, start: number, end: number): void {
    this.#problems.push(problem(code, message, start, Math.max(start, Math.min(end, this.#lineEnd(start)))));
  }

  #lineEnd(offset: number): number {
    const end = this.#text.indexOf('\n', offset);
    return end < 0 ? this.#text.length : end;
  }

  /** `at` is where a value that is not written would stand. */
  #node(node: Node | null | undefined, at: number, depth: number): Sized {
    if (node === null || node === undefined) return empty(at);
    const start = node.range?.[0] ?? at;
    const end = node.range?.[1] ?? at;
    if (depth > MAX_DEPTH) {
      this.#add('yaml.too-deep', TOO_DEEP, start, end);
      return empty(start);
    }
    if (isAlias(node)) return this.#alias(node.source, start, end, depth);
    const anchor = 'anchor' in node ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, 'open');
    const sized = isMap(node)
      ? this.#map(node, start, end, depth)
      : isSeq(node)
        ? this.#list(node, start, end, depth)
        : this.#scalar(node, start, end);
    if (anchor !== undefined) this.#anchors.set(anchor, sized);
    return sized;
  }

  #scalar(node: Node, start: number, end: number): Sized {
    const value = isScalar(node) ? node.value : undefined;
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      if (start === end) return empty(this.#trimmedEnd(start));
      const last = isScalar(node) && node.type?.startsWith('BLOCK_') ? this.#trimmedEnd(end) : end;
      return { node: { kind: 'scalar', value, start, end: last }, size: 1, height: 0 };
    }
    this.#add(
      'yaml.syntax',
      'This value is of a kind that is not supported here. Write text, a number, true or false.',
      start,
      end,
    );
    return empty(start);
  }

  /** `offset` moved back over white space: where the text before it ends. */
  #trimmedEnd(offset: number): number {
    let end = offset;
    while (end > 0 && ' \t\r\n'.includes(this.#text.charAt(end - 1))) end--;
    return end;
  }

  #map(map: YAMLMap, start: number, end: number, depth: number): Sized {
    const entries: MapEntry[] = [];
    const seen = new Map<string, MapEntry>();
    let size = 1;
    let height = 0;
    for (const pair of map.items as Pair<Node, Node | null>[]) {
      const keyStart = pair.key?.range?.[0] ?? start;
      const keyEnd = pair.key?.range?.[1] ?? keyStart;
      const key = keyText(pair.key);
      if (key === undefined) {
        this.#add('yaml.complex-key', 'A key must be plain text.', keyStart, keyEnd);
        continue;
      }
      if (key === RESERVED_KEY) {
        this.#add('yaml.reserved-key', `The key "${RESERVED_KEY}" is not allowed.`, keyStart, keyEnd);
        continue;
      }
      const child = this.#node(pair.value, keyEnd, depth + 1);
      const entry = { key, keyStart, keyEnd, node: child.node };
      const first = seen.get(key);
      if (first === undefined) {
        seen.set(key, entry);
        entries.push(entry);
        size += child.size;
        height = Math.max(height, child.height + 1);
      } else this.#duplicate(key, first, entry);
    }
    const last = entries.at(-1);
    const flowEnd = map.flow ? end : Math.max(last?.node.end ?? 0, last?.keyEnd ?? 0, start);
    return { node: { kind: 'map', entries, start, end: flowEnd }, size, height };
  }

  #duplicate(key: string, first: MapEntry, again: MapEntry): void {
    this.#problems.push({
      code: 'yaml.duplicate-key',
      message: `The key "${key}" is here twice. Remove one of the two.`,
      start: again.keyStart,
      end: again.keyEnd,
      first: { start: first.keyStart, end: first.keyEnd, message: `"${key}" is first here.` },
    });
  }

  #list(list: YAMLSeq, start: number, end: number, depth: number): Sized {
    const items: TreeNode[] = [];
    let size = 1;
    let height = 0;
    for (const item of list.items) {
      const child = this.#node(item as Node | null, start, depth + 1);
      items.push(child.node);
      size += child.size;
      height = Math.max(height, child.height + 1);
    }
    return { node: { kind: 'list', items, start, end: list.flow ? end : (items.at(-1)?.end ?? start) }, size, height };
  }

  #alias(name: string, start: number, end: number, depth: number): Sized {
    this.#hasAlias = true;
    const target = this.#anchors.get(name);
    if (target === undefined) this.#add('yaml.alias', `No anchor "&${name}" stands before this alias.`, start, end);
    else if (target === 'open') this.#add('yaml.alias', `The alias "*${name}" lies within its own anchor.`, start, end);
    else if (target.size > MAX_EXPANDED_NODES) this.#unbounded(start, end);
    else if (depth + target.height > MAX_DEPTH) this.#add('yaml.too-deep', TOO_DEEP, start, end);
    else return { ...target, node: { ...target.node, start, end } };
    return empty(start);
  }
}

function empty(at: number): Sized {
  return { node: { kind: 'scalar', value: null, start: at, end: at }, size: 1, height: 0 };
}

function keyText(key: Node | null): string | undefined {
  if (key === null) return '';
  if (!isScalar(key)) return undefined;
  return key.value === null ? '' : String(key.value);
}

function syntaxMessage(code: string, message: string): string {
  const known = MESSAGES[code];
  const detail = `${message.charAt(0).toLowerCase()}${message.slice(1).replace(/\.?$/, '.')}`;
  if (known === undefined) return `This is not valid YAML: ${detail}`;
  if (known.endsWith('.')) return `This is not valid YAML: ${known}`;
  return `This is not valid YAML: ${known}: ${detail}`;
}
