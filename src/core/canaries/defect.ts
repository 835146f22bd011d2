/** The whole of a file as the defect has it. */
export interface PlantedFile {
  /** Relative to the workspace root. */
  readonly file: string;
  readonly content: string;
}

/** One defect, ready to be planted. */
export interface Defect {
  readonly goal: string;
  /** `a field of type string becomes a double`. */
  readonly title: string;
  readonly origin: 'built-in' | 'declared';
  readonly files: readonly PlantedFile[];
  /**
   * What the goal must say: `fail`, or only anything but a pass where the defect takes the data away, such as a suite whose
   * tests are all skipped.
   */
  readonly shows: 'fail' | 'no-pass';
  /** The step that must say it, where the goal has several: `check:test`. */
  readonly step?: string | undefined;
  readonly durationSeconds?: number | undefined;
}

/** A defect that cannot be planted, and why. */
export interface Unplantable {
  readonly goal: string;
  readonly title: string;
  readonly origin: Defect['origin'];
  readonly why: string;
}

export function isPlantable(one: Defect | Unplantable): one is Defect {
  return 'files' in one;
}

/** Part of the name of everything that is planted, so that nothing of a project's own is called so. */
export const MARK = 'infrabuilder_canary';
