import type { Engine } from '../engine.ts';
import type { Draft } from '../evidence/store.ts';
import type { Task, TaskStatus } from '../model/task.ts';
import { editYaml, type YamlEdit } from '../parse/edit.ts';
import { projectState } from '../progress/state.ts';
import { inFolder, nameOf } from '../project/layout.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { type Change, commitChanges } from '../workflow/transaction.ts';
import { sharedReport } from './projectReports.ts';

/** What git does with the reports that all tasks share: it keeps the lines of both sides, and the next run puts them right. */
const ATTRIBUTES = ['progress.md merge=union', 'coverage.md merge=union'];

/**
 * The end of a task in one step: its file moves to done/, mapping, progress report and coverage matrix follow, and evidence
 * tells it. A crash in between is settled at the next start.
 */
export function finishTask(engine: Engine, snapshot: Snapshot, task: Task, event: Draft<'task'>): Promise<string> {
  const at = event.startedAt.toISOString();
  const marks = { status: 'done', completed: at.slice(0, 10) };
  return turnTask(engine, snapshot, task, { verb: 'complete', to: 'done', at, marks, event });
}

/** The way back in one step as well: the file moves to in_progress/, its marks and its share of the reports go. */
export function takeBackTask(engine: Engine, snapshot: Snapshot, task: Task, event: Draft<'task'>): Promise<string> {
  const at = event.startedAt.toISOString();
  const marks = { status: undefined, completed: undefined };
  return turnTask(engine, snapshot, task, { verb: 'reopen', to: 'in_progress', at, marks, event });
}

interface Turn {
  readonly verb: 'complete' | 'reopen';
  readonly to: TaskStatus;
  readonly at: string;
  /** Of the task in the mapping; undefined takes one away. */
  readonly marks: Readonly<Record<string, string | undefined>>;
  readonly event: Draft<'task'>;
}

/** Gives where the task is now. Throws HumanError `transaction.undone` where somebody changes a file meanwhile. */
async function turnTask(engine: Engine, snapshot: Snapshot, task: Task, turn: Turn): Promise<string> {
  const { tree, evidence } = engine.goalPorts;
  const { files } = engine;
  const to = inFolder(snapshot.layout.tasks[turn.to], nameOf(task.file));
  const state = await projectState(engine.goalPorts, snapshot, {
    turning: { slug: task.slug, status: turn.to, at: turn.at },
  });
  const changes: Change[] = [
    { kind: 'move', from: task.file, to },
    ...(await mappingChange(engine, snapshot, task.slug, turn.marks)),
  ];
  for (const name of ['progress', 'coverage'] as const) {
    const { file, text } = await sharedReport(engine, state, name);
    const isWanted = turn.to === 'done' || (await files.stat(file)) !== undefined;
    if (isWanted) changes.push(...(await writeChange(engine, file, text)));
  }
  if (turn.to === 'done') changes.push(...(await attributesChange(engine, snapshot)));
  const { path, text } = await evidence(snapshot).prepare(turn.event);
  changes.push({ kind: 'write', path, before: null, after: text });
  await commitChanges({ files, tree }, `${turn.verb}-${task.slug}`, `${turn.verb} ${task.slug}`, changes);
  engine.project.update();
  return to;
}

/** Keeps the file's comments and order. */
async function mappingChange(
  { files }: Engine,
  { mapping }: Snapshot,
  slug: string,
  marks: Turn['marks'],
): Promise<Change[]> {
  const mapped = mapping?.tasksBySlug.get(slug) ?? [];
  const file = mapping?.entry.file;
  const before = file === undefined ? undefined : await files.read(file);
  if (file === undefined || before === undefined || mapped.length === 0) return [];
  const edits = mapped.flatMap(({ path }) =>
    Object.entries(marks).map(([key, value]): YamlEdit => {
      return value === undefined ? { op: 'delete', path: [...path, key] } : { op: 'set', path: [...path, key], value };
    }),
  );
  return writeChange({ files }, file, editYaml(before, edits));
}

async function attributesChange(engine: Engine, { layout }: Snapshot): Promise<Change[]> {
  if (layout.reports === '.') return [];
  const file = inFolder(layout.reports, '.gitattributes');
  const before = (await engine.files.read(file)) ?? '';
  const lines = before.split(/\r?\n/).map((line) => line.trim());
  const missing = ATTRIBUTES.filter((line) => !lines.includes(line));
  if (missing.length === 0) return [];
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  return writeChange(engine, file, `${before}${gap}${missing.join('\n')}\n`);
}

async function writeChange({ files }: Pick<Engine, 'files'>, path: string, after: string): Promise<Change[]> {
  const before = (await files.read(path)) ?? null;
  return before === after ? [] : [{ kind: 'write', path, before, after }];
}
