import { z } from 'zod';
import { HumanError } from '../base/errors.ts';
import { addChange, type ChangeKind } from '../documents/changelog.ts';
import { appendSection, type DraftFeature, draftTitle, hasSection, runbookView } from '../documents/runbookDraft.ts';
import { checkTemplate, fillTemplate } from '../documents/template.ts';
import { loadTemplate } from '../documents/templates.ts';
import type { Engine } from '../engine.ts';
import { openingOf } from '../goals/taskLog.ts';
import { compareIssues, hasErrors, type Issue } from '../model/issue.ts';
import type { Task } from '../model/task.ts';
import { mentions } from '../parse/mentions.ts';
import { inFolder } from '../project/layout.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { defineOperation } from './operation.ts';
import { issueShape, schemaVersion, valueShape } from './shapes.ts';
import { currentSnapshot, findTask } from './verify.ts';

const DEFAULT_SCENARIO = 'runbook_scenarios';

export const runbookCheck = defineOperation({
  name: 'runbook_check',
  title: 'Check the runbook',
  description:
    'Whether each feature of the source is documented in its place, and each runbook entry has its five parts.',
  readOnly: true,
  input: z.object({}),
  output: z.object({
    schemaVersion,
    holds: z.boolean(),
    values: z.array(valueShape).readonly(),
    issues: z.array(issueShape).readonly(),
  }),
  async run(engine) {
    const snapshot = await currentSnapshot(engine);
    const parity = snapshot.goals.find((goal) => goal.kind === 'docs-parity');
    const structure = snapshot.goals.find((goal) => goal.kind === 'runbook');
    const found = [
      await engine.runbooks.parity(parity ?? { id: 'G-7', title: '', kind: 'docs-parity' }, snapshot),
      await engine.runbooks.structure(structure ?? { scenario: DEFAULT_SCENARIO }, snapshot),
    ].flatMap((report) => report ?? []);
    const issues: Issue[] = found.flatMap((report) => report.issues).sort(compareIssues);
    const values = found.flatMap((report) => report.values);
    return { schemaVersion: 1 as const, holds: found.length > 0 && !hasErrors(issues), values, issues };
  },
});

export interface DraftResult {
  readonly file: string;
  readonly title: string;
  readonly features: readonly DraftFeature[];
}

/** Adds a section for a task to the runbook, with the keys, metrics and events that the source has and the runbook not. */
export async function draftRunbook(engine: Engine, slug: string): Promise<DraftResult> {
  const snapshot = await currentSnapshot(engine);
  const task = findTask(snapshot, slug);
  const file = snapshot.documents.runbook ?? inFolder(snapshot.layout.docs, 'runbook.md');
  const before = await engine.files.read(file);
  const title = draftTitle(task);
  if (before !== undefined && hasSection(before, title)) {
    throw new HumanError('runbook.section-exists', `${file} has a section "${title}" already.`, 'Complete that one.');
  }
  const features = await newFeatures(engine, snapshot, task, before ?? '');
  const { template, builtIn } = await loadTemplate(engine.documentPorts, 'runbook');
  const [wrong] = checkTemplate(template, builtIn);
  if (wrong !== undefined)
    throw new HumanError(wrong.code, `${wrong.file}:${wrong.range.start.line}: ${wrong.message}`);
  const section = fillTemplate(template, runbookView({ snapshot, task, title, features }));
  await engine.files.write(file, appendSection(before ?? '', section), { expected: before ?? null });
  engine.project.update([file]);
  return { file, title, features };
}

/** What came with the task and is not documented: declared in its module, or on lines that are new since it was opened. */
async function newFeatures(
  engine: Engine,
  snapshot: Snapshot,
  task: Task,
  runbook: string,
): Promise<readonly DraftFeature[]> {
  const { source } = snapshot.config.paths;
  const ledger = await engine.goalPorts.evidence(snapshot).load();
  const commit = openingOf(ledger, task.slug)?.statement.predicate.commits[source];
  const diffs = commit === undefined ? [] : ((await engine.goalPorts.tree.diff(source, commit)) ?? []);
  const added = new Set(diffs.flatMap(({ path, added: lines }) => lines.map(({ line }) => `${path}:${line}`)));
  const module =
    task.module === undefined ? undefined : inFolder(source, task.module.replace(/^\.\//, '').replace(/\/+$/, ''));
  const declared = await engine.runbooks.features(snapshot);
  return declared
    .map(({ kind, name, file, range }) => ({ kind, name, file, line: range.start.line }))
    .filter(({ file, line }) => added.has(`${file}:${line}`) || (module !== undefined && file.startsWith(`${module}/`)))
    .filter(({ name }) => !mentions(runbook, name));
}

/** Adds an entry on a task to the change log, in the form of Keep a Changelog. Gives the file. */
export async function addChangelogEntry(
  engine: Engine,
  slug: string,
  kind: ChangeKind,
  words: string | undefined,
): Promise<string> {
  const snapshot = await currentSnapshot(engine);
  const task = findTask(snapshot, slug);
  const file = snapshot.documents.changelog ?? inFolder(snapshot.layout.docs, 'CHANGELOG.md');
  const before = await engine.files.read(file);
  const story = task.story === undefined ? '' : `, ${task.story}`;
  const entry = `${(words ?? draftTitle(task)).replace(/\.$/, '')} (\`${slug}\`${story}).`;
  await engine.files.write(file, addChange(before, kind, entry), { expected: before ?? null });
  engine.project.update([file]);
  return file;
}
