import { posix } from 'node:path';
import { type Location, lineRange } from '../../model/source.ts';

/** One way to find out whether a part of the source compiles. */
export interface Build {
  readonly argv: readonly string[];
  /** As a person types it. */
  readonly shown: string;
  readonly cwd: string;
  /** The first place in the output where the source is wrong; undefined where the trouble is another. */
  place(output: string): Place | undefined;
  /** Lists what can be built where a dependency is missing: `argv` prints one package a line, `rest` builds those. */
  readonly partly?: {
    readonly argv: readonly string[];
    rest(packages: readonly string[]): readonly string[];
  };
}

export interface Place {
  readonly location: Location;
  readonly message: string;
}

/** `pattern` has groups for file, line, and message. */
export function placeBy(pattern: RegExp, output: string, cwd: string): Place | undefined {
  const [, file, line, message = ''] = pattern.exec(output) ?? [];
  return file === undefined ? undefined : { location: located(file, Number(line), cwd), message };
}

export function located(file: string, line: number, cwd: string): Location {
  return { file: posix.join(cwd, file.replaceAll('\\', '/')), range: lineRange(line, '') };
}
