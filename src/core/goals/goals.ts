import { HumanError } from '../base/errors.ts';
import type { Goal } from '../model/goal.ts';
import type { Task } from '../model/task.ts';
import { closest } from '../parse/suggest.ts';
import type { Snapshot } from '../project/snapshot.ts';
import {
  type Checkpoint,
  type CheckpointOptions,
  type CheckpointPorts,
  runCheckpoint,
  type Scope,
} from './checkpoint.ts';
import type { Step } from './step.ts';
import { checkStep } from './validators/checks.ts';
import { scenarioStep } from './validators/scenario.ts';
import type { StepContext } from './validators/validator.ts';

export interface CheckpointRequest extends CheckpointOptions {
  /** Only these goals. */
  readonly goals?: readonly string[] | undefined;
  /** The goals that this task names, and what its acceptance lines are bound to. */
  readonly task?: Task | undefined;
}

/** Verifies goals: by what was measured where that is fresh, else by measuring. */
export interface Goals {
  verify(snapshot: Snapshot, request?: CheckpointRequest): Promise<Checkpoint>;
}

export function createGoals(ports: CheckpointPorts): Goals {
  return {
    verify: (snapshot, request = {}) => runCheckpoint(ports, snapshot, scopeOf(snapshot, request), request),
  };
}

function scopeOf(snapshot: Snapshot, { goals: ids, task }: CheckpointRequest): Scope {
  // A task that names no goal is guarded by all of them.
  const asked = [...(ids ?? []), ...(task?.goals ?? [])];
  const named = asked.length === 0 ? undefined : new Set(asked);
  for (const id of named ?? []) if (snapshot.goal(id) === undefined) throw unknownGoal(id, snapshot);
  const goals: readonly Goal[] = snapshot.goals.filter(({ id }) => named === undefined || named.has(id));
  return task === undefined ? { goals } : { goals, extra: (context) => taskSteps(task, context) };
}

/** The scenarios that a task names, and the checks and scenarios that its acceptance lines speak of. */
export function taskSteps(task: Task, context: StepContext): Step[] {
  const { snapshot, config } = context;
  const words = new Set(task.acceptance.flatMap(({ text }) => text.split(/[^\w-]+/)));
  const scenarios = new Set([
    ...task.scenarios,
    ...snapshot.scenarios.map(({ value }) => value.name).filter((name) => isSpecific(name) && words.has(name)),
  ]);
  const checks = Object.keys(config.checks).filter((name) => words.has(name));
  return [
    ...checks.map((name) => checkStep(name, context)),
    ...[...scenarios].map((name) => scenarioStep(name, context)),
  ];
}

/** `standard` is a word of every sentence; a scenario of that name counts where the task lists it. */
function isSpecific(name: string): boolean {
  return /[_-]/.test(name);
}

function unknownGoal(id: string, snapshot: Snapshot): HumanError {
  const ids = snapshot.goals.map((goal) => goal.id);
  const like = closest(id, ids);
  const hint = `${like === undefined ? '' : `Did you mean ${like}? `}The goals are: ${ids.join(', ')}.`;
  return new HumanError('goal.unknown', `No goal is called ${id}.`, hint);
}
