import type { Location } from '../model/source.ts';

/**
 * `supported`: fresh evidence or a run of this audit says the same. `stale`: evidence said so, on another work tree.
 * `contradicted`: evidence or a run says otherwise. `no-evidence`: nothing but the claim itself says so.
 */
export const CLAIM_VERDICTS = ['supported', 'stale', 'contradicted', 'no-evidence'] as const;
export type ClaimVerdict = (typeof CLAIM_VERDICTS)[number];

export const CLAIM_KINDS = ['task', 'box', 'status', 'figure'] as const;
export type ClaimKind = (typeof CLAIM_KINDS)[number];

/** A figure as a document writes it. */
export interface Figure {
  /** As written: an identifier, or the words before the number. */
  readonly metric: string;
  readonly value: number;
  /** A name of `units.ts`, or `count`. */
  readonly unit: string | undefined;
  /** Digits after the point: how exact the claim is. */
  readonly decimals: number;
}

/** What a file says, before anybody has looked for evidence. */
export interface Statement {
  readonly kind: ClaimKind;
  readonly file: string;
  readonly line: number;
  /** The line, as a reader sees it. */
  readonly text: string;
  /** Headings above and the header of the column: what the line is about. */
  readonly context: string;
  readonly figure?: Figure;
  /** For a task: its name. */
  readonly slug?: string;
  /** Runs of evidence that the line names. */
  readonly runs: readonly string[];
}

export interface Claim {
  readonly kind: ClaimKind;
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly verdict: ClaimVerdict;
  /** Evidence files, or the places that contradict. */
  readonly evidence: readonly string[];
  /** One sentence. */
  readonly reason: string;
}

/** A claim with the statement that it was read from. */
export interface Judged {
  readonly statement: Statement;
  readonly claim: Claim;
}

/** A build or a check that the audit itself ran. */
export interface Execution {
  /** `go build ./...`, or the name of a check. */
  readonly command: string;
  readonly cwd: string;
  /** `unknown`: it says nothing about the source, because a tool or a dependency is missing. */
  readonly outcome: 'holds' | 'breaks' | 'unknown';
  readonly reason: string;
  /** The check's name; undefined for a build. */
  readonly check: string | undefined;
  /** The first place that breaks. */
  readonly place: Location | undefined;
}
