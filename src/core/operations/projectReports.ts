import { z } from 'zod';
import { HumanError } from '../base/errors.ts';
import { type ChecklistSection, checklistView } from '../documents/checklist.ts';
import { coverageView } from '../documents/coverage.ts';
import { describe } from '../documents/describes.ts';
import { generateDocument, withoutMarkers } from '../documents/generate.ts';
import { integrationView } from '../documents/integration.ts';
import { milestoneView } from '../documents/milestones.ts';
import { progressView } from '../documents/progress.ts';
import type { View } from '../documents/template.ts';
import { loadTemplate } from '../documents/templates.ts';
import type { Engine } from '../engine.ts';
import { FINAL_RESULTS } from '../goals/inputs.ts';
import type { Issue } from '../model/issue.ts';
import { progressInput } from '../progress/blueprint.ts';
import { checklist } from '../progress/checklist.ts';
import { coverageInput } from '../progress/coverage.ts';
import { integrationInput } from '../progress/integration.ts';
import { milestoneStates } from '../progress/milestones.ts';
import { type ProjectState, projectState, type StateOptions } from '../progress/state.ts';
import { inFolder } from '../project/layout.ts';
import { defineOperation } from './operation.ts';
import { schemaVersion } from './shapes.ts';
import { currentSnapshot, findTask } from './verify.ts';

/** Documents that all tasks share; their markers never change, so that git can merge them. */
export const SHARED_REPORTS = ['progress', 'coverage', 'milestones', 'checklist'] as const;
export type SharedReport = (typeof SHARED_REPORTS)[number];

/** For one report: where it lies, its text, and the data behind it. */
export interface ProjectReport {
  readonly file: string;
  /** As it would be written, with markers and all that a person wrote in it. */
  readonly text: string;
  /** As a reader wants it. */
  readonly shown: string;
  readonly issues: readonly Issue[];
}

/** The project as of now, what a crash has left settled. */
export async function stateOfProject(engine: Engine, options: StateOptions = {}): Promise<ProjectState> {
  await engine.settle();
  return projectState(engine.goalPorts, await currentSnapshot(engine), options);
}

export async function sharedReport(engine: Engine, state: ProjectState, name: SharedReport): Promise<ProjectReport> {
  const file = inFolder(state.snapshot.layout.reports, `${name}.md`);
  return render(engine, name, file, await sharedView(engine, state, name, file), undefined);
}

async function sharedView(engine: Engine, state: ProjectState, name: SharedReport, file: string): Promise<View> {
  switch (name) {
    case 'progress':
      return progressView(progressInput(state, file));
    case 'coverage':
      return coverageView(coverageInput(state));
    case 'milestones':
      return milestoneView(file, milestoneStates(state));
    case 'checklist':
      return checklistView(await checklistOf(engine, state));
  }
}

export async function checklistOf(engine: Engine, state: ProjectState): Promise<readonly ChecklistSection[]> {
  const { files } = engine;
  const { documents, config } = state.snapshot;
  const read = async (path: string | undefined) => (path === undefined ? undefined : files.read(path));
  const dist = inFolder(config.paths.source, 'dist');
  return checklist({
    state,
    runbook: await read(documents.runbook),
    changelog: await read(documents.changelog),
    blueprint: await read(documents.blueprint),
    binaries: (await files.list(dist)).map(({ name }) => name),
    finalResults: await read(FINAL_RESULTS),
  });
}

/** The integration report of one task, by evidence alone. */
export async function integrationReport(engine: Engine, slug: string): Promise<ProjectReport> {
  const state = await stateOfProject(engine);
  const task = findTask(state.snapshot, slug);
  const file = inFolder(state.snapshot.layout.reports, `${slug}_integration.md`);
  const input = await integrationInput(state, task, engine.files);
  const { platforms, sections, recovery, goals } = input;
  const describes = await describe({ platforms, sections: [...sections], recovery, goals });
  return render(engine, 'integration', file, integrationView(input), describes);
}

export async function render(
  engine: Engine,
  name: string,
  file: string,
  view: View,
  describes: ReadonlyMap<string, string> | undefined,
): Promise<ProjectReport> {
  const existing = await engine.files.read(file);
  const loaded = await loadTemplate(engine.documentPorts, name);
  const { text, issues } = await generateDocument({ kind: name, file, existing, ...loaded, view, describes });
  if (text !== undefined) return { file, text, shown: withoutMarkers(text), issues };
  const [first] = issues;
  const where = first === undefined ? file : `${first.file}:${first.range.start.line}:${first.range.start.column}`;
  throw new HumanError(first?.code ?? 'document.broken', `${where}: ${first?.message ?? ''}`, 'Nothing was written.');
}

/** Writes a report where it differs; gives false where it is current already. */
export async function writeReport(engine: Engine, { file, text }: ProjectReport): Promise<boolean> {
  const existing = await engine.files.read(file);
  if (existing === text) return false;
  await engine.files.write(file, text, { expected: existing ?? null });
  return true;
}

export const progress = defineOperation({
  name: 'progress',
  title: 'Progress of the project',
  description: 'Progress against the blueprint by tasks, milestones, goals and evidence; or the finishing checklist.',
  readOnly: true,
  input: z.object({ report: z.enum(SHARED_REPORTS).default('progress') }),
  output: z.object({
    schemaVersion,
    report: z.enum(SHARED_REPORTS),
    file: z.string(),
    /** False where the file in the workspace is older than this. */
    current: z.boolean(),
    text: z.string(),
  }),
  async run(engine, { report }) {
    const found = await sharedReport(engine, await stateOfProject(engine), report);
    const current = (await engine.files.read(found.file)) === found.text;
    return { schemaVersion: 1 as const, report, file: found.file, current, text: found.shown };
  },
});

/** Milestones as JSON. */
export function milestonesJson(state: ProjectState) {
  const milestones = milestoneStates(state).map((one) => ({
    id: one.id,
    title: one.title,
    status: one.status,
    date: one.date ?? null,
    verification: one.verification,
    by: one.by ?? null,
    evidence: one.evidence ?? null,
    command: one.command ?? null,
    tasks: one.tasks,
  }));
  return { schemaVersion: 1 as const, milestones };
}

export function checklistJson(sections: readonly ChecklistSection[]) {
  return {
    schemaVersion: 1 as const,
    holds: checklistHolds(sections),
    sections: sections.map(({ title, boxes }) => ({
      title,
      boxes: boxes.map(({ next = null, off = false, ...box }) => ({ ...box, next, off })),
    })),
  };
}

export function checklistHolds(sections: readonly ChecklistSection[]): boolean {
  return sections.flatMap(({ boxes }) => boxes).every(({ verdict, off }) => off === true || verdict === 'pass');
}
