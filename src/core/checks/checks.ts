import { posix } from 'node:path';
import { CancelledError, errorMessage, HumanError } from '../base/errors.ts';
import type { Check, CheckResult, TestCounts } from '../model/check.ts';
import type { Issue } from '../model/issue.ts';
import { compareIssues } from '../model/issue.ts';
import { checkEnvironment, refuseRecursion } from '../model/recursion.ts';
import { FILE_START, type Location } from '../model/source.ts';
import type { Thresholds } from '../model/threshold.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Clock, Files, Locks, Processes, ProcessResult, ReplayOracle } from '../ports.ts';
import { benchmarkText } from './benchmarks.ts';
import { withoutEscapes } from './escapes.ts';
import { findGoModules, packageFolder } from './goModules.ts';
import { type Command, instrument } from './instrument.ts';
import { LogLines, logText, writeLog } from './log.ts';
import { cutShort, notStarted } from './outcome.ts';
import { GoTestRun } from './parsers/goTestRun.ts';
import { parsers } from './parsers/index.ts';
import type { ParserResult, ParserRun } from './parsers/parser.ts';
import { placeIssues } from './place.ts';
import { redact, secretValues } from './redact.ts';
import { hasGoFile, isRewritten, outputState } from './subject.ts';

/** What a run does after its program has ended: parse, judge a replay, keep the log. */
const AFTER_TIMEOUT_MS = 60_000;

export type CheckProgress =
  /** The same check runs already, elsewhere. */
  | { readonly kind: 'waiting'; readonly check: string }
  | { readonly kind: 'started'; readonly check: string; readonly argv: readonly string[]; readonly cwd: string }
  | { readonly kind: 'tests'; readonly check: string; readonly tests: TestCounts }
  | { readonly kind: 'finished'; readonly check: string; readonly verdict: Verdict; readonly reason: string };

export interface CheckOptions {
  readonly signal?: AbortSignal | undefined;
  /** Output as it comes, without secrets. */
  readonly onLine?: ((line: string, stream: 'stdout' | 'stderr') => void) | undefined;
  readonly onProgress?: ((progress: CheckProgress) => void) | undefined;
  /** Limits on measured values, by name, in the unit of the value. */
  readonly thresholds?: Thresholds | undefined;
  /** Where the check is defined: problems that have no source file are shown there. */
  readonly definition?: Location | undefined;
}

export interface Checks {
  /** Rejects with CancelledError when stopped; every other end is a verdict. */
  run(name: string, check: Check, options?: CheckOptions): Promise<CheckResult>;
  /** Runs benchmarks and keeps their output as the file to compare with. HumanError when they do not pass. */
  saveBaseline(name: string, check: Check, options?: CheckOptions): Promise<CheckResult>;
}

export interface ChecksPorts {
  readonly processes: Processes;
  readonly files: Files;
  readonly clock: Clock;
  readonly oracle?: ReplayOracle | undefined;
  readonly locks?: Locks | undefined;
  /** What programs inherit; its secrets are kept out of logs and results. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

export function createChecks(ports: ChecksPorts): Checks {
  return {
    run: async (name, check, options = {}) => (await runCheck(ports, name, check, options)).result,
    saveBaseline: (name, check, options = {}) => saveBaseline(ports, name, check, options),
  };
}

async function saveBaseline(
  ports: ChecksPorts,
  name: string,
  check: Check,
  options: CheckOptions,
): Promise<CheckResult> {
  if (check.parser !== 'gobench' || check.baseline === undefined) {
    const hint = 'Give the check "parser: gobench" and "baseline: FILE" in infrabuilder.yaml.';
    throw new HumanError('check.no-baseline', `The check ${name} keeps no baseline.`, hint);
  }
  const { baseline: path, ...alone } = check;
  const { result, stdout } = await runCheck(ports, name, alone, options);
  if (result.verdict !== 'pass') {
    throw new HumanError(
      'check.baseline-failed',
      `${name} did not pass: ${result.reason}`,
      'The old baseline is kept.',
    );
  }
  await ports.files.write(path, benchmarkText(stdout));
  return result;
}

interface Finished {
  readonly result: CheckResult;
  readonly stdout: string;
}

/** Two runs of one check would write the same profile and the same raw output: the second waits for the first. */
async function runCheck(ports: ChecksPorts, name: string, check: Check, options: CheckOptions): Promise<Finished> {
  const { files, locks } = ports;
  refuseRecursion(ports.env ?? {}, name, files.root);
  const run = () => runAlone(ports, name, check, options);
  if (locks === undefined) return run();
  return locks.hold(`check-${name}`, run, {
    waitMs: check.timeout_seconds * 1000 + AFTER_TIMEOUT_MS,
    signal: options.signal,
    onWait: () => options.onProgress?.({ kind: 'waiting', check: name }),
  });
}

async function runAlone(ports: ChecksPorts, name: string, check: Check, options: CheckOptions): Promise<Finished> {
  const { files, processes } = ports;
  const cwd = posix.normalize(check.cwd);
  const env = ports.env ?? {};
  const secrets = secretValues(env);
  const command = await instrument(name, check, cwd, processes);
  const shownArgv = command.argv.map((word) => redact(word, secrets));
  await clearProfile(files, check, command);
  const before = check.replay && (await outputState(files, check.replay.out));
  options.onProgress?.({ kind: 'started', check: name, argv: shownArgv, cwd });

  const lines = new LogLines();
  const countTests = testCounter(name, check, options);
  const started = ports.clock.monotonic();
  const finished = await processes.run({
    argv: command.argv,
    cwd,
    env: { ...checkEnvironment(env, name, files.root), ...command.env },
    timeoutMs: check.timeout_seconds * 1000,
    ...(options.signal && { signal: options.signal }),
    onLine: (raw, stream) => {
      const line = redact(raw, secrets);
      lines.add(line);
      countTests(line);
      options.onLine?.(line, stream);
    },
  });
  const durationMs = Math.round(ports.clock.monotonic() - started);
  const clean: ProcessResult = {
    ...finished,
    stdout: withoutEscapes(redact(finished.stdout, secrets)),
    stderr: withoutEscapes(redact(finished.stderr, secrets)),
  };
  const definition = options.definition ?? { file: 'infrabuilder.yaml', range: FILE_START };
  const text = logText(shownArgv, cwd, clean, lines);
  const log = await keepLog(files, name, clean.startedAt, text, definition);
  if (clean.outcome === 'cancelled') throw new CancelledError(`The check ${name} was cancelled.`);

  const run: ParserRun = {
    name,
    check: { ...check, run: check.run.map((word) => redact(word, secrets)) },
    cwd,
    root: files.root,
    stdout: clean.stdout,
    stderr: clean.stderr,
    exitCode: clean.exitCode,
    outcome: clean.outcome,
    truncated: clean.truncated,
    definition,
    modules: check.parser.startsWith('go') ? await findGoModules(files, cwd) : [],
    thresholds: options.thresholds ?? {},
    coverProfile: command.coverProfile && (await readIfInside(files, command.coverProfile)),
    baseline: check.baseline && (await files.read(check.baseline)),
    hasSubject: await hasSubject(files, check, cwd, before),
  };
  const judged = notStarted(run, clean.failure) ?? (await parse(ports, run, clean));
  const issues = [...(await placeIssues(files, run, judged.issues)), ...log.issues].sort(compareIssues);
  const note = clean.truncated ? ' Output was longer than is kept: counts and issues are of its end.' : '';
  const result: CheckResult = {
    check: name,
    verdict: judged.verdict,
    reason: judged.reason + note,
    argv: shownArgv,
    cwd,
    exitCode: clean.exitCode,
    tests: judged.tests,
    coverage: judged.coverage,
    values: judged.values,
    notes: judged.notes ?? [],
    issues,
    log: log.path,
    startedAt: clean.startedAt,
    durationMs,
  };
  options.onProgress?.({ kind: 'finished', check: name, verdict: result.verdict, reason: result.reason });
  return { result, stdout: clean.stdout };
}

async function parse(ports: ChecksPorts, run: ParserRun, finished: ProcessResult): Promise<ParserResult> {
  const { replay } = run.check;
  const judge = replay !== undefined && run.exitCode === 0 && run.hasSubject === true;
  const oracle = judge ? await ports.oracle?.judge(replay) : undefined;
  const parsed = cutShort(parsers[run.check.parser]({ ...run, oracle }), run, finished);
  const left = await testFilesLeftOut(ports.files, run, parsed.untested ?? []);
  return left.length === 0
    ? parsed
    : { ...parsed, reason: `${parsed.reason} Build tags leave out ${left.join(', ')}.` };
}

/** Go says "no test files" also when build tags leave them out: the folder tells which it is. */
async function testFilesLeftOut(files: Files, run: ParserRun, untested: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const importPath of untested) {
    const folder = packageFolder(run.modules, importPath);
    const entries = folder === undefined ? [] : await files.list(folder);
    for (const { name } of entries) if (name.endsWith('_test.go')) found.push(posix.join(folder ?? '', name));
  }
  return found;
}

async function hasSubject(
  files: Files,
  check: Check,
  cwd: string,
  before: Awaited<ReturnType<typeof outputState>> | undefined,
): Promise<boolean | undefined> {
  if (check.parser === 'gofmt') return hasGoFile(files, check, cwd);
  if (check.replay === undefined || before === undefined) return undefined;
  return isRewritten(before, await outputState(files, check.replay.out));
}

/** A profile of an earlier run must not be taken for this one's. */
async function clearProfile(files: Files, check: Check, { coverProfile }: Command): Promise<void> {
  if (coverProfile === undefined || coverProfile.startsWith('..')) return;
  await files.remove(coverProfile);
  if (check.coverage !== undefined) await files.makeFolder(posix.dirname(coverProfile));
}

async function readIfInside(files: Files, path: string): Promise<string | undefined> {
  return path.startsWith('..') || path.startsWith('/') ? undefined : files.read(path);
}

function testCounter(name: string, check: Check, options: CheckOptions): (line: string) => void {
  if (check.parser !== 'gotest' || options.onProgress === undefined) return () => {};
  const go = new GoTestRun();
  let last = 0;
  return (line) => {
    go.add(line);
    const tests = go.counts;
    const count = tests.passed + tests.failed + tests.skipped;
    if (count !== last) options.onProgress?.({ kind: 'tests', check: name, tests });
    last = count;
  };
}

/** A result without a log is better than none: the reason why there is no log is an issue of its own. */
async function keepLog(
  files: Files,
  name: string,
  startedAt: string,
  text: string,
  { file, range }: Location,
): Promise<{ path: string | undefined; issues: Issue[] }> {
  try {
    return { path: await writeLog(files, name, startedAt, text), issues: [] };
  } catch (error) {
    const message = `The log could not be written: ${errorMessage(error)}`;
    return { path: undefined, issues: [{ code: 'check.no-log', severity: 'warning', message, file, range }] };
  }
}
