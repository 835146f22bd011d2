import type { CheckResult } from '../model/check.ts';
import type { ProcessResult, SpawnFailure } from '../ports.ts';
import { checkIssue, linesOf, makeError, type ParserResult, type ParserRun } from './parsers/parser.ts';

const TOOL_MISSING = 'check.tool-missing';
const SHELL_NOT_FOUND = 127;

/** True when this machine lacks a tool that the check needs: command lines answer with exit code 3. */
export function isEnvironmentProblem(result: Pick<CheckResult, 'issues'>): boolean {
  return result.issues.some((issue) => issue.code === TOOL_MISSING && issue.severity === 'error');
}

/** The verdict on a run that no parser can judge, because the program did not start; undefined when it did. */
export function notStarted(run: ParserRun, failure: SpawnFailure | undefined): ParserResult | undefined {
  const [program = ''] = run.check.run;
  if (run.outcome === 'spawn-failed') return spawnFailed(run, program, failure);
  if (run.exitCode === 0 || makeError(run)?.exitCode !== SHELL_NOT_FOUND) return undefined;
  const tool = toolThatMakeMissed(run);
  return tool === undefined ? undefined : toolMissing(run, `${program} could not find ${tool}.`);
}

/** A run that was cut short is not judged by what it had printed; findings that have a place of their own are kept. */
export function cutShort(parsed: ParserResult, run: ParserRun, result: ProcessResult): ParserResult {
  if (run.outcome === 'exited') return parsed;
  const reason =
    run.outcome === 'timed-out'
      ? `Ended after ${run.check.timeout_seconds} seconds, the time-out of the check.`
      : `The program was ended by ${result.signalName ?? 'a signal'} from outside, or it crashed.`;
  const code = run.outcome === 'timed-out' ? 'check.timed-out' : 'check.signalled';
  const found = parsed.issues.filter((issue) => issue.range !== run.definition.range);
  return { ...parsed, verdict: 'error', reason, issues: [...found, checkIssue(run, code, 'error', reason)] };
}

function spawnFailed(run: ParserRun, program: string, failure: SpawnFailure | undefined): ParserResult {
  const message = failure?.message ?? `${program} could not be started.`;
  const isScript = /^\.{0,2}[\\/]/.test(program);
  if (failure?.missing && !(isScript && message.endsWith('There is no such file.'))) return toolMissing(run, message);
  const absent = failure?.missing || failure?.kind === 'no-folder';
  const code = failure?.missing ? 'check.script-missing' : `check.${failure?.kind ?? 'not-started'}`;
  const hint = absent ? `Create it ("infrabuilder init"), or change the check ${run.name} in the configuration.` : '';
  const issue = checkIssue(run, code, 'error', `${message} ${hint}`.trim());
  return { verdict: absent ? 'not-run' : 'error', reason: message, values: [], issues: [issue] };
}

function toolMissing(run: ParserRun, message: string): ParserResult {
  const severity = run.check.optional ? 'warning' : 'error';
  const issue = checkIssue(
    run,
    TOOL_MISSING,
    severity,
    `${message} Run "infrabuilder doctor" to see how to install it.`,
  );
  return { verdict: 'not-run', reason: message, values: [], issues: [issue] };
}

function toolThatMakeMissed(run: ParserRun): string | undefined {
  for (const line of [...linesOf(run.stderr), ...linesOf(run.stdout)]) {
    const [, shell, make] =
      /sh: (?:line )?(?:\d+: )?([^\s:]+): (?:command )?not found|make(?:\[\d+\])?: ([^\s:]+): No such file/.exec(
        line,
      ) ?? [];
    const tool = shell ?? make;
    if (tool !== undefined) return tool;
  }
  return undefined;
}
