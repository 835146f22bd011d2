import type { TemplateFile } from '../ports.ts';
import type { BootstrapAction } from './action.ts';
import { appendLines, missingLines } from './gitignore.ts';
import { GITIGNORE, isWithin, join } from './layout.ts';
import type { BootstrapOptions } from './options.ts';
import type { Survey } from './survey.ts';

/** What to do with one file; undefined where it is as it should be. `from` names the document that it is a copy of. */
export function planFile(
  file: TemplateFile,
  options: BootstrapOptions,
  survey: Survey,
  from?: string,
): BootstrapAction | undefined {
  const { path, content, executable } = file;
  const moved = movedTask(path, options, survey);
  if (moved !== undefined) return { kind: 'keep', path: moved, reason: 'the task is here' };
  const existing = survey.existing.get(path);
  if (existing === undefined) {
    const write = { path, content, executable, before: null };
    return from === undefined ? { kind: 'write-file', ...write } : { kind: 'copy-file', ...write, from };
  }
  if ('obstacle' in existing) return { kind: 'keep', path, reason: existing.obstacle };
  if (sameText(existing.text, content)) return undefined;
  const plain = survey.plain.get(path);
  // Nobody has touched it since an earlier run wrote it, so the sample may take its place.
  if (plain !== undefined && sameText(existing.text, plain)) {
    return { kind: 'write-file', path, content, executable, before: existing.text };
  }
  if (!options.force) return { kind: 'keep', path, reason: 'it differs from what init would write' };
  return { kind: 'replace-file', path, content, executable, before: existing.text, ...(from && { from }) };
}

/** Where the task that a template would write already is: work moves tasks to other folders. */
function movedTask(path: string, options: BootstrapOptions, survey: Survey): string | undefined {
  const tasks = join(options.paths.tasks);
  if (!isWithin(path, tasks)) return undefined;
  const moved = survey.tasks.get(path.slice(path.lastIndexOf('/') + 1));
  return moved === path ? undefined : moved;
}

/** Adds the managed lines that are missing; undefined where none is. */
export function planGitignore(survey: Survey, managed: readonly string[]): BootstrapAction | undefined {
  const path = GITIGNORE;
  const existing = survey.existing.get(path);
  if (existing && 'obstacle' in existing) return { kind: 'keep', path, reason: existing.obstacle };
  const template = survey.templates.find((file) => file.path === path)?.content ?? '';
  const before = existing?.text ?? '';
  const lines = missingLines(before, [...new Set([...template.split('\n'), ...managed])]);
  if (lines.length === 0) return undefined;
  const content = appendLines(before, lines);
  if (existing === undefined) return { kind: 'write-file', path, content, executable: false, before: null };
  return { kind: 'append-lines', path, content, executable: false, before, lines };
}

/** A checkout on Windows may have changed the line ends; that is no difference. */
function sameText(a: string, b: string): boolean {
  return a.replaceAll('\r\n', '\n') === b.replaceAll('\r\n', '\n');
}
