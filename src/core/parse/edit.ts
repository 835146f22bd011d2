import { HumanError } from '../base/errors.ts';
import type { TextEdit } from '../model/issue.ts';
import { Editor } from './editor.ts';
import { Lines } from './lines.ts';
import type { Path } from './parsed.ts';
import type { YamlValue } from './render.ts';
import { applySplice, compose, type Splice } from './splice.ts';
import type { TreeNode } from './tree.ts';
import { readTree, withoutMark } from './yaml.ts';

/**
 * One change. `set` makes what is missing on the way; `delete` of what is not there changes nothing; `append` adds an item
 * to a list, and makes the list where it is missing.
 */
export type YamlEdit =
  | { readonly op: 'set'; readonly path: Path; readonly value: YamlValue }
  | { readonly op: 'delete'; readonly path: Path }
  | { readonly op: 'append'; readonly path: Path; readonly value: YamlValue };

/**
 * Applies edits in order. Only the touched lines change: comments, order, unknown keys, quotes, indentation, line ends and
 * the end of the file stay. Throws HumanError `yaml.edit` where the text is not YAML or a path does not fit it.
 */
export function editYaml(text: string, edits: readonly YamlEdit[]): string {
  const body = withoutMark(text);
  const { current } = applyAll(body, edits);
  return text.slice(0, text.length - body.length) + current;
}

/** The same as edits of `file`, for a `Fix`. Ranges refer to `text` and do not overlap. */
export function yamlEditsToTextEdits(text: string, file: string, edits: readonly YamlEdit[]): TextEdit[] {
  const body = withoutMark(text);
  const lines = new Lines(body);
  return applyAll(body, edits).splices.map(({ start, end, newText }) => ({
    file,
    range: lines.range(start, end),
    newText,
  }));
}

function applyAll(
  text: string,
  edits: readonly YamlEdit[],
): { readonly current: string; readonly splices: readonly Splice[] } {
  let current = text;
  let splices: readonly Splice[] = [];
  for (const edit of edits) {
    const next = plan(current, edit);
    if (next === undefined) continue;
    splices = compose(splices, current, next);
    current = applySplice(current, next);
  }
  if (splices.length > 0) readable(current);
  return { current, splices };
}

function plan(text: string, edit: YamlEdit): Splice | undefined {
  const editor = new Editor(text, readable(text));
  if (edit.op === 'set') return editor.set(edit.path, edit.value);
  return edit.op === 'delete' ? editor.delete(edit.path) : editor.append(edit.path, edit.value);
}

/** The root of the text; undefined for an empty one. */
function readable(text: string): TreeNode | undefined {
  const { root, problems } = readTree(text);
  const problem = problems.find(({ code }) => code !== 'yaml.empty');
  if (problem === undefined) return root;
  const { line, column } = new Lines(text).position(problem.start);
  throw new HumanError('yaml.edit', `${line}:${column}: ${problem.message}`, 'Mend the file by hand, then try again.');
}
