import type { MeasuredValue } from '../model/check.ts';
import type { SyntaxLanguage } from '../model/conformance.ts';
import type { Implementation, TranscriptEntry } from '../model/implementation.ts';
import type { Issue } from '../model/issue.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Files, SyntaxTrees, Workbench } from '../ports.ts';
import type { Finding, FindTampering } from './guards/content.ts';
import type { EditRules } from './guards/place.ts';

export type Missing = Implementation['missing'][number];
export type CheckBaseline = Extract<TranscriptEntry, { type: 'baseline' }>['checks'][number];

/** In the order of their cost. The next is only asked where the one before holds. */
export const STAGES = ['checks', 'goals', 'gate'] as const;
export type Stage = (typeof STAGES)[number];

/** What the loop asks of the copy that a run works in. The operation puts it together from the rooms of the engine. */
export interface Desk {
  /** Of the copy. */
  readonly files: Files;
  readonly bench: Workbench;
  readonly trees: SyntaxTrees;
  readonly rules: EditRules;
  /** Names of the checks that may be run. */
  readonly checks: readonly string[];
  grammarOf(path: string): SyntaxLanguage | undefined;
  /** Every file of the copy but those that git ignores, sorted. */
  paths(): Promise<readonly string[]>;
  /** Markdown with checked citations. */
  ask(question: string, signal: AbortSignal): Promise<string>;
  /** Verdict of each rule, and violations at file and line. */
  conformance(signal: AbortSignal): Promise<string>;
  /** Runs a check, or says what it said on these very files. HumanError for one that cannot be run. */
  runCheck(name: string, signal: AbortSignal): Promise<Failure>;
  readonly findTampering: FindTampering;
  /** Puts a model's words in a marked place of a generated document; gives the file. HumanError where it cannot. */
  writeProse(document: 'plan' | 'arch' | 'result', place: string, text: string): Promise<string>;
  /** The work that the machine does before the model begins; each says what it did in one sentence. */
  intake(): Promise<string>;
  plan(): Promise<string>;
  architecture(): Promise<string>;
  baseline(signal: AbortSignal): Promise<readonly CheckBaseline[]>;
  brief(): Promise<Brief>;
  /** Measures what the stage asks for and is not fresh, then judges. */
  verify(stage: Stage, facts: VerifyFacts, signal: AbortSignal): Promise<StageVerdict>;
  /** All that the gate asks for as things are; measures nothing. */
  judge(): Promise<readonly Missing[]>;
}

export interface VerifyFacts {
  readonly baseline: readonly CheckBaseline[];
  /** Paths that the tools of the model have written. */
  readonly written: ReadonlySet<string>;
}

export interface StageVerdict {
  /** What keeps this stage from holding; what a later stage looks at is not among it. */
  readonly missing: readonly Missing[];
  readonly tampering: readonly Finding[];
  /** Why only a person can go on, where the model cannot. */
  readonly forPerson: string | undefined;
  readonly failures: readonly Failure[];
  readonly tests: Implementation['tests'];
}

/** Something that ran, as a model needs it to find out why. */
export interface Failure {
  /** `check:test`, `scenario:high_pid_churn`, `G-9`. */
  readonly id: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly values: readonly MeasuredValue[];
  readonly issues: readonly Issue[];
  /** How the figures were found and which comparison was the worst. */
  readonly notes?: readonly string[] | undefined;
  /** The acceptance line that asks for it. */
  readonly criterion?: string | undefined;
  /** Raw output, relative to the root of the copy. */
  readonly log?: string | undefined;
}

/** A task as it is put to the model. */
export interface Brief {
  readonly slug: string;
  readonly title: string | undefined;
  readonly module: string | undefined;
  readonly file: string;
  readonly acceptance: readonly { readonly text: string; readonly state: string }[];
  readonly goals: readonly {
    readonly id: string;
    readonly title: string;
    readonly asks: string;
    readonly state: string;
  }[];
  readonly scenarios: readonly string[];
  /** Plan and architecture review. */
  readonly documents: readonly string[];
  readonly missing: readonly Missing[];
}
