/**
 * Markdown of documents and models with nothing in it that acts: no link, image, HTML or autolink is left, so that no
 * command can be smuggled in. Emphasis, lists, tables, headings, quotes and code stay. Code that is left open is closed.
 */
export function safeMarkdown(markdown: string): string {
  return stretchesOf(markdown).map(safeStretch).join('');
}

export function safeStretch({ text, code }: Stretch): string {
  return code ? safeCode(text) : safeText(text);
}

/** A part of a text as Markdown reads it: code, in which nothing acts, or anything else. */
export interface Stretch {
  readonly text: string;
  readonly code: boolean;
}

const FENCE = /^((?: {0,3}> ?)*)( {0,3})(`{3,}|~{3,})([^\n]*)\n?$/;

interface Fence {
  readonly prefix: string;
  readonly depth: number;
  readonly indent: number;
  readonly mark: string;
}

/** Cuts a text into code (fenced blocks, spans within a line) and the rest. Whatever is doubtful is no code. */
export function stretchesOf(markdown: string): Stretch[] {
  const found: Stretch[] = [];
  let fence: Fence | undefined;
  let block = '';
  const close = (): void => {
    if (block !== '') found.push({ text: block, code: true });
    block = '';
    fence = undefined;
  };
  const endOpen = ({ prefix, indent, mark }: Fence): void => {
    block += `${block.endsWith('\n') ? '' : '\n'}${prefix}${' '.repeat(indent)}${mark}\n`;
    close();
  };
  for (const line of withoutControls(markdown).split(/(?<=\n)/)) {
    if (fence !== undefined && isInside(line, fence)) {
      block += line;
      if (isEnd(line, fence)) close();
      continue;
    }
    // The block ended with its quote or list item; Markdown knows, and so must whoever reads on.
    if (fence !== undefined) endOpen(fence);
    fence = fenceOf(line);
    if (fence === undefined) found.push(...spansOf(line));
    else block = line.replace(/((?:`{3,}|~{3,})[ \t]*)([\w+-]*)[^\n]*/, '$1$2');
  }
  if (fence !== undefined) endOpen(fence);
  return found;
}

function fenceOf(line: string): Fence | undefined {
  const [, prefix = '', indent = '', mark, info = ''] = FENCE.exec(line) ?? [];
  if (mark === undefined || (mark.startsWith('`') && info.includes('`'))) return undefined;
  return { prefix, depth: depthOf(prefix), indent: indent.length, mark };
}

function isInside(line: string, { depth, indent }: Fence): boolean {
  const prefix = quotePrefix(line, depth);
  if (prefix === undefined) return false;
  const rest = line.slice(prefix.length);
  return rest.trim() === '' || rest.length - rest.trimStart().length >= indent;
}

function isEnd(line: string, { depth, mark }: Fence): boolean {
  const rest = line.slice(quotePrefix(line, depth)?.length ?? 0).trim();
  return rest.startsWith(mark) && [...rest].every((character) => character === mark[0]);
}

/** The marks of `depth` quotes at the start of a line; undefined where there are fewer. */
function quotePrefix(line: string, depth: number): string | undefined {
  const [prefix = ''] = new RegExp(`^(?: {0,3}> ?){${depth}}`).exec(line) ?? (depth === 0 ? [''] : []);
  return depthOf(prefix) === depth ? prefix : undefined;
}

function depthOf(prefix: string): number {
  return prefix.split('>').length - 1;
}

/** Code spans of one line. A run of backticks without a partner is escaped, or it would find one in another line. */
function spansOf(line: string): Stretch[] {
  const found: Stretch[] = [];
  let text = '';
  for (let at = 0; at < line.length; ) {
    const rest = line.slice(at);
    const [escaped] = /^\\[^\n]/.exec(rest) ?? [];
    const [run] = /^`+/.exec(rest) ?? [];
    const end = run === undefined ? -1 : closingRun(line, at + run.length, run.length);
    if (run !== undefined && end > 0) {
      if (text !== '') found.push({ text, code: false });
      found.push({ text: line.slice(at, end), code: true });
      text = '';
      at = end;
    } else {
      text += run === undefined ? (escaped ?? line[at]) : run.replaceAll('`', '\\`');
      at += (run ?? escaped ?? ' ').length;
    }
  }
  if (text !== '') found.push({ text, code: false });
  return found;
}

function closingRun(line: string, from: number, length: number): number {
  for (const { index, 0: run } of line.slice(from).matchAll(/`+/g)) {
    if (run.length === length) return from + index + length;
  }
  return -1;
}

function safeText(text: string): string {
  return text
    .replace(/(\\[^\n])|[[\]!]/g, (character, escaped?: string) => escaped ?? `\\${character}`)
    .replace(/&(?=#|\w+;)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/:(?=\/\/)/g, '&colon;')
    .replace(/\bwww\./gi, (word) => `${word.slice(0, -1)}\\.`);
}

/** VS Code reads tags of its own in code blocks: they tell which file a block is to be applied to. */
function safeCode(text: string): string {
  return text.replace(/<(?=\/?vscode_)/gi, '<\u200b');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Without control characters and those that turn the direction of the text. */
function withoutControls(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(CONTROLS, '');
}

/** A text as one cell of a table. */
export function safeCell(text: string): string {
  return safeMarkdown(text.replace(/\s+/g, ' ').trim()).replaceAll('|', '\\|');
}
