import type { InputGroup } from '../evidence/inputs.ts';
import type { MeasuredValue, TestCounts } from '../model/check.ts';
import type { Resource, ScenarioEvidence } from '../model/evidence.ts';
import type { Issue } from '../model/issue.ts';
import type { Verdict } from '../model/verdict.ts';

/** Something that is measured once and may serve several goals: `check:test`, `scenario:standard`, `goal:G-1`. */
export interface Step {
  readonly id: string;
  /**
   * What may run at the same time: `all`, other `scenarios` that judge no resource, or `nothing`, because load beside it
   * would change its figures.
   */
  readonly beside: 'all' | 'scenarios' | 'nothing';
  /** What was asked for; another definition makes earlier evidence stale. */
  readonly definition: unknown;
  readonly inputs: readonly InputGroup[];
  /** Inputs that lie outside the work tree, such as the commit that is compared with. */
  readonly outside?: () => Promise<readonly Resource[]>;
  /** The command line that measures it again. */
  readonly command: string;
  readonly measure: (context: MeasureContext) => Promise<Measured>;
}

export interface MeasureContext {
  readonly signal: AbortSignal | undefined;
  /** A line for the person who waits. */
  readonly say: (message: string) => void;
}

/** What a goal is judged by: the same for evidence and for what was measured a moment ago. */
export interface Facts {
  readonly verdict: Verdict;
  /** One sentence. */
  readonly reason: string;
  readonly values: readonly MeasuredValue[];
  readonly tests: TestCounts | null;
  readonly issues: readonly Issue[];
  readonly scenario: ScenarioEvidence | null;
}

export interface Measured extends Facts {
  /** False where nothing ran: then there is nothing to keep as evidence. */
  readonly ran: boolean;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly exitCode: number | undefined;
  /** Programs whose versions belong to the result. */
  readonly programs: readonly string[];
  readonly raw: readonly { readonly name: string; readonly path: string; readonly copy: boolean }[];
}

const NOTHING = {
  values: [],
  tests: null,
  scenario: null,
  argv: [],
  cwd: '.',
  exitCode: undefined,
  programs: [],
  raw: [],
};

/** Nothing could be measured; the reason says what is missing. */
export function notRun(reason: string, issues: readonly Issue[] = []): Measured {
  return { ...NOTHING, verdict: 'not-run', reason, issues, ran: false };
}

/** The verdict of an analysis of ours that ran no program. */
export function analysed(part: Pick<Measured, 'verdict' | 'reason' | 'values' | 'issues'>): Measured {
  return { ...NOTHING, ...part, ran: true };
}
