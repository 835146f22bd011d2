import type { Check, MeasuredValue, TestCounts } from '../../model/check.ts';
import type { Issue, Severity } from '../../model/issue.ts';
import { type Location, range } from '../../model/source.ts';
import type { Thresholds } from '../../model/threshold.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { OracleReport, ProcessResult } from '../../ports.ts';
import type { GoModule } from '../goModules.ts';
import { workspacePath } from '../paths.ts';

/** One finished run as a parser sees it: pure data. Paths are relative to the workspace root, but for `root`. */
export interface ParserRun {
  readonly name: string;
  readonly check: Check;
  readonly cwd: string;
  /** Absolute; makes the absolute paths that tools print relative. */
  readonly root: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | undefined;
  readonly outcome: ProcessResult['outcome'];
  readonly truncated: boolean;
  /** Where the check is defined: the place of problems that belong to no source file. */
  readonly definition: Location;
  readonly modules: readonly GoModule[];
  /** Limits on measured values, by name. */
  readonly thresholds: Thresholds;
  /** Text of the cover profile that this run wrote. */
  readonly coverProfile?: string | undefined;
  /** Kept benchmark output to compare with. */
  readonly baseline?: string | undefined;
  readonly oracle?: OracleReport | undefined;
  /** False when the folder that the tool was to look at holds nothing for it. */
  readonly hasSubject?: boolean | undefined;
}

export interface ParserResult {
  readonly verdict: Verdict;
  /** One sentence. */
  readonly reason: string;
  readonly tests?: TestCounts | undefined;
  readonly coverage?: number | undefined;
  readonly values: readonly MeasuredValue[];
  readonly issues: readonly Issue[];
  /** How the values are defined, one sentence each. */
  readonly notes?: readonly string[];
  /** Go packages that seem to have no test file: build tags may leave them out. */
  readonly untested?: readonly string[];
}

export type Parser = (run: ParserRun) => ParserResult;

const LONGEST_MESSAGE = 2_000;

/** At a point, as tools print it; `path` is the tool's own and falls back to the check's definition when outside. */
export function toolIssue(
  run: ParserRun,
  code: string,
  severity: Severity,
  message: string,
  place: { readonly path: string; readonly line: number; readonly column?: number | undefined },
): Issue {
  const file = workspacePath(place.path, run.cwd, run.root);
  if (file === undefined) return checkIssue(run, code, severity, `${place.path}:${place.line}: ${message}`);
  const [line, column] = [Math.max(1, place.line), Math.max(1, place.column ?? 1)];
  return { code, severity, message: clip(message), file, range: range(line, column, line, column) };
}

/** At the check's definition. */
export function checkIssue(run: ParserRun, code: string, severity: Severity, message: string): Issue {
  return { code, severity, message: clip(message), file: run.definition.file, range: run.definition.range };
}

export function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** The last line that says something to a person; what tools print last is what went wrong. */
export function lastLine(run: ParserRun): string {
  const lines = [...linesOf(run.stdout), ...linesOf(run.stderr)].filter((line) => line.trim() !== '');
  return clip((lines.findLast((line) => !MAKE_ERROR.test(line) && !line.startsWith('{"')) ?? '').trim());
}

const MAKE_ERROR = /^g?make(?:\[\d+\])?: \*\*\* \[(?:(.+?):(\d+): )?([^\]]*)\] Error (\d+)/;

export interface MakeError {
  readonly file: string | undefined;
  readonly line: number;
  readonly target: string;
  readonly exitCode: number;
}

/** The innermost `make: *** [Makefile:5: test] Error 1`: make itself exits with 2 whatever the recipe's tool said. */
export function makeError(run: Pick<ParserRun, 'stdout' | 'stderr'>): MakeError | undefined {
  for (const line of [...linesOf(run.stderr), ...linesOf(run.stdout)]) {
    const match = MAKE_ERROR.exec(line);
    if (match === null) continue;
    return { file: match[1], line: Number(match[2] ?? 1), target: match[3] ?? '', exitCode: Number(match[4]) };
  }
  return undefined;
}

/** The exit code of the tool, also when make stands between. */
export function toolExitCode(run: ParserRun): number | undefined {
  return run.exitCode === 0 ? 0 : (makeError(run)?.exitCode ?? run.exitCode);
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function clip(text: string): string {
  return text.length <= LONGEST_MESSAGE ? text : `${text.slice(0, LONGEST_MESSAGE)} …`;
}
