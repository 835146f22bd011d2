import { z } from 'zod';
import { HumanError } from '../base/errors.ts';
import type { Issue } from '../model/issue.ts';
import { TASK_STATUSES, type Task } from '../model/task.ts';
import { closest } from '../parse/suggest.ts';
import { folderOf, stemOf } from '../project/layout.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { plainFacts } from '../workflow/facts.ts';
import { progressOf } from '../workflow/transition.ts';
import { defineOperation } from './operation.ts';
import { issueShape, schemaVersion, taskRowShape } from './shapes.ts';

export type TaskRow = z.output<typeof taskRowShape>;

export const tasks = defineOperation({
  name: 'tasks',
  title: 'List tasks',
  description: 'Lists the tasks with status, next step and what blocks it.',
  readOnly: true,
  input: z.object({ status: z.enum(TASK_STATUSES).optional() }),
  output: z.object({
    schemaVersion,
    tasks: z.array(taskRowShape).readonly(),
    /** Why files of the tasks folder are not listed. */
    issues: z.array(issueShape).readonly(),
  }),
  async run(engine, { status }) {
    engine.project.update();
    const snapshot = await engine.project.snapshot();
    const rows = taskRows(snapshot).filter((task) => status === undefined || task.status === status);
    return { schemaVersion: 1 as const, tasks: rows, issues: unlisted(snapshot) };
  },
});

export const taskShow = defineOperation({
  name: 'task_show',
  title: 'Show a task',
  description:
    'One task: acceptance lines as measurable expectations, goals, scenarios, dependencies, documents, problems.',
  readOnly: true,
  input: z.object({ slug: z.string() }),
  output: z.object({
    schemaVersion,
    task: taskRowShape.extend({
      file: z.string(),
      title: z.string().nullable(),
      epic: z.string().nullable(),
      story: z.string().nullable(),
      acceptance: z
        .array(
          z.object({
            text: z.string(),
            expectation: z
              .object({
                metric: z.string(),
                operator: z.string(),
                value: z.number(),
                unit: z.string().optional(),
                where: z.string().optional(),
              })
              .optional(),
          }),
        )
        .readonly(),
      goals: z.array(z.object({ id: z.string(), title: z.string().nullable() })).readonly(),
      scenarios: z.array(z.string()).readonly(),
      dependsOn: z.array(z.string()).readonly(),
      documents: z.record(z.string(), z.string()),
    }),
    issues: z.array(issueShape).readonly(),
  }),
  async run(engine, { slug }) {
    engine.project.update();
    const snapshot = await engine.project.snapshot();
    const task = snapshot.task(slug);
    if (task === undefined) throw unknownTask(slug, snapshot);
    return {
      schemaVersion: 1 as const,
      task: {
        ...row(snapshot, task, errorsByFile(snapshot)),
        file: task.file,
        title: task.title ?? null,
        epic: task.epic ?? null,
        story: task.story ?? null,
        acceptance: task.acceptance,
        goals: task.goals.map((id) => ({ id, title: snapshot.goal(id)?.title ?? null })),
        scenarios: task.scenarios,
        dependsOn: task.dependsOn,
        documents: { ...snapshot.reports(slug) },
      },
      issues: snapshot.issues.filter((issue) => issue.file === task.file),
    };
  },
});

/** All tasks of a snapshot with their next step, in its order. */
export function taskRows(snapshot: Snapshot): TaskRow[] {
  const errors = errorsByFile(snapshot);
  return snapshot.tasks.map((task) => row(snapshot, task, errors));
}

/** Errors of files that are no tasks because of them, and of folders that cannot be read. */
function unlisted({ issues, tasks, config }: Snapshot): Issue[] {
  const listed = new Set(tasks.map(({ file }) => file));
  const folder = `${config.paths.tasks}/`;
  return issues.filter(
    ({ severity, code, file }) =>
      severity === 'error' && !listed.has(file) && (file.startsWith(folder) || code.startsWith('file.')),
  );
}

function row(snapshot: Snapshot, task: Task, errors: ReadonlyMap<string, readonly string[]>): TaskRow {
  const { step, blockers } = progressOf(task, plainFacts(snapshot, task, errors.get(task.file) ?? []));
  const { slug, status, phase = null, module = null } = task;
  return { slug, status, phase, module, step, blockers };
}

function errorsByFile(snapshot: Snapshot): Map<string, string[]> {
  const errors = new Map<string, string[]>();
  for (const { severity, file, message } of snapshot.issues) {
    if (severity !== 'error') continue;
    const known = errors.get(file);
    if (known === undefined) errors.set(file, [message]);
    else known.push(message);
  }
  return errors;
}

export function unknownTask(slug: string, snapshot: Snapshot): HumanError {
  const renamed = snapshot.tasks.find(({ file }) => stemOf(file) === slug);
  if (renamed !== undefined) {
    const hint = `Say ${renamed.slug}, or make slug and file name equal: "infrabuilder validate" lists the ways.`;
    return new HumanError('task.unknown', `No task is called ${slug}: ${renamed.file} is ${renamed.slug}.`, hint);
  }
  const folders = Object.values(snapshot.layout.tasks);
  const broken = snapshot.issues.find(
    ({ file, severity }) => severity === 'error' && stemOf(file) === slug && folders.includes(folderOf(file)),
  );
  if (broken !== undefined) {
    const where = `${broken.file}:${broken.range.start.line}:${broken.range.start.column}`;
    return new HumanError(
      'task.broken',
      `The file of task ${slug} cannot be read. ${where}: ${broken.message}`,
      'Mend it: "infrabuilder validate" lists all that is wrong.',
    );
  }
  const slugs = snapshot.tasks.map((task) => task.slug);
  const like = closest(slug, slugs) ?? slugs.find((other) => other.includes(slug));
  const hint = like === undefined ? 'List the tasks with "infrabuilder tasks".' : `Did you mean ${like}?`;
  return new HumanError('task.unknown', `No task is called ${slug}.`, hint);
}
