import type { Issue } from '../model/issue.ts';
import type { ScenarioRun } from '../model/scenarioRun.ts';
import type { Verdict } from '../model/verdict.ts';

/** Judges a replay from corpus and raw output; the measuring side implements it. */
export interface ReplayOracle {
  judge(request: { readonly corpus: string; readonly out: string }): Promise<OracleReport>;
}

/** Runs scenarios; the measuring side implements it. Nothing that a scenario starts outlives the call. */
export interface Scenarios {
  /**
   * Rejects with CancelledError when stopped, after tearing down, and with HumanError for what cannot be planned (an unknown
   * scenario, KPI, unit or fault); every other end is a verdict.
   */
  run(request: ScenarioRequest): Promise<ScenarioRun>;
}

export interface ScenarioRequest {
  /** Name of a scenario of the workspace, or of a workload. */
  readonly scenario: string;
  /** Runs this in place of the workspace's file. */
  readonly definition?: import('../model/scenario.ts').Scenario | undefined;
  /** `linux`, `linux-5.10`, `windows`: what this machine is not is not run. */
  readonly platform?: string | undefined;
  readonly seed?: number | undefined;
  /** Only what this goal needs. */
  readonly goal?: string | undefined;
  readonly durationSeconds?: number | undefined;
  readonly replicates?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((message: string) => void) | undefined;
}

/** What else the measuring side does. */
export interface Measuring extends Scenarios {
  /** Computes what a run would do; starts nothing. Throws HumanError for what cannot be planned. */
  plan(request: ScenarioRequest): Promise<import('../model/scenarioPlan.ts').ScenarioPlan>;
  /** Gives back what runs that crashed have left; those that still run are left alone. */
  resolveAll(): Promise<readonly RunRepair[]>;
  /** Measures a process and all that it starts. */
  profile(request: ProfileOrder): Promise<ProfileAnswer>;
}

export interface RunRepair {
  readonly run: string;
  readonly state: 'in-use' | 'repaired' | 'failed';
  /** What was given back, such as `process agent (4711)`. */
  readonly settled: readonly string[];
  /** Processes that were found by the run's mark alone. */
  readonly strays: number;
  readonly failures: readonly string[];
}

export interface ProfileOrder {
  readonly pid: number;
  readonly seconds: number;
  /** Samples a second, 1 to 10. */
  readonly hz: number;
  /** Where the process serves pprof, such as `http://127.0.0.1:6060`. */
  readonly pprof?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((message: string) => void) | undefined;
}

export interface ProfileAnswer {
  readonly values: readonly import('../model/check.ts').MeasuredValue[];
  /** What stands beside the figures: trend, leak test, machine. */
  readonly notes: readonly string[];
  /** By share, the largest first; empty without pprof. */
  readonly functions: readonly { readonly name: string; readonly percent: number }[];
  /** The recording, relative to the workspace root. */
  readonly file: string;
}

export interface OracleReport {
  readonly values: readonly import('../model/check.ts').MeasuredValue[];
  readonly issues: readonly Issue[];
  /**
   * Verdicts that stand whatever the threshold, by KPI: what the record itself says against it. A KPI without data has no
   * value, but its verdict is here.
   */
  readonly verdicts?: Readonly<Record<string, Verdict>>;
  /** How the figures are defined and which comparison was the worst, one sentence each, to be shown beside them. */
  readonly notes?: readonly string[];
}
