import type { GoalKind, GoalOf } from '../../model/goal.ts';
import type { Files, WorkTree } from '../../ports.ts';
import type { Snapshot } from '../../project/snapshot.ts';
import type { Defect, PlantedFile, Unplantable } from '../defect.ts';

/** Something that the source declares and the runbook must describe, as the reader of features finds it. */
export interface DeclaredFeature {
  readonly kind: 'config' | 'metric' | 'event';
  readonly name: string;
  readonly file: string;
}

/** A file that breaks an architecture rule. */
export interface Trespass extends PlantedFile {
  readonly title: string;
}

/** What the built-in defects are derived from: the copy that they are planted in. */
export interface Subject {
  readonly snapshot: Snapshot;
  readonly files: Pick<Files, 'read'>;
  readonly tree: Pick<WorkTree, 'list' | 'listAt' | 'revision'>;
  features(goal: GoalOf<'docs-parity'>): Promise<readonly DeclaredFeature[]>;
  /** Undefined where no rule can be broken by a file. */
  trespass(): Promise<Trespass | undefined>;
}

/** Derives the defects of a kind of goal from the project. A new kind is a file beside this one and a line in `index.ts`. */
export type Builder<K extends GoalKind> = (goal: GoalOf<K>, subject: Subject) => Promise<Built>;

/** Defects, or why this project offers none. */
export type Built = readonly (Defect | Unplantable)[];
