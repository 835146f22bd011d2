import type { ScenarioStep } from './scenario.ts';

/** A limit of a run: of the scenario, or of a goal that the scenario names. */
export interface PlannedLimit {
  readonly kpi: string;
  readonly min?: number;
  readonly max?: number;
  readonly unit: string;
  /** Goals whose verdict hangs on it; empty for one that only the scenario asks for. */
  readonly goals: readonly string[];
}

export interface PlannedFault {
  readonly type: string;
  readonly target: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Seconds after the window opens. */
  readonly atSeconds: number;
  /** Undefined: as long as the fault's own default. */
  readonly durationSeconds: number | undefined;
}

/** One agent's life: a workload with faults, or a list of steps. */
export interface PlannedSequence {
  readonly name: string;
  readonly steps: readonly ScenarioStep[];
  readonly seconds: number;
}

/** Whether a platform that the scenario names is this machine. */
export interface PlannedPlatform {
  /** `linux 5.10`, `windows`. */
  readonly name: string;
  readonly runs: boolean;
  readonly reason: string;
}

/** What a run will do; computed before anything starts. */
export interface ScenarioPlan {
  readonly scenario: string;
  /** Relative to the workspace root; undefined for a workload that was named in place of a scenario. */
  readonly file: string | undefined;
  /** Why nothing can run here; undefined when it can. */
  readonly notRun: string | undefined;
  readonly machine: string;
  readonly platforms: readonly PlannedPlatform[];
  readonly configuration: { readonly base: string; readonly settings: Readonly<Record<string, unknown>> };
  readonly agents: number;
  readonly workload:
    | { readonly type: string; readonly params: Readonly<Record<string, unknown>>; readonly digest: string }
    | undefined;
  readonly seed: number;
  readonly replicates: number;
  readonly warmUpSeconds: number;
  readonly windowSeconds: number;
  /** A second agent without faults runs beside: what it reports too is no answer to a fault. */
  readonly control: boolean;
  readonly faults: readonly PlannedFault[];
  readonly sequences: readonly PlannedSequence[];
  readonly limits: readonly PlannedLimit[];
  /** Goals that the run judges. */
  readonly goals: readonly string[];
  /** Goals that the scenario names and other checks judge. */
  readonly otherGoals: readonly string[];
  /** Sections that the runbook must have. */
  readonly runbookSections: readonly string[];
  /** Of all replicates, set-up left out. */
  readonly seconds: number;
}
