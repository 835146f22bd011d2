import { HumanError } from '../base/errors.ts';
import type { ChecklistSection } from '../documents/checklist.ts';
import type { Engine } from '../engine.ts';
import { type CheckpointOptions, runCheckpoint } from '../goals/checkpoint.ts';
import { checkStep } from '../goals/validators/checks.ts';
import { WORKLOADS } from '../model/scenario.ts';
import { closest } from '../parse/suggest.ts';
import { soakStep } from '../progress/soak.ts';
import { provenText, stabilityOf } from '../progress/stability.ts';
import { stemOf } from '../project/layout.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { configuredCheck } from './check.ts';
import { checklistOf, type ProjectReport, sharedReport, stateOfProject, writeReport } from './projectReports.ts';
import { currentSnapshot } from './verify.ts';

const HARNESS = 'harness';

export interface ChecklistRequest extends Omit<CheckpointOptions, 'measure' | 'force'> {
  /** Consecutive runs of the harness before the boxes are computed; a red one ends them. */
  readonly stableRuns?: number | undefined;
  readonly soak?: { readonly scenario: string; readonly seconds: number } | undefined;
  readonly write?: boolean;
}

export interface ChecklistResult {
  readonly sections: readonly ChecklistSection[];
  readonly report: ProjectReport;
  /** What the runs prove, one sentence each. */
  readonly notes: readonly string[];
}

/** Runs what was asked for, leaving evidence of each run, then computes every box. */
export async function runChecklist(engine: Engine, request: ChecklistRequest): Promise<ChecklistResult> {
  const { stableRuns, soak, write, ...options } = request;
  const notes: string[] = [];
  if (stableRuns !== undefined) notes.push(await runStable(engine, stableRuns, options));
  if (soak !== undefined) notes.push(await runSoak(engine, soak, options));
  const state = await stateOfProject(engine);
  const [sections, report] = [await checklistOf(engine, state), await sharedReport(engine, state, 'checklist')];
  if (write === true) await writeReport(engine, report);
  return { sections, report, notes };
}

async function runStable(engine: Engine, runs: number, options: CheckpointOptions): Promise<string> {
  const snapshot = await currentSnapshot(engine);
  configuredCheck(snapshot, HARNESS);
  const extra = (context: Parameters<typeof checkStep>[1]) => [checkStep(HARNESS, context)];
  let green = 0;
  while (green < runs) {
    const { states } = await runCheckpoint(
      engine.goalPorts,
      snapshot,
      { goals: [], extra },
      { ...options, force: true },
    );
    const said = states[0]?.fresh?.statement.predicate;
    if (said?.verdict !== 'pass') {
      return `Run ${green + 1} of ${runs} of the harness: ${said?.verdict ?? 'not-run'}. ${said?.reason ?? ''} ${provenText(green)}`;
    }
    green++;
  }
  const state = await stateOfProject(engine);
  return provenText(stabilityOf(state, state.step(`check:${HARNESS}`)).green);
}

async function runSoak(
  engine: Engine,
  { scenario, seconds }: { readonly scenario: string; readonly seconds: number },
  options: CheckpointOptions,
): Promise<string> {
  const snapshot = await currentSnapshot(engine);
  const name = soakable(snapshot, scenario);
  const extra = (context: Parameters<typeof checkStep>[1]) => [soakStep(name, seconds, context)];
  let said = 'not-run.';
  const onProgress: CheckpointOptions['onProgress'] = (progress) => {
    if (progress.kind === 'finished') said = `${progress.verdict}. ${progress.reason}`;
    options.onProgress?.(progress);
  };
  await runCheckpoint(engine.goalPorts, snapshot, { goals: [], extra }, { ...options, onProgress, force: true });
  return `Soak test of ${name} over ${seconds} s: ${said}`;
}

/** The name of a scenario, by its name or its file's, or of a workload. Throws HumanError `scenario.unknown`. */
function soakable({ scenarios }: Snapshot, wanted: string): string {
  const known = scenarios.find(({ file, value }) => value.name === wanted || stemOf(file) === wanted)?.value.name;
  if (known !== undefined) return known;
  if ((WORKLOADS as readonly string[]).includes(wanted)) return wanted;
  const names = [...scenarios.map(({ value }) => value.name), ...WORKLOADS];
  const near = closest(wanted, names);
  const hint = near === undefined ? `There are: ${[...new Set(names)].join(', ')}.` : `Did you mean ${near}?`;
  throw new HumanError('scenario.unknown', `There is no scenario or workload "${wanted}" to soak.`, hint);
}
