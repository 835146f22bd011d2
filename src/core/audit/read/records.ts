import type { Task } from '../../model/task.ts';
import { nameOf, stemOf } from '../../project/layout.ts';
import type { Statement } from '../claim.ts';

const DONE = /^(?:done|completed?|closed|finished|verified)$/i;
const DONE_FOLDER = /(?:^|\/)(?:done|completed?|closed)\/[^/]+\.(?:ya?ml|md)$/i;
const TASK_LIST = /(?:^|\/)(?:blueprint_tasks|tasks?|backlog|stories|epics|progress|status)[^/]*\.ya?ml$/i;
const TASK_FILE = /(?:^|\/)(?:tasks?|backlog|stories|issues)\/.*\.(?:ya?ml|md)$/i;
const NAME = /^(\s*)(?:-\s+)?(?:slug|id|name|title|key):\s*["']?([^"'#\n]+?)["']?\s*(?:#.*)?$/;
const STATUS = /^(\s*)(?:-\s+)?(?:status|state):\s*["']?([\w -]+?)["']?\s*(?:#.*)?$/;

/** A task that lies in the folder of the done ones. */
export function doneTask({ slug, file, title }: Pick<Task, 'slug' | 'file' | 'title'>): Statement {
  const text = title === undefined ? slug : `${slug}: ${title}`;
  return { kind: 'task', file, line: 1, text, context: '', runs: [], slug };
}

/** Whether a file is a task by where it lies, in whatever format. */
export function isDoneFile(path: string): boolean {
  return DONE_FOLDER.test(path);
}

export function mayListTasks(path: string): boolean {
  return TASK_LIST.test(path) || TASK_FILE.test(path);
}

/** Entries of a task list, or front matter of a task, whose status is done: the nearest name above or below it. */
export function readTaskList(file: string, text: string): Statement[] {
  const lines = file.endsWith('.md') ? frontMatter(text) : text.split(/\r?\n/);
  const found: Statement[] = [];
  for (const [index, line] of lines.entries()) {
    const [, indent = '', value = ''] = STATUS.exec(line) ?? [];
    if (!DONE.test(value.trim())) continue;
    const slug =
      nameAround(lines, index, line.includes('- ') ? indent.length + 2 : indent.length) ??
      stemOf(nameOf(file)).replace(/\.md$/, '');
    found.push({ kind: 'task', file, line: index + 1, text: `${slug}: ${value.trim()}`, context: '', runs: [], slug });
  }
  return found;
}

function frontMatter(text: string): string[] {
  const lines = text.split(/\r?\n/);
  const end = lines[0]?.trim() === '---' ? lines.indexOf('---', 1) : -1;
  return end < 0 ? [] : lines.slice(0, end);
}

/** The name in the same block: at the same depth, with no shallower line between. */
function nameAround(lines: readonly string[], from: number, depth: number): string | undefined {
  for (const step of [-1, 1]) {
    for (let at = from; at >= 0 && at < lines.length; at += step) {
      const line = lines[at] ?? '';
      const isFirst = /^\s*-\s/.test(line);
      const own = line.length - line.trimStart().length + (isFirst ? 2 : 0);
      if (line.trim() === '' || line.trim().startsWith('#')) continue;
      if (own < depth || (isFirst && own === depth && step === 1 && at !== from)) break;
      const name = NAME.exec(line)?.[2];
      if (name !== undefined && own === depth) return name.trim();
      if (isFirst && own === depth && step === -1) break;
    }
  }
  return undefined;
}

interface FinalResult {
  readonly passed?: unknown;
  readonly evidence?: unknown;
}

/** Goals that a file in the shape of `final_validation_results.json` says have passed. */
export function readFinalResults(file: string, text: string): Statement[] {
  let json: { readonly results?: Readonly<Record<string, FinalResult>>; readonly overall_passed?: unknown };
  try {
    json = JSON.parse(text) as typeof json;
  } catch {
    return [];
  }
  const lines = text.split(/\r?\n/);
  const lineOf = (key: string) => Math.max(1, lines.findIndex((line) => line.includes(`"${key}"`)) + 1);
  const entries = typeof json?.results === 'object' && json.results !== null ? Object.entries(json.results) : [];
  const found = entries
    .filter(([, result]) => result?.passed === true)
    .map(([id, { evidence }]): Statement => {
      const text = `${id}: passed. ${typeof evidence === 'string' ? evidence : ''}`.trim();
      return { kind: 'status', file, line: lineOf(id), text, context: '', runs: [] };
    });
  if (json?.overall_passed === true) {
    found.push({
      kind: 'status',
      file,
      line: lineOf('overall_passed'),
      text: 'All goals passed.',
      context: '',
      runs: [],
    });
  }
  return found;
}
