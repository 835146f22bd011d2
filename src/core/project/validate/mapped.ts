import type { Fix, Issue } from '../../model/issue.ts';
import type { Task } from '../../model/task.ts';
import type { YamlValue } from '../../parse/render.ts';
import type { TaskEntry } from '../entry.ts';
import type { Hints } from '../hints.ts';
import type { Index } from '../index.ts';
import type { MappingView, Story } from '../mapping.ts';
import { at, didYouMean, related, replace } from './report.ts';

/** Whether `blueprint_tasks.yaml` has the task where the task says that it belongs. */
export function checkMapped(entry: TaskEntry, task: Task, index: Index, hints: Hints): Issue[] {
  const { mapping } = index;
  if (mapping === undefined) return [];
  const found = checkPlace(entry, task, mapping, hints);
  const mapped = mapping.tasksBySlug.get(task.slug) ?? [];
  if (mapped.length === 0 && found.length === 0) found.push(notMapped(entry, task, mapping, hints));
  const [first] = mapped;
  if (first === undefined || found.length > 0 || task.epic === undefined) return found;
  const agrees = mapped.some(
    ({ epic, story }) => epic === task.epic && (task.story === undefined || story === task.story),
  );
  if (agrees) return found;
  const wrong = first.epic === task.epic ? 'story' : 'epic';
  const message = `${mapping.entry.file} has this task in ${first.epic}, ${first.story}, but the task says ${[task.epic, task.story].filter((id) => id !== undefined).join(', ')}. Make them equal.`;
  const fix: Fix = {
    title: `Change to ${first.epic}, ${first.story}`,
    edits: [
      ...(first.epic === task.epic ? [] : replace(entry, ['blueprint', 'epic'], first.epic).edits),
      ...(task.story === undefined || first.story === task.story
        ? []
        : replace(entry, ['blueprint', 'story'], first.story).edits),
    ],
  };
  const places = [related(mapping.entry, [...first.path, 'slug'], 'The task is mapped here.')];
  const problem = {
    code: 'task.mapped-elsewhere',
    severity: 'warning',
    message,
    related: places,
    fixes: [fix],
  } as const;
  return [at(entry, ['blueprint', wrong], problem)];
}

function checkPlace(
  entry: TaskEntry,
  { epic: epicId, story: storyId }: Task,
  mapping: MappingView,
  hints: Hints,
): Issue[] {
  if (epicId === undefined) return [];
  const epic = mapping.epicById.get(epicId);
  const file = mapping.entry.file;
  if (epic === undefined) {
    const path = ['blueprint', 'epic'];
    const names = hints.nearest('epic', epicId, () => mapping.epicById.keys());
    const message = `The epic "${epicId}" is not in ${file}.${didYouMean(names)}`;
    const fixes = names.map((name) => replace(entry, path, name));
    return [at(entry, path, { code: 'task.unknown-epic', severity: 'error', message, fixes })];
  }
  if (storyId === undefined || epic.stories.some((story) => story.id === storyId)) return [];
  const path = ['blueprint', 'story'];
  const [elsewhere] = mapping.storiesById.get(storyId) ?? [];
  if (elsewhere !== undefined) {
    const message = `The story "${storyId}" belongs to the epic "${elsewhere.epic}", not to "${epicId}".`;
    const fixes = [replace(entry, ['blueprint', 'epic'], elsewhere.epic)];
    const places = [{ file, range: mapping.entry.parsed.locateKey(elsewhere.path), message: 'The story is here.' }];
    return [at(entry, path, { code: 'task.unknown-story', severity: 'error', message, related: places, fixes })];
  }
  const names = hints.nearest(`story of ${epicId}`, storyId, () => epic.stories.map((story) => story.id));
  const message = `The story "${storyId}" is not in the epic "${epicId}" of ${file}.${didYouMean(names)}`;
  const fixes = names.map((name) => replace(entry, path, name));
  return [at(entry, path, { code: 'task.unknown-story', severity: 'error', message, fixes })];
}

function notMapped(entry: TaskEntry, task: Task, mapping: MappingView, hints: Hints): Issue {
  const { file, text } = mapping.entry;
  const story = storyOf(task, mapping);
  const message =
    story === undefined
      ? `The task is not in ${file}. Add it under the story that asks for it, and name that story under "blueprint".`
      : `The task is not in ${file}. Add it under ${story.epic}, ${story.id}.`;
  const edits =
    story && hints.edits(file, text, [{ op: 'append', path: [...story.path, 'tasks'], value: mappedTask(task) }]);
  const fixes = edits === undefined ? [] : [{ title: `Add the task to ${file}`, edits }];
  return at(entry, ['slug'], { code: 'task.not-in-mapping', severity: 'warning', message, fixes });
}

function storyOf(task: Task, mapping: MappingView): Story | undefined {
  if (task.epic === undefined || task.story === undefined) return undefined;
  return mapping.epicById.get(task.epic)?.stories.find((story) => story.id === task.story);
}

function mappedTask({ slug, phase, module }: Task): YamlValue {
  return { slug, ...(phase === undefined ? {} : { phase }), ...(module === undefined ? {} : { module }) };
}
