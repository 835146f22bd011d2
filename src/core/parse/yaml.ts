import type { z } from 'zod';
import type { Fix, Issue } from '../model/issue.ts';
import { FILE_START, type Range } from '../model/source.ts';
import { type Complaint, explain, pathText, sibling } from './explain.ts';
import { Lines } from './lines.ts';
import type { Parsed, Path } from './parsed.ts';
import { readPlain } from './plain.ts';
import { readFull } from './read.ts';
import { strayKeys } from './stray.ts';
import { type MapEntry, type Tree, type TreeNode, toValue } from './tree.ts';

export interface YamlFormat<T> {
  readonly schema: z.ZodType<T>;
  /** First part of the issue codes: `task` gives `task.invalid`, `task.missing-key` and `task.unknown-key`. */
  readonly prefix: string;
  /** Top-level keys below which numbers keep their spelling, such as versions. */
  readonly asWritten?: ReadonlySet<string>;
}

const BYTE_ORDER_MARK = '\uFEFF';

/** Editors hide a byte order mark and count columns without it. */
export function withoutMark(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

export function readTree(text: string): Tree {
  const root = readPlain(text);
  return root === undefined ? readFull(text) : { root, problems: [] };
}

/**
 * Reads, checks and locates one YAML file. `value` is there when the file meets the schema, or breaks it by unknown keys
 * only. Codes: `yaml.*` for text that is not usable YAML, `<prefix>.*` for values that the schema refuses.
 */
export function parseYaml<T>(format: YamlFormat<T>, text: string, file: string): Parsed<T> {
  const body = withoutMark(text);
  const { root, problems } = readTree(body);
  const source = new Source(body, file, root);
  if (root === undefined) {
    const issues = problems.map((problem): Issue => {
      const { code, message, start, end, first } = problem;
      const related = first && [{ file, range: source.lines.range(first.start, first.end), message: first.message }];
      const range = source.lines.range(start, end);
      return { code, severity: 'error', message, file, range, ...(related === undefined ? {} : { related }) };
    });
    return parsed<T>(undefined, issues, source);
  }
  const data = toValue(root, format.asWritten && { asWritten: { text: body, keys: format.asWritten } });
  const result = format.schema.safeParse(data);
  const stray = strayKeys(format.schema, data);
  if (result.success) return parsed(result.data, stray.length === 0 ? [] : source.issues(format.prefix, stray), source);
  const complaints = explain(format.schema, data, result.error.issues);
  const renamed = new Set(
    complaints.flatMap(({ path, misspelt }) => (misspelt ? [pathText(sibling(path, misspelt))] : [])),
  );
  const others = stray.filter(({ path }) => !renamed.has(pathText(path)));
  const issues = source.issues(format.prefix, [...complaints, ...others]);
  if (complaints.some((complaint) => complaint.kind !== 'unknown-key')) return parsed<T>(undefined, issues, source);
  for (const { path } of complaints) removeKey(data, path);
  const again = format.schema.safeParse(data);
  return parsed(again.success ? again.data : undefined, issues, source);
}

function removeKey(data: unknown, path: Path): void {
  let holder = data;
  for (const step of path.slice(0, -1)) holder = (holder as Record<string | number, unknown>)[step];
  delete (holder as Record<string | number, unknown>)[path.at(-1) ?? ''];
}

function parsed<T>(value: T | undefined, issues: readonly Issue[], source: Source): Parsed<T> {
  return { value, issues, locate: (path) => source.locate(path), locateKey: (path) => source.locateKey(path) };
}

interface Found {
  readonly node: TreeNode;
  readonly entry: MapEntry | undefined;
  /** How many steps of the path led somewhere. */
  readonly depth: number;
}

class Source {
  readonly lines: Lines;
  readonly #file: string;
  readonly #root: TreeNode | undefined;

  constructor(text: string, file: string, root: TreeNode | undefined) {
    this.lines = new Lines(text);
    this.#file = file;
    this.#root = root;
  }

  locate(path: Path): Range {
    if (this.#root === undefined) return FILE_START;
    const { node } = find(this.#root, path);
    return this.lines.range(node.start, node.end);
  }

  locateKey(path: Path): Range {
    if (this.#root === undefined) return FILE_START;
    const { node, entry, depth } = find(this.#root, path);
    if (entry === undefined || depth < path.length) return this.lines.range(node.start, node.end);
    return this.lines.range(entry.keyStart, entry.keyEnd);
  }

  issues(prefix: string, complaints: readonly Complaint[]): Issue[] {
    return complaints.map((complaint) => {
      const { kind, severity, message } = complaint;
      const range = this.#rangeOf(complaint);
      const fixes = this.#fixes(complaint);
      return {
        code: `${prefix}.${kind}`,
        severity,
        message,
        file: this.#file,
        range,
        ...(fixes.length > 0 ? { fixes } : {}),
      };
    });
  }

  #rangeOf({ kind, path, isKey, misspelt }: Complaint): Range {
    if (this.#root === undefined) return FILE_START;
    if (misspelt !== undefined) return this.locateKey(sibling(path, misspelt));
    if (kind === 'unknown-key' || isKey === true) return this.locateKey(path);
    const { node, entry, depth } = find(this.#root, path);
    if (depth === path.length && depth > 0) {
      return node.end > node.start ? this.lines.range(node.start, node.end) : this.locateKey(path);
    }
    return entry === undefined ? this.lines.lineRange(node.start) : this.lines.range(entry.keyStart, entry.keyEnd);
  }

  #fixes({ kind, path, suggestion, misspelt }: Complaint): Fix[] {
    const newText = misspelt === undefined ? suggestion : String(path.at(-1));
    if (newText === undefined) return [];
    const key = misspelt === undefined ? path : sibling(path, misspelt);
    const isKey = kind !== 'invalid';
    const range = isKey ? this.locateKey(key) : this.locate(path);
    const title = isKey ? `Rename the key to "${newText}"` : `Replace by "${newText}"`;
    return [{ title, edits: [{ file: this.#file, range, newText }] }];
  }
}

/** Walks as far as the path leads. */
function find(root: TreeNode, path: Path): Found {
  let node = root;
  let entry: MapEntry | undefined;
  let depth = 0;
  for (const step of path) {
    if (node.kind === 'map') {
      const next: MapEntry | undefined = node.entries.find((candidate) => candidate.key === String(step));
      if (next === undefined) break;
      entry = next;
      node = next.node;
    } else if (node.kind === 'list') {
      const item: TreeNode | undefined = node.items[Number(step)];
      if (item === undefined) break;
      entry = undefined;
      node = item;
    } else break;
    depth++;
  }
  return { node, entry, depth };
}
