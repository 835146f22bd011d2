import type { MeasuredEntry } from '../evidence/store.ts';
import { type Checkpoint, type CheckpointOptions, type CheckpointPorts, runCheckpoint } from '../goals/checkpoint.ts';
import type { StepState } from '../goals/survey.ts';
import { taskEvents } from '../goals/taskLog.ts';
import { checkStep } from '../goals/validators/checks.ts';
import { scenarioStep } from '../goals/validators/scenario.ts';
import type { StepContext } from '../goals/validators/validator.ts';
import type { Milestone } from '../model/milestone.ts';
import { WORKLOADS } from '../model/scenario.ts';
import type { Task, TaskStatus } from '../model/task.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { soakSteps } from './soak.ts';

/** The project with all that evidence says about it. */
export interface ProjectState {
  readonly snapshot: Snapshot;
  /** With their status as it is, or as it is about to be. */
  readonly tasks: readonly Task[];
  readonly checkpoint: Checkpoint;
  /** Path -> when it was first committed. */
  readonly committed: ReadonlyMap<string, string>;
  step(id: string): StepState | undefined;
  /** When the task was done, as evidence says; undefined where it is not, or where nobody recorded it. */
  doneAt(slug: string): string | undefined;
}

export interface StateOptions extends CheckpointOptions {
  /** A task that is to be seen as done, or as no longer done, because it is about to be, with the time. */
  readonly turning?: { readonly slug: string; readonly status: TaskStatus; readonly at: string };
  /** Steps to measure beside those of goals; by default none is measured, whatever `measure` says of goals. */
  readonly only?: (id: string) => boolean;
}

/** Looks at evidence and history once. Measures nothing unless `measure` is true. */
export async function projectState(
  ports: CheckpointPorts,
  snapshot: Snapshot,
  { turning, only, ...options }: StateOptions = {},
): Promise<ProjectState> {
  const measuring = options.measure === true;
  const extra = (context: StepContext) => allSteps(context).filter(({ id }) => only?.(id) ?? true);
  if (measuring) await runCheckpoint(ports, snapshot, { goals: [], extra }, options);
  const lookAt = (context: StepContext) => {
    const soaked = new Set([...scenarioNames(context), ...WORKLOADS]);
    return [...allSteps(context), ...soakSteps(soaked, context)];
  };
  const scope = { goals: snapshot.goals, extra: lookAt };
  const [checkpoint, committed] = await Promise.all([
    runCheckpoint(ports, snapshot, scope, { ...options, measure: false }),
    ports.tree.firstCommitted(snapshot.config.paths.tasks),
  ]);
  const byId = new Map(checkpoint.states.map((state) => [state.step.id, state]));
  return {
    snapshot,
    tasks: snapshot.tasks.map((task) => (task.slug === turning?.slug ? { ...task, status: turning.status } : task)),
    checkpoint,
    committed,
    step: (id) => byId.get(id),
    doneAt(slug) {
      if (slug === turning?.slug) return turning.status === 'done' ? turning.at : undefined;
      const last = taskEvents(checkpoint.survey.ledger, slug).at(-1)?.statement.predicate;
      return last?.event === 'done' ? last.started : undefined;
    },
  };
}

/** Every scenario and every check of the workspace, and what milestones name. */
function allSteps(context: StepContext) {
  return [
    ...Object.keys(context.config.checks).map((name) => checkStep(name, context)),
    ...scenarioNames(context).map((name) => scenarioStep(name, context)),
  ];
}

function scenarioNames({ snapshot }: StepContext): string[] {
  const verified = snapshot.milestones.flatMap(({ verify }) =>
    verify !== undefined && 'scenario' in verify ? [verify.scenario] : [],
  );
  const named = snapshot.tasks.flatMap((task) => task.scenarios);
  return [...new Set([...snapshot.scenarios.map(({ value }) => value.name), ...verified, ...named])].sort();
}

/** The step that verifies a milestone; undefined where nothing does. */
export function milestoneStep({ verify }: Milestone): string | undefined {
  if (verify === undefined) return undefined;
  return 'scenario' in verify ? `scenario:${verify.scenario}` : `check:${verify.check}`;
}

export function startedOf(entry: MeasuredEntry | undefined): string | undefined {
  return entry?.statement.predicate.started;
}
