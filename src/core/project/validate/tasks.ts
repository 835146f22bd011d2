import { SLUG_PATTERN } from '../../model/ids.ts';
import type { Issue } from '../../model/issue.ts';
import { type Range, range } from '../../model/source.ts';
import type { Task } from '../../model/task.ts';
import { signWithoutNumber } from '../../parse/acceptance.ts';
import type { TaskEntry } from '../entry.ts';
import type { Hints } from '../hints.ts';
import type { Index } from '../index.ts';
import { folderOf, inFolder } from '../layout.ts';
import { knowsScenario, scenarioNames } from '../scenarios.ts';
import { checkDependencies } from './dependencies.ts';
import { checkMapped } from './mapped.ts';
import { at, didYouMean, related, replace } from './report.ts';

/** A slug that everything was copied with is no reason for a list without end. */
const MOST_PLACES = 10;

/** Cross checks of one task against all that it names. Cycles are in `cycles.ts`. */
export function checkTask(entry: TaskEntry, index: Index, hints: Hints): Issue[] {
  const { task } = entry;
  if (task === undefined) return checkSlug(entry, index);
  return [
    ...checkSlug(entry, index),
    ...checkFileName(entry, task, index),
    ...checkAcceptance(entry),
    ...checkGoals(entry, task, index, hints),
    ...checkScenarios(entry, task, index, hints),
    ...checkDependencies(entry, task, index, hints),
    ...checkMapped(entry, task, index, hints),
  ];
}

function checkSlug(entry: TaskEntry, index: Index): Issue[] {
  const { slug } = entry;
  const same = index.tasksBySlug.get(slug) ?? [];
  const spellings = index.spellings.get(slug.toLowerCase());
  if (same.length <= 1 && (spellings?.size ?? 0) <= 1) return [];
  const found: Issue[] = [];
  const add = (code: string, others: readonly TaskEntry[], place: string, message: string) => {
    if (others.length === 0) return;
    const places = others.slice(0, MOST_PLACES).map((other) => related(other, ['slug'], place));
    found.push(at(entry, ['slug'], { code, severity: 'error', message, related: places }));
  };
  const elsewhere = same.filter((other) => other.status !== entry.status);
  const twins = same.filter((other) => other.status === entry.status && other !== entry);
  const cased = [...(spellings ?? [])].filter((other) => other !== slug).sort();
  add(
    'task.in-two-folders',
    elsewhere,
    'The same task is here.',
    `The task "${slug}" is in two folders at once: here and as ${files(elsewhere)}. Keep the file whose folder is the true status, and remove the other.`,
  );
  add(
    'task.duplicate-slug',
    twins,
    'The same slug is here.',
    `The slug "${slug}" is used by ${files(twins)} as well. Give each task its own slug.`,
  );
  add(
    'task.slug-case',
    cased.flatMap((other) => index.tasksBySlug.get(other) ?? []),
    'The other spelling is here.',
    `The slug "${slug}" differs from "${cased.join('", "')}" only in case, and on many disks their files would be one. Rename one of them.`,
  );
  return found;
}

/** The first three, and how many more. */
function files(entries: readonly TaskEntry[]): string {
  const names = entries.slice(0, 3).map((entry) => entry.file);
  return entries.length > 3 ? `${names.join(', ')} and ${entries.length - 3} more` : names.join(', ');
}

function checkFileName(entry: TaskEntry, { slug }: Task, index: Index): Issue[] {
  if (slug === entry.stem) return [];
  const target = inFolder(folderOf(entry.file), `${slug}.yaml`);
  const rename = { title: `Rename the file to ${slug}.yaml`, edits: [], moves: [{ from: entry.file, to: target }] };
  const stemIsFree = (index.tasksBySlug.get(entry.stem) ?? []).length === 0;
  const fixes = [
    ...(index.tasks.has(target) ? [] : [rename]),
    ...(stemIsFree && SLUG_PATTERN.test(entry.stem)
      ? [replace(entry, ['slug'], entry.stem, `Change the slug to "${entry.stem}"`)]
      : []),
  ];
  const message = `The slug is "${slug}" but the file is named ${entry.stem}. Make them equal: reports and moves go by the slug.`;
  return [at(entry, ['slug'], { code: 'task.slug-file-mismatch', severity: 'error', message, fixes })];
}

/** The raw lines: to read tens of thousands of them as expectations would take too long here. */
function checkAcceptance(entry: TaskEntry): Issue[] {
  return (entry.parsed.value?.acceptance ?? []).flatMap((text, position) => {
    const found = signWithoutNumber(text);
    if (found === undefined) return [];
    const message = `"${found.sign}" compares with no number, so nothing can measure this line and a person must sign it off. Write the number in digits, such as "${found.sign} 90%".`;
    const issue = at(entry, ['acceptance', position], { code: 'task.acceptance-number', severity: 'warning', message });
    return [{ ...issue, range: signRange(entry.text, issue.range) }];
  });
}

/** The sign within the line as it is written; the whole line where it runs over several. */
function signRange(text: string, whole: Range): Range {
  const { start, end } = whole;
  if (start.line !== end.line) return whole;
  const line = text.split('\n')[start.line - 1] ?? '';
  const found = signWithoutNumber(line.slice(start.column - 1, end.column - 1));
  if (found === undefined) return whole;
  const column = start.column + found.at;
  return range(start.line, column, start.line, column + found.sign.length);
}

function checkGoals(entry: TaskEntry, task: Task, index: Index, hints: Hints): Issue[] {
  if (task.goals.length === 0) {
    const message =
      'The task names no goals, so only the hard-stop goals guard it. List those that it must keep under "blueprint_goals".';
    return [at(entry, ['slug'], { code: 'task.no-goals', severity: 'info', message })];
  }
  if (index.configBroken) return [];
  const known = index.goalIds();
  return task.goals.flatMap((goal, position) => {
    if (known.has(goal)) return [];
    const path = ['blueprint_goals', position];
    const names = hints.nearest('goal', goal, () => known);
    const message = `The goal "${goal}" is unknown.${didYouMean(names)} Known goals: ${[...known].join(', ')}.`;
    const fixes = names.map((name) => replace(entry, path, name));
    return [at(entry, path, { code: 'task.unknown-goal', severity: 'error', message, fixes })];
  });
}

/** An open task may name a scenario that is still to be written (plan 4.1, step 4); a task that is done may not. */
function checkScenarios(entry: TaskEntry, task: Task, index: Index, hints: Hints): Issue[] {
  return task.scenarios.flatMap((name, position) => {
    if (knowsScenario(index, name)) return [];
    const path = ['e2e_scenarios', position];
    const names = hints.nearest('scenario', name, () => scenarioNames(index));
    const hint =
      names.length > 0 ? didYouMean(names) : ` Write it as ${inFolder(index.layout.scenarios, `${name}.yml`)}.`;
    const message = `The scenario "${name}" is unknown.${hint}`;
    const fixes = names.map((near) => replace(entry, path, near));
    const severity = task.status === 'done' ? 'error' : 'warning';
    return [at(entry, path, { code: 'task.unknown-scenario', severity, message, fixes })];
  });
}
