import type { Issue } from '../../model/issue.ts';
import { finding } from './finding.ts';

const GO_TEST = /^func ((?:Test|Fuzz)[A-Z_]\w*)\(\s*(\w+)\s+\*testing\.[TF]\s*\)\s*\{/gm;
/** By these a test says something, hands itself on to what does, or is checked by the compiler alone. */
const GO_VERDICT = (name: string): RegExp =>
  new RegExp(
    `\\b${name}\\.(?:Error|Fatal|Fail|Run|Fuzz|Skip)|(?<![.\\w])${name}\\b(?!\\.)|\\bpanic\\(|\\bos\\.Exit\\(|\\bvar _ |\\.[Tt]\\(\\)`,
  );
const GO_TOKEN = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`[^`]*`/g;
const CONSTANT: Readonly<Record<'go' | 'script' | 'python', readonly RegExp[]>> = {
  go: [
    /^\s*(?:assert|require)\.(?:True\(\s*\w+\s*,\s*true|False\(\s*\w+\s*,\s*false|Nil\(\s*\w+\s*,\s*nil)\s*[,)]/,
    /^\s*(?:assert|require)\.(?:Equal|EqualValues|Same)\(\s*\w+\s*,\s*(\d+|"[^"]*"|true|false|nil)\s*,\s*\1\s*[,)]/,
    /^\s*if\s+(\d+|true|false)\s*!=\s*\1\s*\{/,
  ],
  script: [
    /^\s*expect\(\s*(true|false|null|\d+|'[^']*'|"[^"]*")\s*\)\s*\.to(?:Be|Equal|StrictEqual)\(\s*\1\s*\)/,
    /^\s*expect\(\s*true\s*\)\.toBeTruthy\(\)/,
    /^\s*assert(?:\.ok|\.equal|\.strictEqual|\.deepEqual|\.deepStrictEqual)?\(\s*(true|\d+|'[^']*')\s*(?:,\s*\1\s*)?\)/,
  ],
  python: [
    /^\s*assert\s+(?:True|1)\s*(?:,|$|#)/,
    /^\s*assert\s+(\d+|'[^']*'|"[^"]*"|True)\s*==\s*\1\s*(?:,|$|#)/,
    /^\s*self\.assert(?:True\(\s*True|False\(\s*False|Equal\(\s*(\d+)\s*,\s*\1)\s*[,)]/,
  ],
};

/** Tests that cannot fail: without a body, without a way to fail, or asserting a constant. */
export function hollowTests(file: string, text: string): Issue[] {
  if (file.endsWith('_test.go')) {
    const code = maskGo(text);
    return [...goBodies(file, code), ...constants(file, text, 'go', code)];
  }
  if (/\.[cm]?[jt]sx?$/.test(file)) return [...scriptBodies(file, text), ...constants(file, text, 'script')];
  return file.endsWith('.py') ? [...pythonBodies(file, text), ...constants(file, text, 'python')] : [];
}

function goBodies(file: string, text: string): Issue[] {
  return [...text.matchAll(GO_TEST)].flatMap((match) => {
    const [whole, name = '', handle = 't'] = match;
    const body = bodyAfter(text, match.index + whole.length);
    const place = { file, line: lineOf(text, match.index), text: whole };
    if (body.trim() === '')
      return [finding('empty-test', 'error', `The test ${name} is empty: it passes whatever the code does.`, place)];
    if (GO_VERDICT(handle).test(body)) return [];
    const message = `The test ${name} has no way to fail: it asserts nothing.`;
    return [finding('hollow-test', 'warning', message, place)];
  });
}

/** The same text, with blanks where comments and the inside of strings were: code in a string is not run. */
function maskGo(text: string): string {
  return text.replace(GO_TOKEN, (token) => {
    const isShort = /^["']/.test(token);
    return isShort ? `"${' '.repeat(token.length - 2)}"` : token.replace(/[^\n]/g, ' ');
  });
}

/** The text up to the brace that closes what was opened before `from`. */
function bodyAfter(code: string, from: number): string {
  let depth = 1;
  for (let at = from; at < code.length; at++) {
    if (code[at] === '{') depth++;
    else if (code[at] === '}' && --depth === 0) return code.slice(from, at);
  }
  return code.slice(from);
}

const EMPTY_SCRIPT =
  /^\s*(?:it|test)\(\s*(['"`])(.*?)\1\s*,\s*(?:async\s*)?(?:\(\s*\w*\s*\)\s*=>|function\s*\w*\s*\(\s*\w*\s*\))\s*\{(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*\}/gm;

function scriptBodies(file: string, text: string): Issue[] {
  return [...text.matchAll(EMPTY_SCRIPT)].map((match) => {
    const line = lineOf(text, match.index + (/^\s*/.exec(match[0])?.[0].length ?? 0));
    return finding('empty-test', 'error', `The test "${match[2]}" is empty: it passes whatever the code does.`, {
      file,
      line,
    });
  });
}

/** A test with nothing but a docstring, comments and `pass`. */
function pythonBodies(file: string, text: string): Issue[] {
  const lines = text.split(/\r?\n/);
  return lines.flatMap((line, index) => {
    const [, indent, name = '', inline = ''] =
      /^([ \t]*)(?:async )?def (test_\w+)\([^)]*\)[^:]*:[ \t]*(.*)$/.exec(line) ?? [];
    if (indent === undefined || !isEmptyPython([inline, ...bodyBelow(lines, index + 1, indent.length)])) return [];
    const message = `The test ${name} is empty: it passes whatever the code does.`;
    return [finding('empty-test', 'error', message, { file, line: index + 1, text: line })];
  });
}

/** The lines that are deeper than `depth`, as far as they follow each other. */
function bodyBelow(lines: readonly string[], from: number, depth: number): string[] {
  const end = lines.findIndex((line, at) => {
    return at >= from && line.trim() !== '' && line.length - line.trimStart().length <= depth;
  });
  return lines.slice(from, end < 0 ? lines.length : end);
}

function isEmptyPython(body: readonly string[]): boolean {
  const code = body.filter((line) => line.trim() !== '' && !line.trim().startsWith('#')).map((line) => line.trim());
  const text = code.join('\n').replace(/^("""|''')[\s\S]*?\1\n?/, '');
  return code.length > 0 && /^(?:(?:pass|\.\.\.)\s*(?:#.*)?)?$/.test(text);
}

/** `code`: the text without comments and long strings, where the language has such. */
function constants(file: string, text: string, language: keyof typeof CONSTANT, code = text): Issue[] {
  const kept = code.split(/\r?\n/);
  return text.split(/\r?\n/).flatMap((line, index) => {
    const isCode = kept[index]?.trim() !== '';
    if (!isCode || !CONSTANT[language].some((pattern) => pattern.test(line))) return [];
    const message = 'This asserts a constant: it holds whatever the code does.';
    return [finding('constant-assertion', 'error', message, { file, line: index + 1, text: line })];
  });
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
