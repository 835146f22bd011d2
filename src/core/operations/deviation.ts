import { z } from 'zod';
import { sha256 } from '../base/digest.ts';
import { HumanError } from '../base/errors.ts';
import {
  approvedText,
  type DeviationInput,
  deviationFile,
  deviationYaml,
  draftDeviation,
} from '../deviations/draft.ts';
import { deviationsView, type RegisteredDeviation } from '../documents/deviations.ts';
import type { Engine } from '../engine.ts';
import type { CheckpointOptions } from '../goals/checkpoint.ts';
import { type GoalState, holdsNow } from '../goals/goalState.ts';
import { type Deviation, deviationStatus, deviationText } from '../model/deviation.ts';
import { isKind, type Resource } from '../model/evidence.ts';
import { inFolder } from '../project/layout.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { defineOperation } from './operation.ts';
import { type ProjectReport, render } from './projectReports.ts';
import { schemaVersion } from './shapes.ts';
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
  output: z.object({ schemaVersion, deviations: z.array(rowShape).readonly() }),
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
    return { schemaVersion: 1 as const, deviations };
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
  const found = snapshot.deviations.find(({ value }) => value.id === id);
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
  const approved = approvedText(text, deviation, person.by, today(engine));
  const goals = await touchedGoals(engine, snapshot, deviation, options);
  if (!allHold(goals)) return { deviation, file, goals, registered: false };
  await engine.goalPorts.evidence(snapshot).append<'waiver'>({
    kind: 'waiver',
    label: `deviation-${id}`,
    startedAt: engine.goalPorts.clock.now(),
    subject: [await contentOf(file, deviation)],
    predicate: {
      finding: findingOf(id),
      by: person.by.trim(),
      terminal: person.terminal,
      reason: deviation.justification,
    },
  });
  await engine.files.write(file, approved, { expected: text });
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

async function touchedGoals(
  engine: Engine,
  snapshot: Snapshot,
  { impact_analysis: impact }: Deviation,
  options: CheckpointOptions,
): Promise<readonly GoalState[]> {
  const ids = Object.keys(impact).filter(
    (id) => snapshot.goal(id)?.applies !== false && snapshot.goal(id) !== undefined,
  );
  return ids.length === 0 ? [] : (await engine.goals.verify(snapshot, { ...options, goals: ids })).goals;
}

/** Goals that were not looked at prove nothing. */
function allHold(goals: readonly GoalState[]): boolean {
  return goals.length > 0 && goals.every(holdsNow);
}

async function registered(engine: Engine, snapshot: Snapshot): Promise<readonly RegisteredDeviation[]> {
  const ledger = await engine.goalPorts.evidence(snapshot).load();
  const approvals = ledger.entries.flatMap(({ statement }) => (isKind('waiver', statement) ? [statement] : []));
  return Promise.all(
    snapshot.deviations.map(async ({ file, value }) => {
      const { digest } = await contentOf(file, value);
      const recorded = approvals.some(({ predicate, subject }) => {
        return predicate.finding === findingOf(value.id) && subject.some((one) => one.digest.sha256 === digest.sha256);
      });
      return { file, value, recorded };
    }),
  );
}

/** What a person approves: everything but the approval itself. A word that is changed later needs another approval. */
async function contentOf(file: string, deviation: Deviation): Promise<Resource> {
  const { status: _status, approved_by: _by, ...content } = deviation;
  const sorted = Object.fromEntries(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { name: file, digest: { sha256: await sha256(JSON.stringify(sorted)) } };
}

function findingOf(id: string): string {
  return `deviation:${id}`;
}

function today({ goalPorts }: Engine): string {
  return goalPorts.clock.now().toISOString().slice(0, 10);
}
