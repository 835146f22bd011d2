import { readInline } from './inline.ts';
import type { ListNode, MapEntry, MapNode, ScalarNode, TreeNode } from './tree.ts';

const MAX_DEPTH = 32;
/** Up to this many keys a scan is faster than a set. */
const SCANNED_KEYS = 8;
const SPACE = 0x20;
const RETURN = 0x0d;
const DASH = 0x2d;
const COLON = 0x3a;
const HASH = 0x23;

/** Keys that YAML reads as something else than text, and the one that every reader refuses. */
const SPECIAL_KEY = /^(?:[Nn]ull|NULL|[Tt]rue|TRUE|[Ff]alse|FALSE|__proto__)$/;

/**
 * Reads the subset of YAML that nearly all task files are written in: block maps and lists with one-line scalars, flat
 * `[a, b]` lists, comments. About twenty times as fast as the full reader. Undefined for anything else, valid or not; then
 * the full reader decides. Where it does answer, it answers as the full reader does, places included.
 */
export function readPlain(text: string): TreeNode | undefined {
  if (text.includes('\t') || (text.includes('\r') && /\r(?!\n)/.test(text))) return undefined;
  return new PlainReader(text).read();
}

class PlainReader {
  readonly #text: string;
  /** The current line: where it starts, where its text starts and ends, its indentation (-1 after the last line). */
  #line = 0;
  #start = 0;
  #end = 0;
  #indent = 0;
  #next = 0;
  /** Where the key that `#key` found ends. */
  #keyEnd = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): TreeNode | undefined {
    this.#advance();
    if (this.#indent < 0) return undefined;
    const root = this.#block(0);
    return this.#indent < 0 ? root : undefined;
  }

  /** To the next line that is neither blank nor a comment. */
  #advance(): void {
    const text = this.#text;
    const length = text.length;
    while (this.#next < length) {
      this.#line = this.#next;
      let at = this.#line;
      while (text.charCodeAt(at) === SPACE) at++;
      const newline = text.indexOf('\n', at);
      this.#next = newline < 0 ? length : newline + 1;
      let end = newline < 0 ? length : newline;
      if (end > at && text.charCodeAt(end - 1) === RETURN) end--;
      if (at >= end || text.charCodeAt(at) === HASH) continue;
      this.#start = at;
      this.#end = end;
      this.#indent = at - this.#line;
      return;
    }
    this.#indent = -1;
  }

  #block(depth: number): TreeNode | undefined {
    if (depth > MAX_DEPTH) return undefined;
    return this.#isItem(this.#start) ? this.#list(depth) : this.#map(depth);
  }

  #isItem(at: number): boolean {
    return this.#text.charCodeAt(at) === DASH && this.#isGap(at + 1);
  }

  #isGap(at: number): boolean {
    return at >= this.#end || this.#text.charCodeAt(at) === SPACE;
  }

  #map(depth: number): MapNode | undefined {
    const indent = this.#indent;
    const start = this.#start;
    const entries: MapEntry[] = [];
    let seen: Set<string> | undefined;
    while (this.#indent === indent && !this.#isItem(this.#start)) {
      const keyStart = this.#start;
      const key = this.#key(keyStart);
      if (key === undefined) return undefined;
      if (seen === undefined && entries.length >= SCANNED_KEYS) seen = new Set(entries.map((entry) => entry.key));
      if (seen?.has(key) ?? entries.some((entry) => entry.key === key)) return undefined;
      seen?.add(key);
      const keyEnd = this.#keyEnd;
      const node = this.#value(keyEnd + 1, indent, true, depth);
      if (node === undefined) return undefined;
      entries.push({ key, keyStart, keyEnd, node });
    }
    const last = entries.at(-1);
    return last && { kind: 'map', entries, start, end: Math.max(last.node.end, last.keyEnd) };
  }

  #list(depth: number): ListNode | undefined {
    const indent = this.#indent;
    const start = this.#start;
    const items: TreeNode[] = [];
    while (this.#indent === indent && this.#isItem(this.#start)) {
      const node = this.#value(this.#start + 1, indent, false, depth);
      if (node === undefined) return undefined;
      items.push(node);
    }
    return { kind: 'list', items, start, end: items.at(-1)?.end ?? start };
  }

  /** The value that follows a colon or a dash, on its line or on those below; moves past it. */
  #value(after: number, indent: number, inMap: boolean, depth: number): TreeNode | undefined {
    let at = after;
    while (this.#text.charCodeAt(at) === SPACE) at++;
    if (at >= this.#end || this.#text.charCodeAt(at) === HASH) {
      this.#advance();
      const isBelow = this.#indent > indent || (inMap && this.#indent === indent && this.#isItem(this.#start));
      return isBelow ? this.#block(depth + 1) : empty(after);
    }
    if (!inMap && this.#isItem(at)) return undefined;
    if (!inMap && this.#key(at) !== undefined) {
      this.#start = at;
      this.#indent = at - this.#line;
      return depth > MAX_DEPTH ? undefined : this.#map(depth + 1);
    }
    const node = readInline(this.#text, at, this.#end);
    this.#advance();
    return this.#indent > indent ? undefined : node;
  }

  /** The key at `at`; undefined where there is none of the plain kind. */
  #key(at: number): string | undefined {
    const text = this.#text;
    if (!isKeyStart(text.charCodeAt(at))) return undefined;
    let end = at + 1;
    while (isKeyPart(text.charCodeAt(end))) end++;
    if (text.charCodeAt(end) !== COLON || !this.#isGap(end + 1)) return undefined;
    const key = text.slice(at, end);
    if (SPECIAL_KEY.test(key)) return undefined;
    this.#keyEnd = end;
    return key;
  }
}

function isKeyStart(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
}

/** Letters, digits, `_`, `-`, `.` and `/`. */
function isKeyPart(code: number): boolean {
  return isKeyStart(code) || (code >= 0x2d && code <= 0x39);
}

function empty(at: number): ScalarNode {
  return { kind: 'scalar', value: null, start: at, end: at };
}
