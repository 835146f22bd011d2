import type { AcceptanceLine } from '../model/acceptance.ts';
import type { Task, TaskFile, TaskStatus } from '../model/task.ts';
import { parseAcceptance } from '../parse/acceptance.ts';
import type { Parsed } from '../parse/parsed.ts';
import { parseTask } from '../parse/task.ts';
import { stemOf } from './layout.ts';

/** One file that was read and parsed. Never changed: a new text makes a new entry. */
export interface Entry<T> {
  readonly file: string;
  readonly text: string;
  readonly parsed: Parsed<T>;
}

export interface TaskEntry extends Entry<TaskFile> {
  readonly status: TaskStatus;
  /** The file name without `.yaml`. */
  readonly stem: string;
  /** Undefined where the file breaks the task format. */
  readonly task: Task | undefined;
  /** The task's slug; the file name stands in for it where the file cannot be understood. */
  readonly slug: string;
}

export function readTask(file: string, text: string, status: TaskStatus): TaskEntry {
  const parsed = parseTask(text, file);
  const task = parsed.value && toTask(parsed.value, file, status);
  const stem = stemOf(file);
  return { file, text, parsed, status, stem, task, slug: task?.slug ?? stem };
}

function toTask(value: TaskFile, file: string, status: TaskStatus): Task {
  let acceptance: readonly AcceptanceLine[] | undefined;
  return {
    slug: value.slug,
    status,
    file,
    title: value.title,
    phase: value.phase,
    module: value.module,
    epic: value.blueprint?.epic,
    story: value.blueprint?.story,
    // On first use: no cross check looks at the lines, and there are tens of thousands in a large workspace.
    get acceptance() {
      acceptance ??= value.acceptance.map(parseAcceptance);
      return acceptance;
    },
    scenarios: value.e2e_scenarios,
    goals: value.blueprint_goals,
    dependsOn: value.depends_on,
    priority: value.priority,
    owner: value.owner,
  };
}
