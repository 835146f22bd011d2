import type { Engine } from '../engine.ts';
import type { Draft } from '../evidence/store.ts';
import type { Task } from '../model/task.ts';
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
export async function finishTask(engine: Engine, snapshot: Snapshot, task: Task, event: Draft<'task'>): Promise<void> {
  const { tree, evidence } = engine.goalPorts;
  const { files } = engine;
  const to = inFolder(snapshot.layout.tasks.done, nameOf(task.file));
  const time = event.startedAt.toISOString();
  const state = await projectState(engine.goalPorts, snapshot, { finishing: new Map([[task.slug, time]]) });
  const changes: Change[] = [
    { kind: 'move', from: task.file, to },
    ...(await mappingChange(engine, snapshot, task.slug, time.slice(0, 10))),
  ];
  for (const name of ['progress', 'coverage'] as const) {
    const { file, text } = await sharedReport(engine, state, name);
    changes.push(...(await writeChange(engine, file, text)));
  }
  changes.push(...(await attributesChange(engine, snapshot)));
  const { path, text } = await evidence(snapshot).prepare(event);
  changes.push({ kind: 'write', path, before: null, after: text });
  await commitChanges({ files, tree }, `complete-${task.slug}`, `complete ${task.slug}`, changes);
  engine.project.update();
}

async function mappingChange({ files }: Engine, { mapping }: Snapshot, slug: string, day: string): Promise<Change[]> {
  const mapped = mapping?.tasksBySlug.get(slug) ?? [];
  const file = mapping?.entry.file;
  const before = file === undefined ? undefined : await files.read(file);
  if (file === undefined || before === undefined || mapped.length === 0) return [];
  const edits = mapped.flatMap(({ path }): YamlEdit[] => [
    { op: 'set', path: [...path, 'status'], value: 'done' },
    { op: 'set', path: [...path, 'completed'], value: day },
  ]);
  return [{ kind: 'write', path: file, before, after: editYaml(before, edits) }];
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

async function writeChange({ files }: Engine, path: string, after: string): Promise<Change[]> {
  const before = (await files.read(path)) ?? null;
  return before === after ? [] : [{ kind: 'write', path, before, after }];
}
