import { CancelledError, errorMessage, HumanError, throwIfCancelled } from '../base/errors.ts';
import { changedResources, InputDigests } from '../evidence/inputs.ts';
import type { Evidence, MeasuredEntry } from '../evidence/store.ts';
import { resultOf } from '../model/evidence.ts';
import type { Goal } from '../model/goal.ts';
import type { Issue } from '../model/issue.ts';
import type { Clock, Locks, Machine, WorkTree } from '../ports.ts';
import type { Snapshot } from '../project/snapshot.ts';
import { type GoalState, goalState } from './goalState.ts';
import { Inputs } from './inputs.ts';
import { type Facts, type Measured, notRun, type Step } from './step.ts';
import { isSettled, type StepState, type Survey, survey } from './survey.ts';
import { type WaiverEntry, waivers } from './taskLog.ts';
import { stepsOf } from './validators/index.ts';
import type { StepContext, ValidatorPorts } from './validators/validator.ts';

/** Checks beside each other; more would only make each slower. */
const MOST_AT_ONCE = 4;
/** Each has some hundred processes of its own. */
const MOST_SCENARIOS_AT_ONCE = 2;
const KEPT_ISSUES = 100;
/** What everything that measures under load holds while it does. */
export const MEASURING_LOCK = 'measuring';
export const LONG_WAIT = { waitMs: 3_600_000, reach: 'machine' } as const;
export const OTHERS_MEASURE = 'Another InfraBuilder measures on this machine; this one waits for its turn.';

export type CheckpointProgress =
  | { readonly kind: 'planned'; readonly measure: readonly string[]; readonly reuse: readonly string[] }
  | { readonly kind: 'started'; readonly step: string; readonly command: string }
  | { readonly kind: 'message'; readonly step: string; readonly text: string }
  | { readonly kind: 'waiting'; readonly text: string }
  | {
      readonly kind: 'finished';
      readonly step: string;
      readonly verdict: Measured['verdict'];
      readonly reason: string;
    };

export interface CheckpointOptions {
  /** Measures also what is fresh. */
  readonly force?: boolean | undefined;
  /** False to judge by evidence alone and measure nothing; a function to measure only some steps. */
  readonly measure?: boolean | ((step: Step) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: CheckpointProgress) => void) | undefined;
}

export interface Checkpoint {
  readonly goals: readonly GoalState[];
  /** Problems of the evidence as a whole: edited, missing, removed files. */
  readonly issues: readonly Issue[];
  readonly states: readonly StepState[];
  readonly survey: Survey;
}

export interface CheckpointPorts extends ValidatorPorts {
  readonly clock: Clock;
  readonly machine: Machine;
  readonly tree: WorkTree;
  readonly locks?: Locks | undefined;
}

/** What a checkpoint is about: goals, and steps beyond theirs, such as the scenarios of a task. */
export interface Scope {
  readonly goals: readonly Goal[];
  readonly extra?: (context: StepContext) => readonly Step[];
}

/** Which steps need a measurement. Pure: one step serves every goal that names it. */
export function planSteps(states: readonly StepState[], force: boolean): { measure: StepState[]; reuse: StepState[] } {
  const measure = states.filter((state) => force || !isSettled(state));
  return { measure, reuse: states.filter((state) => !measure.includes(state)) };
}

/**
 * Measures what is stale, writes evidence for each step as soon as it is there, and judges the goals. Checks run beside
 * each other, then scenarios that judge no resource, then the other measurements, one by one. Rejects with CancelledError when stopped; what was measured till then is kept, so that the
 * next checkpoint goes on from there.
 */
export async function runCheckpoint(
  ports: CheckpointPorts,
  snapshot: Snapshot,
  scope: Scope,
  options: CheckpointOptions = {},
): Promise<Checkpoint> {
  const evidence = ports.evidence(snapshot);
  const inputs = new Inputs(snapshot.config);
  const context: StepContext = { ports, snapshot, config: snapshot.config, inputs };
  const perGoal = scope.goals.map((goal) => ({ goal, steps: goal.applies === false ? [] : stepsOf(goal, context) }));
  const all = [...perGoal.flatMap(({ steps }) => steps), ...(scope.extra?.(context) ?? [])];
  const steps = [...new Map(all.map((step) => [step.id, step])).values()];
  let view = await survey({ evidence, tree: ports.tree, inputs });
  const live = new Map<string, Facts>();
  const { measure = true } = options;
  if (measure !== false) {
    const asked = measure === true ? steps : steps.filter(measure);
    const planned = planSteps(await Promise.all(asked.map((step) => view.state(step))), options.force === true);
    const ids = (states: readonly StepState[]) => states.map(({ step }) => step.id);
    options.onProgress?.({ kind: 'planned', measure: ids(planned.measure), reuse: ids(planned.reuse) });
    await new Measuring(ports, evidence, inputs, options, live).run(planned.measure);
    if (planned.measure.length > 0) view = await survey({ evidence, tree: ports.tree, inputs });
  }
  const states = await Promise.all(steps.map((step) => view.state(step)));
  const byId = new Map(states.map((state) => [state.step.id, state]));
  return {
    goals: perGoal.map((one) =>
      goalState(
        one.goal,
        one.steps.flatMap(({ id }) => byId.get(id) ?? []),
        live,
      ),
    ),
    issues: view.ledger.issues.map((issue) => withWaiver(issue, waivers(view.ledger))),
    states,
    survey: view,
  };
}

/** Names what a person may let pass: a problem of the evidence at a file. */
export function findingId({ code, file }: Issue): string {
  return `${code}:${file}`;
}

/** A problem that a person has let pass stays visible, with the name. */
function withWaiver(issue: Issue, waived: ReadonlyMap<string, WaiverEntry>): Issue {
  const waiver = waived.get(findingId(issue))?.statement.predicate;
  if (waiver === undefined || issue.severity !== 'error') return issue;
  return { ...issue, severity: 'warning', message: `${issue.message} Let pass by ${waiver.by}: ${waiver.reason}` };
}

class Measuring {
  readonly #ports: CheckpointPorts;
  readonly #evidence: Evidence;
  readonly #inputs: Inputs;
  readonly #options: CheckpointOptions;
  readonly #live: Map<string, Facts>;

  constructor(
    ports: CheckpointPorts,
    evidence: Evidence,
    inputs: Inputs,
    options: CheckpointOptions,
    live: Map<string, Facts>,
  ) {
    this.#ports = ports;
    this.#evidence = evidence;
    this.#inputs = inputs;
    this.#options = options;
    this.#live = live;
  }

  async run(states: readonly StepState[]): Promise<void> {
    const { cores } = await this.#ports.machine.facts();
    const group = (beside: Step['beside']) => states.filter(({ step }) => step.beside === beside);
    await this.#sideBySide(group('all'), Math.min(Math.max(cores, 1), MOST_AT_ONCE));
    const rest = [...group('scenarios'), ...group('nothing')];
    if (rest.length === 0) return;
    await this.#undisturbed(async () => {
      await this.#sideBySide(group('scenarios'), MOST_SCENARIOS_AT_ONCE);
      await this.#sideBySide(group('nothing'), 1);
    });
  }

  /** Two checkpoints, whatever their workspaces, would spoil each other's figures. */
  async #undisturbed(action: () => Promise<void>): Promise<void> {
    const { locks } = this.#ports;
    if (locks === undefined) return action();
    const { signal, onProgress } = this.#options;
    await locks.hold(MEASURING_LOCK, action, {
      ...LONG_WAIT,
      signal,
      onWait: () => onProgress?.({ kind: 'waiting', text: OTHERS_MEASURE }),
    });
  }

  /** Starts nothing more once one was stopped, and settles when all have. */
  async #sideBySide(states: readonly StepState[], most: number): Promise<void> {
    const queue = states.values();
    const workers = Array.from({ length: Math.min(most, states.length) }, async () => {
      for (const state of queue) await this.#measure(state);
    });
    const ended = await Promise.allSettled(workers);
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  }

  async #measure(state: StepState): Promise<void> {
    const { step } = state;
    const { signal, onProgress } = this.#options;
    throwIfCancelled(signal);
    onProgress?.({ kind: 'started', step: step.id, command: step.command });
    const startedAt = this.#ports.clock.now();
    const begun = this.#ports.clock.monotonic();
    const say = (text: string) => onProgress?.({ kind: 'message', step: step.id, text });
    const measured = await this.#attempt(step, say);
    throwIfCancelled(signal);
    const durationMs = Math.round(this.#ports.clock.monotonic() - begun);
    this.#live.set(step.id, measured);
    if (measured.ran) await this.#write(state, measured, startedAt, durationMs);
    onProgress?.({ kind: 'finished', step: step.id, verdict: measured.verdict, reason: measured.reason });
  }

  /** What a person can mend makes this one step an error, not the whole checkpoint. */
  async #attempt(step: Step, say: (text: string) => void): Promise<Measured> {
    try {
      return await step.measure({ signal: this.#options.signal, say });
    } catch (error) {
      if (error instanceof CancelledError || !(error instanceof HumanError)) throw error;
      const hint = error.hint === undefined ? '' : ` ${error.hint}`;
      return { ...notRun(`${errorMessage(error)}${hint}`), verdict: 'error' };
    }
  }

  async #write(state: StepState, measured: Measured, startedAt: Date, durationMs: number): Promise<MeasuredEntry> {
    const { machine, tree } = this.#ports;
    const { step, subject, configuration } = state;
    const changed = await this.#changedMeanwhile(state);
    const [facts, tools, commits] = await Promise.all([
      machine.facts(),
      machine.versions(measured.programs),
      tree.commits(this.#inputs.roots.slice(0, 2)),
    ]);
    const entry = await this.#evidence.append<'measurement'>({
      kind: 'measurement',
      label: step.id.replace(':', '-'),
      startedAt,
      subject: [...subject],
      raw: measured.raw,
      predicate: {
        result: resultOf(measured.verdict),
        configuration: [...configuration],
        step: step.id,
        verdict: measured.verdict,
        reason:
          changed.length === 0
            ? measured.reason
            : `${measured.reason} These changed while it ran: ${changed.join(', ')}.`,
        values: measured.values.filter(({ value }) => Number.isFinite(value)).map((value) => ({ ...value })),
        tests: measured.tests,
        issues: measured.issues
          .slice(0, KEPT_ISSUES)
          .map(({ code, severity, message, file, range }) => ({ code, severity, message, file, range })),
        scenario: measured.scenario,
        argv: [...measured.argv],
        cwd: measured.cwd,
        exitCode: measured.exitCode ?? null,
        command: step.command,
        tools: { ...tools },
        machine: { ...facts },
        commits: { ...commits },
        durationMs,
      },
    });
    return entry as MeasuredEntry;
  }

  /** Inputs that a run itself rewrites, or that somebody edits meanwhile, make its evidence stale at once. */
  async #changedMeanwhile({ step, subject }: StepState): Promise<string[]> {
    const now = await new InputDigests(await this.#ports.tree.list(this.#inputs.roots, this.#inputs.without)).of(
      step.inputs,
    );
    const names = new Set(now.map(({ name }) => name));
    return changedResources(
      subject.filter(({ name }) => names.has(name)),
      now,
    );
  }
}
