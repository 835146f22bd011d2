import type { Issue } from '../../model/issue.ts';
import type { Task } from '../../model/task.ts';
import type { Path } from '../../parse/parsed.ts';
import type { TaskEntry } from '../entry.ts';
import type { Hints } from '../hints.ts';
import type { Index } from '../index.ts';
import { at, didYouMean, related, replace } from './report.ts';

const KEY = 'depends_on';

/** What `depends_on` of one task names. */
export function checkDependencies(entry: TaskEntry, task: Task, index: Index, hints: Hints): Issue[] {
  return task.dependsOn.flatMap((slug, position) => {
    const path: Path = [KEY, position];
    if (slug === task.slug) {
      const message = `The task depends on itself, so it could never start. Remove "${slug}" from "${KEY}".`;
      const edits = hints.edits(entry.file, entry.text, [{ op: 'delete', path }]);
      const fixes = edits === undefined ? [] : [{ title: `Remove "${slug}" from "${KEY}"`, edits }];
      return [at(entry, path, { code: 'task.depends-on-itself', severity: 'error', message, fixes })];
    }
    const targets = index.tasksBySlug.get(slug);
    if (targets === undefined) return [unknown(entry, path, slug, index, hints)];
    if (task.status !== 'done' || targets.some((target) => target.status === 'done')) return [];
    const message = `This task is done, but "${slug}", which it depends on, is ${targets.map((one) => one.status).join(' and ')}. Finish "${slug}", reopen this task, or remove the dependency.`;
    const places = targets.map((target) => related(target, ['slug'], `"${slug}" is here.`));
    return [at(entry, path, { code: 'task.done-before-dependency', severity: 'warning', message, related: places })];
  });
}

function unknown(entry: TaskEntry, path: Path, slug: string, index: Index, hints: Hints): Issue {
  const names = hints.nearest('task', slug, () => index.tasksBySlug.keys()).filter((name) => name !== entry.slug);
  const hint = names.length > 0 ? didYouMean(names) : ' Write the task, or remove the dependency.';
  const message = `The task "${slug}", which this one depends on, is unknown.${hint}`;
  const fixes = names.map((name) => replace(entry, path, name));
  return at(entry, path, { code: 'task.unknown-dependency', severity: 'error', message, fixes });
}
