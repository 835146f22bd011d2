import Mustache from 'mustache';
import { errorMessage } from '../base/errors.ts';
import type { Issue } from '../model/issue.ts';
import { range } from '../model/source.ts';
import { closest } from '../parse/suggest.ts';
import { TextLines } from '../parse/textLines.ts';

/** A template of a document: logic-less, so that one out of a workspace cannot run code. */
export interface Template {
  /** Relative to the workspace root, or the name of the one that the product ships. */
  readonly file: string;
  readonly text: string;
}

/** What a template is filled with: texts, truth values and lists of the same. Functions are never called: there are none. */
export interface View {
  readonly [name: string]: string | boolean | View | readonly View[];
}

type Token = readonly [type: string, value: string, start: number, end: number, inner?: Token[], innerEnd?: number];
type Scope = readonly string[];

const SECTIONS = new Set(['#', '^']);
const NAMES = new Set(['name', '&', ...SECTIONS]);

/**
 * Problems of a template. It may use the fields that the built-in one uses, in the same sections: codes
 * `template.broken`, `template.unknown-field`, `template.partial`.
 */
export function checkTemplate(template: Template, builtIn: Template): readonly Issue[] {
  if (template.text === builtIn.text) return [];
  let tokens: readonly Token[];
  try {
    tokens = parse(template.text);
  } catch (error) {
    return [issueAt(template, offsetOf(errorMessage(error)), 'template.broken', `${errorMessage(error)}. Mend it.`)];
  }
  const known = new Map<string, Set<string>>();
  visit(parse(builtIn.text), [], (name, scope) => {
    for (let depth = 0; depth <= scope.length; depth++) {
      const key = scope.slice(0, depth).join('/');
      if (depth === scope.length) known.set(key, (known.get(key) ?? new Set()).add(name));
    }
  });
  const issues: Issue[] = [];
  visit(tokens, [], (name, scope, token) => {
    if (token[0] === '>') {
      const message = `Templates have no partials: write the text of "${name}" here.`;
      issues.push(issueAt(template, token[2], 'template.partial', message, token[3]));
      return;
    }
    const reachable = new Set<string>();
    for (let depth = 0; depth <= scope.length; depth++) {
      for (const one of known.get(scope.slice(0, depth).join('/')) ?? []) reachable.add(one);
    }
    if (reachable.has(name)) return;
    const near = closest(name, reachable);
    const where = scope.length === 0 ? '' : ` in the section "${scope.at(-1)}"`;
    const hint = near === undefined ? `Fields here: ${[...reachable].sort().join(', ')}.` : `Did you mean "${near}"?`;
    const message = `There is no field "${name}"${where}. ${hint}`;
    issues.push(issueAt(template, token[2], 'template.unknown-field', message, token[3]));
  });
  return issues;
}

/** Fills a template that `checkTemplate` found sound. Texts are put in as they are: Markdown, not HTML. */
export function fillTemplate(template: Template, view: View): string {
  return Mustache.render(template.text, view, {}, { escape: (value: unknown) => String(value) });
}

function parse(text: string): readonly Token[] {
  return Mustache.parse(text) as unknown as readonly Token[];
}

function visit(tokens: readonly Token[], scope: Scope, say: (name: string, scope: Scope, token: Token) => void): void {
  for (const token of tokens) {
    const [type, name, , , inner] = token;
    const isSelf = name === '.';
    if ((NAMES.has(type) && !isSelf) || type === '>') say(name, scope, token);
    if (SECTIONS.has(type)) visit(inner ?? [], type === '#' ? [...scope, name] : scope, say);
  }
}

/** Mustache says where by an offset at the end of its message. */
function offsetOf(message: string): number {
  return Number(/\bat (\d+)$/.exec(message)?.[1] ?? 0);
}

function issueAt({ file, text }: Template, start: number, code: string, message: string, end = start): Issue {
  const lines = new TextLines(text);
  const place = (offset: number) => {
    const line = lines.lineAt(offset);
    return { line, column: offset - lines.start(line) + 1 };
  };
  const [from, to] = [place(start), place(end)];
  return { code, severity: 'error', message, file, range: range(from.line, from.column, to.line, to.column) };
}
