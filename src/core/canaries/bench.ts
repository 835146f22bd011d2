import type { Goals } from '../goals/goals.ts';
import type { GoalOf } from '../model/goal.ts';
import type { Files, WorkTree } from '../ports.ts';
import type { Project } from '../project/project.ts';
import type { Snapshot } from '../project/snapshot.ts';
import type { DeclaredFeature, Trespass } from './builtin/subject.ts';

/** A workspace and what can be done with it: the person's own, or a copy. */
export interface Bench {
  readonly files: Files;
  readonly project: Project;
  readonly goals: Goals;
  readonly tree: WorkTree;
  features(snapshot: Snapshot, goal: GoalOf<'docs-parity'>): Promise<readonly DeclaredFeature[]>;
  trespass(): Promise<Trespass | undefined>;
  /** Ends what runs that were killed have left running. */
  resolve(): Promise<void>;
}
