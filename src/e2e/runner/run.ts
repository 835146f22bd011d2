import { rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { CancelledError, EnvironmentError, errorMessage, HumanError } from '../../core/base/errors.ts';
import type { Issue } from '../../core/model/issue.ts';
import type { ScenarioPlan } from '../../core/model/scenarioPlan.ts';
import type { PlatformResult, ScenarioRun } from '../../core/model/scenarioRun.ts';
import { FILE_START } from '../../core/model/source.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import type { ScenarioRequest } from '../../core/ports.ts';
import { type ActJudgement, judgeAct } from '../kpi/act.ts';
import { goalResults } from '../kpi/goals.ts';
import { combineReplicates } from '../kpi/replicates.ts';
import { Journal, resolveAll } from '../reap/journal.ts';
import { writeReports } from '../report/write.ts';
import type { LoadFigure, LoadReport } from '../workload/load.ts';
import { findAgent } from './agentSpec.ts';
import { findDefinition } from './definition.ts';
import { thisMachine } from './machine.ts';
import { journalFolder, newRunId, type RunnerOptions } from './options.ts';
import type { Phase } from './phases.ts';
import { planScenario } from './plan.ts';
import { playPlan } from './play.ts';
import { runbookRecords } from './runbook.ts';
import { TIMINGS } from './timings.ts';
import { verdictOf } from './verdict.ts';
import { Watch } from './watch.ts';
import { readWorkspace, type Workspace } from './workspace.ts';

/**
 * Runs a scenario. Rejects with CancelledError when stopped and with HumanError for what cannot be planned; every other end
 * is a verdict. When it settles, nothing that it started is left.
 */
export async function runScenario(options: RunnerOptions, request: ScenarioRequest): Promise<ScenarioRun> {
  const timings = { ...TIMINGS, ...options.timings };
  const workspace = await readWorkspace(options.root);
  const definition =
    request.definition === undefined
      ? findDefinition(workspace, request.scenario)
      : { file: undefined, scenario: request.definition };
  const plan = planScenario(workspace, definition, request, thisMachine(), timings);
  const started = new Date();
  const run = newRunId(started);
  const frame = emptyRun(plan, run, started);
  const spec = await findAgent(options.root, workspace.config);
  const missing = plan.notRun ?? ('missing' in spec ? spec.missing : undefined);
  if (missing !== undefined || 'missing' in spec) return notRun(frame, plan, missing ?? '');

  const say = (phase: Phase, message: string) => request.onProgress?.(message === '' ? phase : `${phase}: ${message}`);
  const results = `${workspace.config.paths.e2e}/results/${plan.scenario}`;
  const folder = join(options.root, results, run);
  const scratch = join(journalFolder(options.root), run);
  await repairOld(options.root, say);
  const journal = await Journal.create(journalFolder(options.root), run);
  journal.owe({ kind: 'folder', path: scratch });
  // A run that is stopped or killed leaves no half of its results behind.
  const folderDebt = journal.owe({ kind: 'folder', path: folder });
  const watch = new Watch(request.signal);
  const acts: ActJudgement[] = [];
  let broken: unknown;
  let result = frame;
  try {
    await playPlan(
      { runner: options, workspace, plan, spec, timings, folder, scratch, journal, watch, say },
      async (act, phases) => {
        phases.enter('judge');
        acts.push(
          await judgeAct(act, {
            root: options.root,
            plan,
            intervalMs: spec.interval_seconds * 1000,
            eventSeconds: timings.eventSeconds,
            shortestCpuSeconds: timings.shortestCpuSeconds,
          }),
        );
      },
    );
    watch.check();
  } catch (error) {
    broken = watch.causeOf(error);
  }
  try {
    if (broken instanceof CancelledError || (broken !== undefined && !(broken instanceof HumanError))) throw broken;
    result = await finish(frame, { plan, workspace, acts, broken, folder, started });
    say('report', `${results}/${run}`);
    result = await writeReports({ root: options.root, results, run: result, plan, acts });
    journal.forgive(folderDebt);
  } finally {
    say('tear down', 'give back what the run took');
    const repair = await journal.close();
    await rm(scratch, { recursive: true, force: true });
    for (const failure of repair.failures) request.onProgress?.(`tear down: ${failure}`);
    if (repair.failures.length > 0) {
      result = { ...result, verdict: 'error', reason: `The run could not give everything back: ${repair.failures[0]}` };
    }
  }
  return result;
}

interface Outcome {
  readonly plan: ScenarioPlan;
  readonly workspace: Workspace;
  readonly acts: readonly ActJudgement[];
  readonly broken: unknown;
  readonly folder: string;
  readonly started: Date;
}

async function finish(
  frame: ScenarioRun,
  { plan, workspace, acts, broken, folder, started }: Outcome,
): Promise<ScenarioRun> {
  const workloads = acts.filter(({ act }) => act.load !== undefined && act.steps.length === 0);
  const values = combineReplicates(workloads.map((judged) => judged.values));
  const faults = acts.flatMap((judged) => judged.faults);
  const runbook = await runbookRecords(workspace.root, workspace.config.paths.docs, plan.runbookSections);
  const steps = [...acts.flatMap(({ act }) => act.steps), ...runbook];
  const goals = goalResults(plan, workspace.config.goals, { values, faults, steps });
  const load = worstLoad(workloads.flatMap(({ act }) => act.load ?? []));
  const problems = acts.flatMap((judged) => judged.act.problems);
  const missedLoad = load === undefined || load.held ? undefined : loadText(load);
  const judged = verdictOf(plan, { values, faults, steps, goals, problems, missedLoad });
  const { verdict, reason } = broken === undefined ? judged : brokenVerdict(broken);
  const issues = [
    ...(broken === undefined ? [] : [issueOf(plan, broken instanceof HumanError ? broken.code : 'e2e.broken', reason)]),
    ...acts.flatMap((each) => each.problems.map((text) => issueOf(plan, 'e2e.finding', text))),
    ...plan.limits
      .filter(({ kpi }) => broken === undefined && !values.some(({ name }) => name === kpi))
      .map(({ kpi }) => issueOf(plan, 'e2e.not-measured', `${kpi} has a limit, but was not measured.`)),
  ];
  return {
    ...frame,
    verdict,
    reason,
    load: load && { asked: load.asked, achieved: load.achieved, unit: load.unit },
    kpis: values,
    faults,
    steps,
    controlEvents: acts.find((each) => each.controlEvents !== undefined)?.controlEvents,
    goals: broken === undefined ? goals : goals.map((goal) => ({ ...goal, verdict, text: reason })),
    trends: workloads.flatMap(({ subjects }) => subjects.flatMap(({ trends }) => trends)),
    platforms: platformResults(plan, verdict, reason),
    notes: acts[0]?.notes ?? [],
    issues,
    artifacts: acts.flatMap(({ act }) => rawFiles(act, workspace.root)),
    report: shown(workspace.root, folder),
    durationMs: Date.now() - started.getTime(),
  };
}

/** The figure that was not held, else the one that the workload is about. */
function worstLoad(loads: readonly LoadReport[]): LoadFigure | undefined {
  const figures = loads.flatMap((load) => load.figures);
  const none: LoadFigure = { name: 'live_processes', unit: 'processes', asked: 0, achieved: 0, worst: 0, held: false };
  if (loads.some((load) => load.figures.length === 0)) return none;
  return figures.find(({ held }) => !held) ?? figures[0];
}

function loadText({ name, asked, achieved, unit }: LoadFigure): string {
  return `${name} ${achieved.toPrecision(4)} of ${asked.toPrecision(4)} ${unit}`;
}

function rawFiles(act: ActJudgement['act'], root: string): string[] {
  const files = [
    act.ledger,
    act.received.otelcol,
    act.received.sketches,
    ...act.subjects.flatMap(({ profileFile, looksFile, agent }) => [
      profileFile,
      looksFile,
      join(agent.folder, 'agent.log'),
    ]),
  ];
  return files.flatMap((file) => (file === undefined ? [] : [shown(root, file)]));
}

/** What the machine lacks leaves nothing measured; what the subject does wrong is an error of the run. */
function brokenVerdict(error: unknown): { readonly verdict: Verdict; readonly reason: string } {
  const hint = error instanceof HumanError && error.hint !== undefined ? ` ${error.hint}` : '';
  return { verdict: error instanceof EnvironmentError ? 'not-run' : 'error', reason: errorMessage(error) + hint };
}

function platformResults(plan: ScenarioPlan, verdict: Verdict, reason: string): PlatformResult[] {
  return [
    { platform: plan.machine, verdict, reason },
    ...plan.platforms
      .filter(({ runs }) => !runs)
      .map(({ name, reason: why }): PlatformResult => ({ platform: name, verdict: 'not-run', reason: why })),
  ];
}

function emptyRun(plan: ScenarioPlan, run: string, started: Date): ScenarioRun {
  return {
    scenario: plan.scenario,
    run,
    verdict: 'not-run',
    reason: '',
    seed: plan.seed,
    load: undefined,
    kpis: [],
    faults: [],
    steps: [],
    controlEvents: undefined,
    issues: [],
    report: undefined,
    artifacts: [],
    startedAt: started.toISOString(),
    durationMs: 0,
  };
}

function notRun(frame: ScenarioRun, plan: ScenarioPlan, reason: string): ScenarioRun {
  const names = plan.platforms.length === 0 ? [plan.machine] : plan.platforms.map(({ name }) => name);
  return { ...frame, reason, platforms: names.map((platform) => ({ platform, verdict: 'not-run', reason })) };
}

function issueOf({ file }: ScenarioPlan, code: string, message: string): Issue {
  return { code, severity: 'error', message, file: file ?? 'infrabuilder.yaml', range: FILE_START };
}

/** What an earlier run left when it was killed is given back before a new one starts. */
async function repairOld(root: string, say: (phase: Phase, message: string) => void): Promise<void> {
  for (const { run, state, failures } of await resolveAll(journalFolder(root))) {
    if (state === 'repaired') say('set up', `repaired what run ${run} left`);
    else if (state === 'failed') say('set up', `run ${run} left something: ${failures[0] ?? ''}`);
  }
}

function shown(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}
