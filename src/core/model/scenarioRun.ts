import type { MeasuredValue } from './check.ts';
import type { Issue } from './issue.ts';
import type { Verdict } from './verdict.ts';

/** One fault of a run: what proves that it was there and that it went, and what the subject did about it. */
export interface FaultRecord {
  readonly id: string;
  readonly type: string;
  readonly target: string | undefined;
  /** Seconds from the start of the steady state. */
  readonly atSeconds: number;
  readonly durationSeconds: number;
  readonly injected: Verdict;
  readonly recovered: Verdict;
  /** New diagnostic events of this run, with its nonce, inside the window that the fault allows. */
  readonly events: readonly string[];
  readonly note: string;
}

/** One step of a scenario that is a list of steps (plan section 6.2). */
export interface StepRecord {
  readonly scenario: string;
  readonly step: number;
  readonly action: string;
  readonly verdict: Verdict;
  readonly note: string;
}

/** What a run says about one goal. */
export interface GoalResult {
  readonly goal: string;
  readonly verdict: Verdict;
  /** The figures behind it, on one line. */
  readonly text: string;
}

export interface PlatformResult {
  /** `linux 5.10`, `windows`. */
  readonly platform: string;
  readonly verdict: Verdict;
  readonly reason: string;
}

/** What the profiler says about one figure of one agent over the whole window. Soak tests are judged by it, nothing else is. */
export interface TrendResult {
  readonly agent: string;
  /** Length of the recording behind the warm-up. */
  readonly seconds: number;
  readonly figure: MeasuredValue & { readonly verdict: Verdict };
  /** Figures that explain it. */
  readonly beside: readonly MeasuredValue[];
  readonly reason: string;
}

/** What one run of a scenario measured. Every figure comes from our own oracles. */
export interface ScenarioRun {
  readonly scenario: string;
  /** Names the folder under `e2e/results/<scenario>/`. */
  readonly run: string;
  readonly verdict: Verdict;
  /** One sentence that says why the verdict is what it is. */
  readonly reason: string;
  readonly seed: number;
  readonly load: { readonly asked: number; readonly achieved: number; readonly unit: string } | undefined;
  readonly kpis: readonly MeasuredValue[];
  readonly faults: readonly FaultRecord[];
  readonly steps: readonly StepRecord[];
  /** Diagnostic events in a control run without faults; undefined where there was none. */
  readonly controlEvents: readonly string[] | undefined;
  readonly goals?: readonly GoalResult[];
  readonly trends?: readonly TrendResult[];
  /** The platforms that the scenario names, and this machine. */
  readonly platforms?: readonly PlatformResult[];
  /** How the figures were taken, one sentence each. */
  readonly notes?: readonly string[];
  readonly issues: readonly Issue[];
  /** Relative to the workspace root. */
  readonly report: string | undefined;
  /** Raw data that the figures were computed from, relative to the workspace root. */
  readonly artifacts: readonly string[];
  readonly startedAt: string;
  readonly durationMs: number;
}
