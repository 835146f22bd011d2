import { posix } from 'node:path';
import type { Issue, RelatedLocation } from '../../model/issue.ts';
import { range } from '../../model/source.ts';
import { type GoModule, packageFolder } from '../goModules.ts';
import { locatedLine } from '../located.ts';
import { isAbsolutePath, workspacePath } from '../paths.ts';
import type { GoPackage, GoTestRun } from './goTestRun.ts';
import { checkIssue, linesOf, type ParserRun, toolIssue } from './parser.ts';

/** The last ones are the likely reason; a test that logs a thousand lines must not bury the others. */
const MOST_LINES_PER_TEST = 10;
const FRAME = /^\s+(\S.*\.go):(\d+)(?: \+0x[0-9a-f]+)?$/;
const PANIC = /^(?:panic|fatal error): (.*)$/;
const RACE_EDGE = '==================';

/** Every failure that the output names, at the file and line that it prints. */
export function goTestIssues(go: GoTestRun, run: ParserRun): Issue[] {
  const issues = [...go.builds].flatMap(([path, text]) => buildIssues(path, text, run));
  for (const goPackage of go.packages.values()) {
    if (goPackage.outcome !== 'fail' && !hasFailedTest(goPackage)) continue;
    issues.push(...packageIssues(goPackage, run, go.builds.size > 0));
  }
  return issues;
}

export function hasFailedTest(goPackage: GoPackage): boolean {
  return [...goPackage.tests.values()].some((test) => test.outcome === 'fail');
}

function packageIssues(goPackage: GoPackage, run: ParserRun, builds: boolean): Issue[] {
  const folder = packageFolder(run.modules, goPackage.path) ?? run.cwd;
  const failed = [...goPackage.tests].filter(([, test]) => test.outcome === 'fail');
  const parents = new Set(failed.flatMap(([name]) => ancestors(name)));
  const issues = failed.flatMap(([name, test]) => {
    const found = testIssues(name, test.output, folder, run);
    // Above a failed subtest a line may be an error or a log: the subtest already says why it failed.
    if (!parents.has(name)) return found;
    return found.map((issue): Issue => (issue.code === 'gotest.failed' ? { ...issue, severity: 'info' } : issue));
  });
  for (const [name] of failed) {
    const told = issues.some((issue) => issue.message.startsWith(`${name}: `));
    if (told || parents.has(name)) continue;
    issues.push(checkIssue(run, 'gotest.failed', 'error', `${name}: failed without a message in ${goPackage.path}.`));
  }
  const outside = testIssues(goPackage.path, goPackage.output, folder, run).filter(
    (issue) => issue.code !== 'gotest.failed',
  );
  issues.push(...outside);
  if (issues.length > 0 || (goPackage.broken && builds)) return issues;
  const said = linesOf(goPackage.output).filter((line) => line.trim() !== '' && line !== 'FAIL');
  return [
    checkIssue(
      run,
      'gotest.package',
      'error',
      [`${goPackage.path} failed outside of its tests.`, ...said.slice(-5)].join('\n'),
    ),
  ];
}

/** `TestA/b/c` -> `TestA`, `TestA/b`. */
export function ancestors(name: string): string[] {
  const parts = name.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function buildIssues(importPath: string, text: string, run: ParserRun): Issue[] {
  const issues: Issue[] = [];
  const loose: string[] = [];
  for (const line of linesOf(text)) {
    const found = locatedLine(line.replace(/^vet: /, ''));
    const last = issues.at(-1);
    if (found !== undefined) issues.push(toolIssue(run, 'gotest.build', 'error', found.message, found));
    else if (line.startsWith('\t') && last !== undefined) {
      issues[issues.length - 1] = { ...last, message: `${last.message}\n${line.trim()}` };
    } else if (!line.startsWith('# ') && !line.endsWith('too many errors')) loose.push(line);
  }
  if (issues.length === 0 && loose.length > 0) {
    issues.push(checkIssue(run, 'gotest.build', 'error', `${importPath} cannot be built: ${loose.join('\n')}`));
  }
  return issues;
}

function testIssues(name: string, output: string, folder: string, run: ParserRun): Issue[] {
  const { plain, races } = splitRaces(linesOf(output));
  const issues = races.map((block) => raceIssue(name, block, run));
  const panic = plain.findIndex((line) => PANIC.test(line));
  const told = panic < 0 ? plain : plain.slice(0, panic);
  issues.push(...messageIssues(name, told, folder, run));
  if (panic >= 0) issues.push(panicIssue(name, plain.slice(panic), run));
  return issues;
}

/** `    foo_test.go:12: message`, with the deeper indented lines below it. */
function messageIssues(name: string, lines: readonly string[], folder: string, run: ParserRun): Issue[] {
  const found: { path: string; line: number; message: string }[] = [];
  let indent = -1;
  for (const line of lines) {
    const depth = line.length - line.trimStart().length;
    const located = depth > 0 ? locatedLine(line.trim()) : undefined;
    const last = found.at(-1);
    if (indent >= 0 && depth > indent && last !== undefined) {
      last.message = `${last.message}\n${line.trim()}`.trim();
    } else if (located?.path.endsWith('.go') && !located.message.startsWith('race detected during')) {
      indent = depth;
      found.push({ path: placeOf(located.path, folder, run), line: located.line, message: located.message });
    } else indent = -1;
  }
  return found
    .slice(-MOST_LINES_PER_TEST)
    .map(({ message, ...place }) => toolIssue(run, 'gotest.failed', 'error', `${name}: ${message || 'failed'}`, place));
}

/** A test prints the bare file name: it lies in the folder of its package. Given relative to `run.cwd`. */
function placeOf(path: string, folder: string, run: ParserRun): string {
  return path.includes('/') || isAbsolutePath(path) ? path : posix.join(posix.relative(run.cwd, folder), path);
}

function panicIssue(name: string, lines: readonly string[], run: ParserRun): Issue {
  const reason = PANIC.exec(lines[0] ?? '')?.[1] ?? '';
  const timedOut = reason.startsWith('test timed out after');
  const code = timedOut ? 'gotest.timeout' : 'gotest.panic';
  const message = `${name}: ${timedOut ? reason : `panic: ${reason.replace(/ \[recovered.*\]$/, '')}`}`;
  const [frame] = ownFrames(lines, run);
  return frame === undefined ? checkIssue(run, code, 'error', message) : toolIssue(run, code, 'error', message, frame);
}

function raceIssue(name: string, lines: readonly string[], run: ParserRun): Issue {
  const [frame, ...others] = ownFrames(lines, run);
  const message = `${name}: data race. ${(lines[1] ?? '').replace(/ at 0x[0-9a-f]+/, '').replace(/:$/, '')}`;
  if (frame === undefined) return checkIssue(run, 'gotest.race', 'error', message);
  const related = others.flatMap(({ path, line }): RelatedLocation[] => {
    const file = workspacePath(path, run.cwd, run.root);
    return file === undefined ? [] : [{ file, range: range(line, 1, line, 1), message: 'also involved' }];
  });
  return { ...toolIssue(run, 'gotest.race', 'error', message, frame), related };
}

/** Stack frames in the workspace, outermost call last. With -trimpath they begin with the import path. */
function ownFrames(lines: readonly string[], run: ParserRun): { path: string; line: number }[] {
  return lines.flatMap((text) => {
    const [, path = '', line = ''] = FRAME.exec(text) ?? [];
    const own = isAbsolutePath(path) ? path : trimmedPath(path, run.modules, run.cwd);
    if (own === undefined || path === '' || workspacePath(own, run.cwd, run.root) === undefined) return [];
    return [{ path: own, line: Number(line) }];
  });
}

function trimmedPath(path: string, modules: readonly GoModule[], cwd: string): string | undefined {
  const folder = packageFolder(modules, posix.dirname(path));
  return folder === undefined ? undefined : posix.join(posix.relative(cwd, folder), posix.basename(path));
}

function splitRaces(lines: readonly string[]): { plain: string[]; races: string[][] } {
  const plain: string[] = [];
  const races: string[][] = [];
  let race: string[] | undefined;
  for (const line of lines) {
    if (line === 'WARNING: DATA RACE') {
      race = [line];
      races.push(race);
    } else if (line === RACE_EDGE) race = undefined;
    else (race ?? plain).push(line);
  }
  return { plain, races };
}
