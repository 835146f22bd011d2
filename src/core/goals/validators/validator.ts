import type { Checks } from '../../checks/checks.ts';
import type { Evidence } from '../../evidence/store.ts';
import type { MeasuredValue } from '../../model/check.ts';
import type { Config } from '../../model/config.ts';
import type { Goal, GoalKind, GoalOf } from '../../model/goal.ts';
import type { Issue } from '../../model/issue.ts';
import { FILE_START, type Location } from '../../model/source.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { Files, Scenarios, WorkTree } from '../../ports.ts';
import type { Snapshot } from '../../project/snapshot.ts';
import type { Inputs } from '../inputs.ts';
import type { Facts, Step } from '../step.ts';

/** A conformance scan as goals see it; the engine passes one in, because features do not import each other. */
export interface ConformanceFinding {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly files: number;
  readonly rules: readonly { readonly id: string; readonly verdict: string; readonly open: number }[];
  /** Violations that do not count, and by what. */
  readonly accepted: readonly {
    readonly accepted: { readonly by: 'baseline' } | { readonly by: 'deviation'; readonly id: string };
  }[];
  readonly issues: readonly Issue[];
}

/** A read of the runbook against the source, passed in by the engine for the same reason. */
export interface RunbookFinding {
  readonly values: readonly MeasuredValue[];
  readonly issues: readonly Issue[];
}

export interface RunbookAnalysis {
  /** Whether each feature is documented in its place, and nothing else is. Undefined where there is no runbook. */
  parity(goal: GoalOf<'docs-parity'>, snapshot: Snapshot): Promise<RunbookFinding | undefined>;
  /** Whether each entry has its five parts and names what it covers. Undefined where there is no runbook. */
  structure(goal: GoalOf<'runbook'>, snapshot: Snapshot): Promise<RunbookFinding | undefined>;
}

export interface ValidatorPorts {
  readonly files: Files;
  readonly checks: Checks;
  readonly tree: WorkTree;
  readonly runbook: RunbookAnalysis;
  readonly evidence: (snapshot: Snapshot) => Evidence;
  readonly scenarios?: Scenarios | undefined;
  readonly conformance?:
    | ((snapshot: Snapshot, signal: AbortSignal | undefined) => Promise<ConformanceFinding>)
    | undefined;
}

export interface StepContext {
  readonly ports: ValidatorPorts;
  readonly snapshot: Snapshot;
  readonly config: Config;
  readonly inputs: Inputs;
}

/** How a kind of goal is measured and judged. A new kind is a file beside this one and a line in `index.ts`. */
export interface Validator<K extends GoalKind> {
  /** The steps that must be fresh, in the order in which a person would take them. */
  steps(goal: GoalOf<K>, context: StepContext): readonly Step[];
  /** Judges by the facts of those steps, in the same order; undefined for a step without any. */
  judge(goal: GoalOf<K>, facts: readonly (Facts | undefined)[]): Judgement;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly values: readonly MeasuredValue[];
  readonly issues: readonly Issue[];
}

/** For goals that one step of their own decides. */
export function ownVerdict(facts: Facts | undefined): Judgement {
  if (facts === undefined) return { verdict: 'not-run', reason: 'Nothing was measured yet.', values: [], issues: [] };
  const { verdict, reason, values, issues } = facts;
  return { verdict, reason, values, issues };
}

/** Where a goal is defined, for problems that belong to no other file. */
export function goalPlace(goal: Goal, { configFile, config, source }: Snapshot): Location {
  const parsed = configFile === undefined ? undefined : source(configFile)?.parsed;
  if (configFile === undefined || parsed === undefined) return { file: 'infrabuilder.yaml', range: FILE_START };
  return { file: configFile, range: parsed.locate(['goals', config.goals.indexOf(goal), 'id']) };
}
