import type { BlueprintGoal } from './goal.ts';
import type { Located, Range } from './source.ts';

export interface Heading {
  /** 1 to 6. */
  readonly level: number;
  /** As a reader sees it, without marks such as `**`. */
  readonly text: string;
  readonly range: Range;
}

/** What InfraBuilder reads of a blueprint in Markdown. Text in code fences counts for nothing. */
export interface Blueprint {
  /** The first heading of level 1. */
  readonly title: string | undefined;
  readonly headings: readonly Heading[];
  /** Rows of the goals tables (plan section 0.1), in order; a range holds one row. */
  readonly goals: readonly Located<BlueprintGoal>[];
  /** Ids of epics, stories, goals and milestones (`A1-E1`, `A1-S3`, `G-2`, `M2`), at every place that names one. */
  readonly ids: readonly Located<string>[];
}
