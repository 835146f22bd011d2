import { HumanError } from '../base/errors.ts';
import { pathText } from './explain.ts';
import { TextLayout } from './layout.ts';
import type { Path } from './parsed.ts';
import {
  isCollection,
  isEmptyCollection,
  type Layout,
  renderBlock,
  renderEntry,
  renderInline,
  type YamlValue,
} from './render.ts';
import type { Splice } from './splice.ts';
import type { ListNode, MapEntry, MapNode, TreeNode } from './tree.ts';

/** A node with what surrounds it. */
interface Place {
  readonly node: TreeNode;
  /** The map entry that holds the node; undefined for a list's item and for the root. */
  readonly entry: MapEntry | undefined;
  /** The node stands within `{...}` or `[...]`. */
  readonly inFlow: boolean;
}

const DEFAULT_LIST_INDENT = 2;

/** Plans one splice for one edit of a YAML text. */
export class Editor {
  readonly #layout: TextLayout;
  readonly #root: TreeNode | undefined;
  readonly #style: Layout;

  /** `root` is the tree of `text`; undefined for a text without a value. */
  constructor(text: string, root: TreeNode | undefined) {
    this.#layout = new TextLayout(text);
    this.#root = root;
    const eol = text.includes('\r\n') ? '\r\n' : '\n';
    this.#style = { eol, listIndent: (root && this.#listIndent(root)) ?? DEFAULT_LIST_INDENT };
  }

  set(path: Path, value: YamlValue): Splice {
    if (this.#root === undefined) return this.#fill(nest(path, value));
    const { place, rest } = this.#walk(this.#root, path);
    const [step, ...below] = rest;
    if (step === undefined) return this.#replace(place, value);
    const { node } = place;
    if (node.kind === 'map') return this.#insertKey(place, node, String(step), nest(below, value));
    if (node.kind === 'list' && step === node.items.length) return this.#insertItem(place, node, nest(below, value));
    if (node.kind === 'scalar' && node.value === null) return this.#replace(place, nest(rest, value));
    throw unfit(path, `${pathText(path.slice(0, path.length - rest.length)) || 'the file'} has no such place`);
  }

  append(path: Path, value: YamlValue): Splice {
    if (this.#root === undefined) return this.set(path, [value]);
    const { place, rest } = this.#walk(this.#root, path);
    const { node } = place;
    if (rest.length > 0 || (node.kind === 'scalar' && node.value === null)) return this.set(path, [value]);
    if (node.kind !== 'list') throw unfit(path, 'it is not a list');
    return this.#insertItem(place, node, value);
  }

  /** Undefined where there is nothing to delete. */
  delete(path: Path): Splice | undefined {
    const step = path.at(-1);
    if (this.#root === undefined || step === undefined) return undefined;
    const { place, rest } = this.#walk(this.#root, path.slice(0, -1));
    const { node } = place;
    if (rest.length > 0 || node.kind === 'scalar') return undefined;
    const index = node.kind === 'map' ? node.entries.findIndex(({ key }) => key === String(step)) : Number(step);
    const parts = this.#layout.parts(node);
    const part = parts[index];
    if (part === undefined) return undefined;
    if (parts.length === 1) return this.#replace(place, node.kind === 'map' ? {} : []);
    const next = parts[index + 1];
    if (this.#layout.isFlow(node) && next === undefined) {
      return { start: parts[index - 1]?.end ?? part.start, end: part.end, newText: '' };
    }
    if (next !== undefined && (this.#layout.isFlow(node) || !this.#layout.opensLine(part.start))) {
      return { start: part.start, end: next.start, newText: '' };
    }
    return this.#deleteLines(part.start, part.end);
  }

  #deleteLines(first: number, last: number): Splice {
    const start = this.#layout.lineStart(first);
    const end = this.#layout.blockEnd(last, this.#layout.column(first));
    const next = this.#layout.text.indexOf('\n', end) + 1;
    if (next > 0) return { start, end: next, newText: '' };
    return { start: this.#layout.lineEnd(this.#layout.lineStart(start - 1)), end, newText: '' };
  }

  /** As far as the path leads. */
  #walk(root: TreeNode, path: Path): { readonly place: Place; readonly rest: Path } {
    let place: Place = { node: root, entry: undefined, inFlow: false };
    for (const [depth, step] of path.entries()) {
      const { node } = place;
      if (this.#layout.isAlias(node)) throw unfit(path, 'it lies behind an alias');
      const inFlow = place.inFlow || this.#layout.isFlow(node);
      const entry = node.kind === 'map' ? node.entries.find(({ key }) => key === String(step)) : undefined;
      const child = entry?.node ?? (node.kind === 'list' ? node.items[Number(step)] : undefined);
      if (child === undefined) return { place, rest: path.slice(depth) };
      place = { node: child, entry, inFlow };
    }
    if (this.#layout.isAlias(place.node)) throw unfit(path, 'it is an alias');
    return { place, rest: [] };
  }

  /** The first value of a text that holds none yet. */
  #fill(value: YamlValue): Splice {
    const { text } = this.#layout;
    const { eol } = this.#style;
    const gap = text === '' || text.endsWith('\n') ? '' : eol;
    return { start: text.length, end: text.length, newText: gap + renderBlock(value, 0, this.#style) + eol };
  }

  #replace({ node, entry, inFlow }: Place, value: YamlValue): Splice {
    const { text } = this.#layout;
    const isBlock = node.kind !== 'scalar' && !this.#layout.isFlow(node);
    const keepsFlow = this.#layout.isFlow(node) && this.#layout.parts(node).length > 0 && isFlat(value);
    if (!isCollection(value) || isEmptyCollection(value) || inFlow || keepsFlow) {
      const inline = renderInline(value, inFlow, text.slice(node.start, node.end));
      if (entry !== undefined && (isBlock || node.start === node.end)) {
        return {
          start: this.#layout.colonEnd(entry),
          end: Math.max(node.end, this.#layout.colonEnd(entry)),
          newText: ` ${inline}`,
        };
      }
      return { start: node.start, end: node.end, newText: node.start === node.end ? ` ${inline}` : inline };
    }
    if (entry !== undefined && !(isBlock && (node.kind === 'list') === Array.isArray(value))) {
      return this.#replaceBelow(node, entry, value);
    }
    const gap = node.start === node.end ? ' ' : '';
    const column = this.#layout.column(node.start) + gap.length;
    return { start: node.start, end: node.end, newText: gap + renderBlock(value, column, this.#style) };
  }

  /** Puts a collection on the lines below its key; comments on the key's line stay there. */
  #replaceBelow(node: TreeNode, entry: MapEntry, value: YamlValue): Splice {
    const { text } = this.#layout;
    const start = this.#layout.colonEnd(entry);
    const end = this.#layout.lineEnd(node.end);
    const [head = ''] = text.slice(start, Math.max(start, node.start)).split(/\r?\n/);
    const kept = [head.trim(), text.slice(Math.max(start, node.end), end).trim()].filter((part) => part !== '');
    const column = this.#layout.column(entry.keyStart) + (Array.isArray(value) ? this.#style.listIndent : 2);
    const block = `${this.#style.eol}${' '.repeat(column)}${renderBlock(value, column, this.#style)}`;
    return { start, end, newText: kept.map((part) => ` ${part}`).join('') + block };
  }

  #insertKey(place: Place, map: MapNode, key: string, value: YamlValue): Splice {
    const last = this.#layout.parts(map).at(-1);
    if (last === undefined) return this.#replace(place, { [key]: value });
    if (place.inFlow || this.#layout.isFlow(map)) {
      return insert(last.end, `, ${renderInline(key, true)}: ${renderInline(value, true)}`);
    }
    const column = this.#layout.column(map.start);
    const line = ' '.repeat(column) + renderEntry(key, value, column, this.#style);
    return insert(this.#layout.blockEnd(last.end, column), this.#style.eol + line);
  }

  #insertItem(place: Place, list: ListNode, value: YamlValue): Splice {
    const parts = this.#layout.parts(list);
    const [first] = parts;
    const last = parts.at(-1);
    if (first === undefined || last === undefined) {
      if (isCollection(value)) return this.#replace(place, [value]);
      return { start: list.start, end: list.end, newText: `[${renderInline(value, true)}]` };
    }
    if (this.#layout.isFlow(list)) return insert(last.end, `, ${renderInline(value, true)}`);
    const column = this.#layout.column(list.start);
    const gap = /^ +(?=\S)/.exec(this.#layout.text.slice(first.start + 1, first.end))?.[0] ?? ' ';
    const item = renderBlock(value, column + 1 + gap.length, this.#style);
    return insert(this.#layout.blockEnd(last.end, column), `${this.#style.eol}${' '.repeat(column)}-${gap}${item}`);
  }

  /** How far the first list below a key stands right of it. */
  #listIndent(node: TreeNode): number | undefined {
    if (node.kind === 'scalar' || this.#layout.isFlow(node)) return undefined;
    if (node.kind === 'list') return firstOf(node.items, (item) => this.#listIndent(item));
    return firstOf(node.entries, (entry) => {
      const isList =
        entry.node.kind === 'list' && !this.#layout.isFlow(entry.node) && !this.#layout.isAlias(entry.node);
      if (isList) return this.#layout.column(entry.node.start) - this.#layout.column(entry.keyStart);
      return this.#listIndent(entry.node);
    });
  }
}

function firstOf<T, U>(items: readonly T[], pick: (item: T) => U | undefined): U | undefined {
  for (const item of items) {
    const found = pick(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function insert(at: number, newText: string): Splice {
  return { start: at, end: at, newText };
}

function isFlat(value: YamlValue): boolean {
  return isCollection(value) && Object.values(value).every((item) => !isCollection(item));
}

function nest(path: Path, value: YamlValue): YamlValue {
  return path.reduceRight<YamlValue>((inner, step) => {
    if (typeof step === 'string') return { [step]: inner };
    if (step === 0) return [inner];
    throw unfit(path, 'a new list starts at item 0');
  }, value);
}

function unfit(path: Path, why: string): HumanError {
  return new HumanError('yaml.edit', `Cannot change ${pathText(path)}: ${why}.`, 'Change the file by hand.');
}
