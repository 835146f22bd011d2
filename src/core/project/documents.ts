import type { TaskEvent } from '../model/evidence.ts';

export const REPORT_KINDS = ['plan', 'arch', 'result'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** Files of one task under `reports/`; a kind is missing where there is no such file. */
export type TaskReports = Readonly<Partial<Record<ReportKind, string>>>;

/** What the names of evidence files tell; their content is not read here. */
export interface EvidenceNames {
  /** False where no evidence was ever written: then nothing is expected of it. */
  readonly exists: boolean;
  /** By slug: what happened to the task last. */
  readonly lastEvent: ReadonlyMap<string, TaskEvent>;
}

/** The documents that exist, as paths relative to the workspace root. */
export interface Documents {
  readonly blueprint: string | undefined;
  readonly runbook: string | undefined;
  readonly changelog: string | undefined;
  readonly adrs: readonly string[];
  /** By the slug in the file name, which need not be a task's. */
  readonly reports: ReadonlyMap<string, TaskReports>;
}
