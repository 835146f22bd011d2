import { CancelledError, errorMessage, HumanError, throwIfCancelled } from '../base/errors.ts';
import type { Checkpoint, CheckpointProgress } from '../goals/checkpoint.ts';
import type { GoalState } from '../goals/goalState.ts';
import type { Step } from '../goals/step.ts';
import type { Goal, GoalOf } from '../model/goal.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Clock } from '../ports.ts';
import type { Snapshot } from '../project/snapshot.ts';
import type { Bench } from './bench.ts';
import { builtInDefects } from './builtin/index.ts';
import { declaredDefects } from './declared.ts';
import { type Defect, isPlantable, type PlantedFile, type Unplantable } from './defect.ts';
import { plant } from './plant.ts';
import {
  type CanaryResult,
  judge,
  measuredText,
  type Seen,
  switchedOff,
  unplantable,
  withoutCanary,
} from './result.ts';
import { shorten } from './shorten.ts';

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** A line for the person who waits. */
  readonly onProgress?: ((message: string) => void) | undefined;
}

/** Verdicts without a defect, by goal and by step. */
export type Known = ReadonlyMap<string, Verdict>;

export function knownOf({ goals, states }: Checkpoint, isKnown: (state: GoalState) => boolean): Known {
  const steps = states.flatMap(({ step, fresh }) =>
    fresh === undefined ? [] : [[step.id, fresh.statement.predicate.verdict] as const],
  );
  return new Map([...goals.filter(isKnown).map(({ goal, verdict }) => [goal.id, verdict] as const), ...steps]);
}

/** Plants one defect after another in a copy. */
export class Run {
  readonly #bench: Bench;
  readonly #clock: Clock;
  readonly #options: RunOptions;

  /** `bench`: the copy. */
  constructor(bench: Bench, clock: Clock, options: RunOptions) {
    this.#bench = bench;
    this.#clock = clock;
    this.#options = options;
  }

  /** `evidence`: what the workspace's own evidence says of these very files. */
  async all(goals: readonly Goal[], evidence: Known): Promise<CanaryResult[]> {
    const snapshot = await this.#snapshot();
    const planned = await this.#plan(
      goals.filter(({ applies }) => applies !== false),
      snapshot,
    );
    const known = new Map([...evidence, ...(await this.#controls(planned.filter(isPlantable), evidence, snapshot))]);
    const results: CanaryResult[] = [];
    for (const goal of goals) {
      if (goal.applies === false) {
        results.push(switchedOff(goal));
        continue;
      }
      const own = planned.filter((one) => one.goal === goal.id);
      for (const one of own) {
        results.push(isPlantable(one) ? await this.#measure(goal, one, known, snapshot) : unplantable(one));
      }
      if (own.length === 0) results.push(withoutCanary(goal));
    }
    return results;
  }

  async #plan(goals: readonly Goal[], snapshot: Snapshot): Promise<(Defect | Unplantable)[]> {
    const bench = this.#bench;
    const subject = {
      snapshot,
      files: bench.files,
      tree: bench.tree,
      features: (goal: GoalOf<'docs-parity'>) => bench.features(snapshot, goal),
      trespass: () => bench.trespass(),
    };
    const declared = await declaredDefects(snapshot, new Set(goals.map(({ id }) => id)), bench.files);
    const found: (Defect | Unplantable)[] = [];
    for (const goal of goals) {
      throwIfCancelled(this.#options.signal);
      const own = declared.filter((one) => one.goal === goal.id);
      const builtIn = await builtInDefects(goal, subject);
      // What a project declares stands in for what cannot be derived from it.
      found.push(...builtIn.filter((one) => isPlantable(one) || own.length === 0), ...own);
    }
    return found;
  }

  /**
   * Goals without a defect. Evidence of the workspace will do, but not where a defect runs in a shorter scenario: that the
   * shorter one is green has to be seen too. Goals that ask for the same scenario files are measured together.
   */
  async #controls(defects: readonly Defect[], evidence: Known, snapshot: Snapshot): Promise<Known> {
    const groups = new Map<string, { readonly files: PlantedFile[]; readonly defects: Defect[] }>();
    for (const id of new Set(defects.map(({ goal }) => goal))) {
      const own = defects.filter(({ goal }) => goal === id);
      const files = await this.#shortened(own, snapshot);
      if (evidence.has(id) && files.length === 0) continue;
      const key = JSON.stringify(files);
      const group = groups.get(key) ?? { files, defects: [] };
      group.defects.push(...own);
      groups.set(key, group);
    }
    let known: Known = new Map();
    for (const group of groups.values()) known = new Map([...known, ...(await this.#control(group))]);
    return known;
  }

  /** Of the goals' scenarios only those that the defects concern are run. */
  async #control({ files, defects }: { readonly files: PlantedFile[]; readonly defects: Defect[] }): Promise<Known> {
    const paths = defects.filter(({ step }) => step === undefined).flatMap(pathsOf);
    const restore = await plant(this.#bench.files, files);
    try {
      const checkpoint = await this.#bench.goals.verify(await this.#snapshot(), {
        goals: [...new Set(defects.map(({ goal }) => goal))],
        measure: (step) => !step.id.startsWith('scenario:') || touches(step, paths),
        signal: this.#options.signal,
        onProgress: this.#progress('without a defect'),
      });
      return knownOf(checkpoint, () => true);
    } finally {
      await restore();
    }
  }

  async #measure(goal: Goal, defect: Defect, known: Known, snapshot: Snapshot): Promise<CanaryResult> {
    const { title, origin, shows, step, durationSeconds } = defect;
    const before = known.get(goal.id);
    const begun = this.#clock.monotonic();
    this.#options.onProgress?.(`${goal.id}: plant ${title}`);
    const isShortened = durationSeconds !== undefined && 'scenario' in goal;
    const common = {
      goal: goal.id,
      defect: title,
      origin,
      files: pathsOf(defect),
      scenario: isShortened ? { name: goal.scenario, seconds: durationSeconds } : undefined,
      before,
    };
    const seconds = () => Math.round((this.#clock.monotonic() - begun) / 100) / 10;
    let restore: (() => Promise<void>) | undefined;
    try {
      restore = await plant(this.#bench.files, [...defect.files, ...(await this.#shortened([defect], snapshot))]);
      let seen = await this.#look(goal, defect);
      // What a busy machine spoils is tried once more: a second run is cheaper than a self-test that proves nothing.
      if (seen.verdict === 'inconclusive') seen = await this.#look(goal, defect, true);
      const { verdict, reason } = seen;
      const judged = judge(shows, { goal: before, step: known.get(step ?? '') }, seen);
      return { ...common, verdict, reason, measured: measuredText(seen), seconds: seconds(), ...judged };
    } catch (error) {
      if (error instanceof CancelledError || !(error instanceof HumanError)) throw error;
      const reason = errorMessage(error);
      const note = 'the defect could not be measured';
      return { ...common, verdict: 'error', reason, measured: '', seconds: seconds(), result: 'broken', note };
    } finally {
      await restore?.();
    }
  }

  async #look(goal: Goal, defect: Defect, force = false): Promise<Seen> {
    const { step: only, title } = defect;
    const paths = pathsOf(defect);
    const isAsked = (step: Step) => (only === undefined ? touches(step, paths) : step.id === only);
    const { goals, states } = await this.#bench.goals.verify(await this.#snapshot(), {
      goals: [goal.id],
      measure: isAsked,
      force,
      signal: this.#options.signal,
      onProgress: this.#progress(title),
    });
    const [state] = goals;
    if (state === undefined) throw new HumanError('canary.no-goal', `With the defect there is no goal ${goal.id}.`);
    const asked = states.filter(({ step }) => isAsked(step));
    const facts = asked.map(({ fresh }) => fresh?.statement.predicate);
    const others = states.length > asked.length;
    return {
      verdict: state.verdict,
      reason: others ? facts.map((fact) => fact?.reason ?? '').join(' ') : state.reason,
      values: others ? facts.flatMap((fact) => fact?.values ?? []) : state.values,
      issues: others ? facts.flatMap((fact) => fact?.issues ?? []) : state.issues,
      steps: facts.map((fact) => fact?.verdict ?? 'not-run'),
      others,
    };
  }

  /** Scenario files as the defects of one goal ask for them; the longest wish counts. */
  async #shortened(defects: readonly Defect[], snapshot: Snapshot): Promise<PlantedFile[]> {
    const wishes = defects.flatMap(({ durationSeconds }) => durationSeconds ?? []);
    const goal = snapshot.goal(defects[0]?.goal ?? '');
    const scenario = goal !== undefined && 'scenario' in goal ? snapshot.scenario(goal.scenario) : undefined;
    if (wishes.length === 0 || scenario === undefined) return [];
    const { file, value } = scenario;
    const text = await this.#bench.files.read(file);
    return text === undefined ? [] : [{ file, content: shorten(text, value, Math.max(...wishes)) }];
  }

  async #snapshot(): Promise<Snapshot> {
    this.#bench.project.update();
    return this.#bench.project.snapshot();
  }

  #progress(what: string): (progress: CheckpointProgress) => void {
    const { onProgress: say } = this.#options;
    return (progress) => {
      if (progress.kind === 'started') say?.(`${progress.step}, ${what}: started`);
      else if (progress.kind === 'waiting') say?.(progress.text);
      else if (progress.kind === 'message') say?.(`${progress.step}: ${progress.text}`);
      else if (progress.kind === 'finished')
        say?.(`${progress.step}, ${what}: ${progress.verdict}. ${progress.reason}`);
    };
  }
}

function pathsOf({ files }: Defect): string[] {
  return files.map(({ file }) => file);
}

function touches({ inputs }: Step, paths: readonly string[]): boolean {
  return inputs.some((group) => paths.some((path) => group.matches(path)));
}
