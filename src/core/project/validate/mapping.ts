import type { Issue } from '../../model/issue.ts';
import { TASK_STATUSES, type TaskStatus } from '../../model/task.ts';
import type { TaskEntry } from '../entry.ts';
import type { Hints } from '../hints.ts';
import type { Index } from '../index.ts';
import type { MappedTask, MappingView } from '../mapping.ts';
import { at, atKey, didYouMean, related, replace } from './report.ts';

/** Stories that nobody works on. */
export function checkStories({ mapping }: Index): Issue[] {
  if (mapping === undefined) return [];
  const idle = mapping.epics.flatMap((epic) => epic.stories).filter((story) => story.tasks.length === 0);
  return idle.map((story) => {
    const message = `No task implements the story "${story.id}" yet.`;
    return atKey(mapping.entry, story.path, { code: 'mapping.story-without-tasks', severity: 'info', message });
  });
}

/** All entries of one slug in `blueprint_tasks.yaml` against its task file. */
export function checkMappedSlug(slug: string, index: Index, hints: Hints): Issue[] {
  const { mapping } = index;
  const mapped = mapping?.tasksBySlug.get(slug);
  if (mapping === undefined || mapped === undefined) return [];
  const [entry] = index.tasksBySlug.get(slug) ?? [];
  return [
    ...duplicates(mapped, mapping),
    ...mapped.flatMap((one) =>
      entry === undefined
        ? unknown(one, mapping, index, hints)
        : [...checkAgreement(one, mapping, entry), ...checkStatus(one, mapping, entry)],
    ),
  ];
}

function duplicates(mapped: readonly MappedTask[], { entry }: MappingView): Issue[] {
  const [first, ...again] = mapped;
  if (first === undefined) return [];
  return again.map((one) => {
    const message = `The task "${one.slug}" is mapped twice: here and in ${first.epic}, ${first.story}. Keep one of the two.`;
    const places = [related(entry, [...first.path, 'slug'], 'The task is first mapped here.')];
    return at(entry, [...one.path, 'slug'], {
      code: 'mapping.duplicate-task',
      severity: 'error',
      message,
      related: places,
    });
  });
}

/** A blueprint may name tasks that nobody has written yet; one that was said to be under way or done must be there. */
function unknown(task: MappedTask, mapping: MappingView, index: Index, hints: Hints): Issue {
  const path = [...task.path, 'slug'];
  const unmapped = (name: string) => !mapping.tasksBySlug.has(name);
  const names = hints.nearest('task', task.slug, () => index.tasksBySlug.keys()).filter(unmapped);
  const started = task.completed !== undefined || (task.status !== undefined && task.status !== 'pending');
  const hint =
    names.length > 0 ? didYouMean(names) : ` Write ${index.layout.tasks.pending}/${task.slug}.yaml to start it.`;
  const message = `There is no file for the task "${task.slug}".${hint}`;
  const fixes = names.map((name) => replace(mapping.entry, path, name));
  const severity = started || names.length > 0 ? 'warning' : 'info';
  return at(mapping.entry, path, { code: 'mapping.unknown-task', severity, message, fixes });
}

function checkAgreement(mapped: MappedTask, { entry }: MappingView, task: TaskEntry): Issue[] {
  return (['phase', 'module'] as const).flatMap((key) => {
    const here = mapped[key];
    const there = task.task?.[key];
    if (here === undefined || there === undefined || tidy(there) === tidy(here)) return [];
    const path = [...mapped.path, key];
    const message = `The ${key} of "${mapped.slug}" is "${here}" here, but "${there}" in ${task.file}. Make them equal.`;
    const places = [related(task, [key], `The task says "${there}".`)];
    const fixes = [replace(entry, path, there), replace(task, [key], here, `Replace by "${here}" in ${task.file}`)];
    return [at(entry, path, { code: `mapping.${key}-mismatch`, severity: 'warning', message, related: places, fixes })];
  });
}

/** The folder is the one record of a status; a second one in the mapping must not contradict it. */
function checkStatus(mapped: MappedTask, { entry }: MappingView, task: TaskEntry): Issue[] {
  const says = mapped.status ?? (mapped.completed === undefined ? undefined : 'done');
  if (says === undefined || says === task.status || !isStatus(says)) return [];
  const path = [...mapped.path, mapped.status === undefined ? 'completed' : 'status'];
  const message = `"${mapped.slug}" is said to be ${says} here, but its file is ${task.file}. The folder counts.`;
  const fixes = mapped.status === undefined ? [] : [replace(entry, path, task.status)];
  const places = [related(task, ['slug'], 'The task is here.')];
  return [at(entry, path, { code: 'mapping.status-mismatch', severity: 'warning', message, related: places, fixes })];
}

function isStatus(text: string): text is TaskStatus {
  return (TASK_STATUSES as readonly string[]).includes(text);
}

/** `sampler`, `sampler/` and `./sampler` are one folder. */
function tidy(text: string): string {
  return text.replace(/^\.\//, '').replace(/\/+$/, '');
}
