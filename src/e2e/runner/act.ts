import { join } from 'node:path';
import type { PlannedFault } from '../../core/model/scenarioPlan.ts';
import type { StepRecord } from '../../core/model/scenarioRun.ts';
import { FaultController, type FaultRecord } from '../chaos/controller.ts';
import { runSchedule } from '../chaos/schedule.ts';
import { fetchProfile } from '../profiling/pprof/fetch.ts';
import { type ProfileTop, topFunctions } from '../profiling/pprof/top.ts';
import type { Journal } from '../reap/journal.ts';
import type { LoadReport } from '../workload/load.ts';
import type { WorkloadPlan } from '../workload/plan.ts';
import { followFaults, type PhaseMachine } from './phases.ts';
import type { Stage } from './stage.ts';
import type { Subject } from './subject.ts';
import type { Watch } from './watch.ts';

/** Raw result of one life of the agents, before anything is judged. */
export interface Act {
  readonly name: string;
  /** Absolute folder of the raw data. */
  readonly folder: string;
  readonly subjects: readonly Subject[];
  readonly control: Subject | undefined;
  /** The window, in milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly faults: readonly FaultRecord[];
  readonly steps: readonly StepRecord[];
  readonly load: LoadReport | undefined;
  readonly ledger: string | undefined;
  readonly received: { readonly otelcol: string; readonly sketches: string; readonly control: string | undefined };
  readonly problems: readonly string[];
  readonly profiles: readonly ProfileTop[];
}

export interface ActContext {
  readonly name: string;
  readonly folder: string;
  readonly stage: Stage;
  readonly journal: Journal;
  readonly phases: PhaseMachine;
  readonly watch: Watch;
  readonly warmUpSeconds: number;
  readonly tool: string;
  readonly say: (message: string) => void;
}

const PROFILE_SECONDS = 3;
const MOST_FUNCTIONS = 15;

/** A workload for a window, with faults in it. */
export async function playWorkload(
  context: ActContext,
  workload: WorkloadPlan,
  windowSeconds: number,
  faults: readonly PlannedFault[],
): Promise<Act> {
  const { stage, phases, watch, say } = context;
  phases.enter('start', `${workload.workload}: ${workload.processes.length} processes`);
  const running = await stage.startWorkload(workload, context.tool);
  await stage.startAgents();
  phases.enter('warm up', `${context.warmUpSeconds} s`);
  await watch.sleep(context.warmUpSeconds * 1000);
  const from = Date.now();
  const windowMs = windowSeconds * 1000;
  const first = faults[0]?.atSeconds;
  phases.enter('steady state', `${first ?? windowSeconds} s of a window of ${windowSeconds} s`);
  const beat = setInterval(() => say(progressText(running.points.at(-1), from, windowMs)), PROGRESS_MS);
  const controller = new FaultController(stage.targets, context.journal);
  const follow = followFaults(phases, faults.length);
  controller.changed.on((record) => {
    follow(record);
    say(faultText(record));
  });
  let records: readonly FaultRecord[] = [];
  try {
    if (faults.length === 0) await watch.sleep(windowMs);
    else {
      records = await runSchedule(
        controller,
        faults.map((fault) => ({
          type: fault.type,
          target: fault.target,
          params: fault.params,
          atMs: fault.atSeconds * 1000,
          ...(fault.durationSeconds !== undefined && { durationMs: fault.durationSeconds * 1000 }),
        })),
        { endMs: windowMs, signal: watch.signal },
      );
    }
  } catch (error) {
    throw watch.causeOf(error);
  } finally {
    clearInterval(beat);
  }
  return collect(context, { from, to: Date.now(), faults: records, steps: [] });
}

const PROGRESS_MS = 15_000;

function progressText(
  point: { readonly live: number; readonly churned: number } | undefined,
  from: number,
  windowMs: number,
): string {
  const seconds = Math.round((Date.now() - from) / 1000);
  const load = point === undefined ? '' : `, ${point.live} processes live, ${point.churned} came and went`;
  return `${seconds} of ${Math.round(windowMs / 1000)} s${load}`;
}

function faultText({ id, target, state, proof, recoveryMs, reason }: FaultRecord): string {
  if (state === 'active' && proof === undefined) return `${id} hits ${target}`;
  if (state === 'active') return `${id} is proven: ${proof?.observed}`;
  if (state === 'resolved') return `${id} is over; ${target} was well after ${recoveryMs ?? 0} ms`;
  return `${id}: ${state}: ${reason ?? ''}`;
}

/** Ends an act: takes profiles where they are offered, stops everything and says what is there. */
export async function collect(
  { name, folder, stage, phases, watch }: ActContext,
  played: Pick<Act, 'from' | 'to' | 'faults' | 'steps'>,
): Promise<Act> {
  phases.enter('collect');
  const profiles = await takeProfiles(stage.subjects, watch);
  watch.check();
  for (const { agent } of stage.subjects) if (agent.child.exit !== undefined) throw agent.ended();
  const load = stage.workload?.load(played.from, played.to);
  const problems = await stage.stop();
  for (const { agent } of stage.subjects) {
    if (agent.floods()) problems.push(`The ${agent.name} floods its log: ${agent.logBytes} bytes.`);
  }
  return {
    name,
    folder,
    subjects: stage.subjects,
    control: stage.control,
    ...played,
    load,
    ledger: stage.workload?.ledger,
    received: {
      otelcol: stage.otelcol.file,
      sketches: stage.sketches.file,
      control: stage.control && join(folder, 'control-otelcol', 'received.jsonl'),
    },
    problems,
    profiles,
  };
}

async function takeProfiles(subjects: readonly Subject[], watch: Watch): Promise<ProfileTop[]> {
  const url = subjects[0]?.agent.pprof;
  if (url === undefined) return [];
  const tops: ProfileTop[] = [];
  for (const kind of ['profile', 'heap'] as const) {
    try {
      const profile = await fetchProfile({ url, kind, seconds: PROFILE_SECONDS, signal: watch.signal });
      const top = topFunctions(profile, MOST_FUNCTIONS, kind === 'heap' ? 'inuse_space' : undefined);
      if (top !== undefined) tops.push(top);
    } catch {
      // An agent need not offer every kind; the report shows those that came.
    }
  }
  return tops;
}
