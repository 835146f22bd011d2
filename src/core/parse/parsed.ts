import type { Issue } from '../model/issue.ts';
import type { Range } from '../model/source.ts';

export type Path = readonly (string | number)[];

/** What a parser returns: never throws for bad text. `value` is undefined when no usable value could be read. */
export interface Parsed<T> {
  readonly value: T | undefined;
  readonly issues: readonly Issue[];
  /** The range of the value at `path`, or of its nearest existing ancestor. */
  locate(path: Path): Range;
  /** The range of the key at `path`, or as `locate`. */
  locateKey(path: Path): Range;
}
