import type { ListNode, ScalarNode, TreeNode } from './tree.ts';

const CONTENT_ENDS = /^ *(?: #.*)?$/;
/** What may open a plain scalar without being an indicator; `-` only before more text. */
const PLAIN_START = /^(?:-(?=[^ ])|[^-?:,[\]{}#&*!|>'"%@`\s])/;
const FLOW_ITEM = /[ ]*([\w./+=^$~-]+)[ ]*([,\]])/y;

const NULL = /^(?:~|[Nn]ull|NULL)$/;
const TRUE = /^(?:[Tt]rue|TRUE)$/;
const FALSE = /^(?:[Ff]alse|FALSE)$/;
const OCTAL = /^0o[0-7]+$/;
const INTEGER = /^[-+]?[0-9]+$/;
const HEX = /^0x[0-9a-fA-F]+$/;
const SPECIAL_FLOAT = /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/** Reads a value that stands on one line between `start` and `end`; undefined for what the plain reader leaves to the full one. */
export function readInline(text: string, start: number, end: number): TreeNode | undefined {
  const first = text[start];
  if (first === '"' || first === "'") return readQuoted(text, start, end, first);
  if (first === '[') return readFlowList(text, start, end);
  if (first === '{') return readEmptyMap(text, start, end);
  return readPlainScalar(text, start, end);
}

function readPlainScalar(text: string, start: number, end: number): ScalarNode | undefined {
  let source = text.slice(start, end);
  const comment = source.indexOf(' #');
  if (comment >= 0) source = source.slice(0, comment);
  let length = source.length;
  while (source.charCodeAt(length - 1) === 0x20) length--;
  source = source.slice(0, length);
  if (!PLAIN_START.test(source) || source.includes(': ') || source.endsWith(':')) return undefined;
  return scalar(resolveScalar(source), start, start + length);
}

function readQuoted(text: string, start: number, end: number, quote: '"' | "'"): ScalarNode | undefined {
  const close = text.indexOf(quote, start + 1);
  if (close < 0 || close >= end || !CONTENT_ENDS.test(text.slice(close + 1, end))) return undefined;
  const value = text.slice(start + 1, close);
  return quote === '"' && value.includes('\\') ? undefined : scalar(value, start, close + 1);
}

/** `[a, 1, true]`, all plain and without spaces inside. */
function readFlowList(text: string, start: number, end: number): ListNode | undefined {
  const items: ScalarNode[] = [];
  let at = start + 1;
  for (let closed = text[at] === ']'; !closed; ) {
    FLOW_ITEM.lastIndex = at;
    const match = FLOW_ITEM.exec(text);
    const [whole, word, next] = match ?? [];
    if (whole === undefined || word === undefined || word === '-') return undefined;
    const from = at + whole.indexOf(word);
    items.push(scalar(resolveScalar(word), from, from + word.length));
    at += whole.length;
    closed = next === ']';
    if (closed) at--;
  }
  if (!CONTENT_ENDS.test(text.slice(at + 1, end))) return undefined;
  return { kind: 'list', items, start, end: at + 1 };
}

function readEmptyMap(text: string, start: number, end: number): TreeNode | undefined {
  if (text[start + 1] !== '}' || !CONTENT_ENDS.test(text.slice(start + 2, end))) return undefined;
  return { kind: 'map', entries: [], start, end: start + 2 };
}

function scalar(value: ScalarNode['value'], start: number, end: number): ScalarNode {
  return { kind: 'scalar', value, start, end };
}

/** A plain scalar by the core schema of YAML 1.2: `5.10` is a number, `yes` is text. */
export function resolveScalar(source: string): ScalarNode['value'] {
  const first = source.charCodeAt(0);
  if ((first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d || first === 0x2e)
    return resolveNumber(source);
  if (source.length > 5) return source;
  if (NULL.test(source)) return null;
  if (TRUE.test(source)) return true;
  return FALSE.test(source) ? false : source;
}

function resolveNumber(source: string): string | number {
  if (INTEGER.test(source)) return Number.parseInt(source, 10);
  if (FLOAT.test(source)) return Number.parseFloat(source);
  if (OCTAL.test(source)) return Number.parseInt(source.slice(2), 8);
  if (HEX.test(source)) return Number.parseInt(source.slice(2), 16);
  if (!SPECIAL_FLOAT.test(source)) return source;
  if (source.toLowerCase().endsWith('nan')) return Number.NaN;
  return source.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
