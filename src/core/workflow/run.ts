import type { Issue } from '../model/issue.ts';
import type { Task } from '../model/task.ts';
import type { ReportKind } from '../project/documents.ts';
import type { AlignmentPoint } from './alignment.ts';
import type { MeasurementFact, TaskFacts } from './transition.ts';

/** What the steps do with one task; operations put it together. */
export interface TaskRun {
  /** The task as it is now. */
  readonly task: Task;
  facts(): Promise<TaskFacts>;
  alignment(): Promise<readonly AlignmentPoint[]>;
  /** Gives the file's new place. */
  open(): Promise<string>;
  write(kind: ReportKind): Promise<WrittenDocument>;
  /** Measures what is not fresh of one kind, and says how all of that kind stand. */
  measure(what: 'checks' | 'scenarios' | 'goals'): Promise<readonly MeasurementFact[]>;
  complete(): Promise<{
    readonly completed: boolean;
    readonly missing: readonly { readonly message: string; readonly mend: string }[];
    readonly file: string;
  }>;
}

export interface WrittenDocument {
  readonly file: string;
  readonly written: boolean;
  readonly issues: readonly Issue[];
}
