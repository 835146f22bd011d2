/** `start` and `end` are offsets into the text that was read, end exclusive, comments and trailing space left out. */
interface Span {
  readonly start: number;
  readonly end: number;
}

export interface ScalarNode extends Span {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
}

export interface MapEntry {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly node: TreeNode;
}

export interface MapNode extends Span {
  readonly kind: 'map';
  readonly entries: readonly MapEntry[];
}

export interface ListNode extends Span {
  readonly kind: 'list';
  readonly items: readonly TreeNode[];
}

/** What both readers of YAML make of a text: values with their places. An alias shares the nodes of its anchor. */
export type TreeNode = ScalarNode | MapNode | ListNode;

/** A problem in terms of offsets; the edge turns it into an `Issue`. */
export interface TreeProblem extends Span {
  readonly code: string;
  readonly message: string;
  /** Where the same thing was said first. */
  readonly first?: Span & { readonly message: string };
}

export interface Tree {
  /** Undefined where the text holds no value that can be used. */
  readonly root: TreeNode | undefined;
  readonly problems: readonly TreeProblem[];
}

/** A key that would reach an object's prototype; refused by every reader. */
export const RESERVED_KEY = '__proto__';

export interface ValueOptions {
  /** The text whose scalars below `keys` (top-level keys) keep the spelling they have there: 5.10 is not 5.1 then. */
  readonly asWritten?: { readonly text: string; readonly keys: ReadonlySet<string> };
}

/** Plain data for a schema to check. Keys become own properties, whatever their name. */
export function toValue(node: TreeNode, options: ValueOptions = {}): unknown {
  const { asWritten } = options;
  if (asWritten === undefined || node.kind !== 'map') return plain(node);
  const value: Record<string, unknown> = {};
  for (const entry of node.entries) {
    value[entry.key] = asWritten.keys.has(entry.key) ? written(entry.node, asWritten.text) : plain(entry.node);
  }
  return value;
}

function plain(node: TreeNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  const value: Record<string, unknown> = {};
  for (const entry of node.entries) value[entry.key] = plain(entry.node);
  return value;
}

function written(node: TreeNode, text: string): unknown {
  if (node.kind === 'scalar') return typeof node.value === 'number' ? text.slice(node.start, node.end) : node.value;
  if (node.kind === 'list') return node.items.map((item) => written(item, text));
  return Object.fromEntries(node.entries.map((entry) => [entry.key, written(entry.node, text)]));
}
