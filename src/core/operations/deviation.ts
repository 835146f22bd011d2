import { z } from 'zod';
import { HumanError } from '../base/errors.ts';
import {
  approvedText,
  type DeviationInput,
  deviationFile,
  deviationYaml,
  draftDeviation,
} from '../deviations/draft.ts';
import { deviationsView } from '../documents/deviations.ts';
import type { Engine } from '../engine.ts';
import { approvalOf, approvedContent, withApprovals } from '../evidence/approvals.ts';
import type { CheckpointOptions } from '../goals/checkpoint.ts';
import { type GoalState, holdsNow } from '../goals/goalState.ts';
import { type Deviation, deviationStatus, deviationText, type RegisteredDeviation } from '../model/deviation.ts';
import type { Issue } from '../model/issue.ts';
import { inFolder } from '../project/layout.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { defineOperation } from './operation.ts';
import { type ProjectReport, render } from './projectReports.ts';
import { issueShape, schemaVersion } from './shapes.ts';
import { currentSnapshot } from './verify.ts';

const rowShape = z.object({
  id: z.string(),
  file: z.string(),
  item: z.string(),
  status: z.string(),
  state: z.string(),
  scope: z.array(z.string()).readonly(),
  approvedBy: z.string().nullable(),
  expires: z.string().nullable(),
  /** Whether evidence tells who approved it. */
  recorded: z.boolean(),
});

export const deviationList = defineOperation({
  name: 'deviation_list',
  title: 'List deviations',
  description: 'Deviations from the blueprint with status, scope, who approved them and until when they hold.',
  readOnly: true,
  input: z.object({}),
  output: z.object({
    schemaVersion,
    deviations: z.array(rowShape).readonly(),
    /** Errors of files that are no deviations because of them. */
    issues: z.array(issueShape).readonly(),
  }),
  async run(engine) {
    const snapshot = await currentSnapshot(engine);
    const day = today(engine);
    const deviations = (await registered(engine, snapshot)).map(({ file, value, recorded }) => ({
      id: value.id,
      file,
      item: value.blueprint_item,
      status: deviationStatus(value, day),
      state: deviationText(value, day),
      scope: value.scope,
      approvedBy: value.approved_by ?? null,
      expires: value.expires ?? null,
      recorded,
    }));
    return { schemaVersion: 1 as const, deviations, issues: unlisted(snapshot) };
  },
});

export interface DeviationResult {
  readonly deviation: Deviation;
  readonly file: string;
  /** The goals that it touches, as they stand. */
  readonly goals: readonly GoalState[];
  /** False where one of them does not hold: nothing was written then. */
  readonly registered: boolean;
}

/** Proposes a deviation: checks it, verifies the goals that it touches, and writes its file where all of them hold. */
export async function addDeviation(
  engine: Engine,
  input: DeviationInput,
  options: CheckpointOptions = {},
): Promise<DeviationResult> {
  const snapshot = await currentSnapshot(engine);
  const deviation = draftDeviation(input, snapshot, today(engine));
  const file = deviationFile(snapshot, deviation);
  const goals = await touchedGoals(engine, snapshot, deviation, options);
  const holds = allHold(goals);
  if (holds) {
    await engine.files.write(file, deviationYaml(deviation), { expected: null });
    engine.project.update([file]);
  }
  return { deviation, file, goals, registered: holds };
}

/** Approves a deviation by name, where the goals that it touches hold; the approval is evidence. */
export async function approveDeviation(
  engine: Engine,
  id: string,
  person: { readonly by: string; readonly terminal: boolean },
  options: CheckpointOptions = {},
): Promise<DeviationResult> {
  const snapshot = await currentSnapshot(engine);
  const found = (await registered(engine, snapshot)).find(({ value }) => value.id === id);
  const text = found === undefined ? undefined : await engine.files.read(found.file);
  if (found === undefined || text === undefined) {
    const ids = snapshot.deviations.map(({ value }) => value.id);
    throw new HumanError(
      'deviation.unknown',
      `No deviation is called ${id}.`,
      `There are: ${ids.join(', ') || 'none'}.`,
    );
  }
  const { file, value: deviation } = found;
  const approved = approvedText(text, found, person.by, today(engine));
  const goals = await touchedGoals(engine, snapshot, deviation, options);
  if (!allHold(goals)) return { deviation, file, goals, registered: false };
  await engine.goalPorts.evidence(snapshot).append<'waiver'>({
    kind: 'waiver',
    label: `deviation-${id}`,
    startedAt: engine.goalPorts.clock.now(),
    subject: [await approvedContent(file, deviation)],
    predicate: {
      finding: approvalOf(id),
      by: person.by.trim(),
      terminal: person.terminal,
      reason: deviation.justification,
    },
  });
  if (approved !== text) await engine.files.write(file, approved, { expected: text });
  engine.project.update([file]);
  return {
    deviation: { ...deviation, status: 'approved', approved_by: person.by.trim() },
    file,
    goals,
    registered: true,
  };
}

/** The register as a document. */
export async function deviationReport(engine: Engine): Promise<ProjectReport> {
  const snapshot = await currentSnapshot(engine);
  const file = inFolder(snapshot.layout.reports, 'deviations.md');
  return render(
    engine,
    'deviations',
    file,
    deviationsView(file, await registered(engine, snapshot), today(engine)),
    undefined,
  );
}

function unlisted({ issues, deviations, layout }: Snapshot): Issue[] {
  const listed = new Set(deviations.map(({ file }) => file));
  const folder = `${inFolder(layout.docs, 'deviations')}/`;
  return issues.filter(({ severity, file }) => severity === 'error' && file.startsWith(folder) && !listed.has(file));
}

async function touchedGoals(
  engine: Engine,
  snapshot: Snapshot,
  deviation: Deviation,
  options: CheckpointOptions,
): Promise<readonly GoalState[]> {
  const ids = Object.keys(deviation.impact_analysis).filter(
    (id) => snapshot.goal(id)?.applies !== false && snapshot.goal(id) !== undefined,
  );
  if (ids.length === 0) return [];
  const { goals } = await engine.goals.verify(snapshot, { ...options, goals: ids });
  return Promise.all(goals.map((state) => withDeviation(engine, deviation, state, options)));
}

/** The rules may fail today by the very violations that the deviation is to cover: what counts is how they stand with it. */
async function withDeviation(
  engine: Engine,
  deviation: Deviation,
  state: GoalState,
  { signal }: CheckpointOptions,
): Promise<GoalState> {
  if (state.goal.kind !== 'conformance' || holdsNow(state)) return state;
  const scanner = await engine.openConformance({ ...deviation, status: 'approved', approved_by: deviation.id });
  try {
    const { verdict, accepted } = await scanner.scan({ ...(signal && { signal }) });
    const covered = accepted.filter(
      (one) => one.accepted.by === 'deviation' && one.accepted.id === deviation.id,
    ).length;
    if (verdict !== 'pass' || covered === 0) return state;
    return {
      ...state,
      verdict,
      fresh: true,
      reason: `All rules hold with this deviation; it covers ${covered} of the violations.`,
    };
  } finally {
    scanner.dispose();
  }
}

/** Goals that were not looked at prove nothing. */
function allHold(goals: readonly GoalState[]): boolean {
  return goals.length > 0 && goals.every(holdsNow);
}

async function registered(engine: Engine, snapshot: Snapshot): Promise<readonly RegisteredDeviation[]> {
  const { entries } = await engine.goalPorts.evidence(snapshot).load();
  return withApprovals(snapshot.deviations, entries);
}

function today({ goalPorts }: Engine): string {
  return goalPorts.clock.now().toISOString().slice(0, 10);
}
