import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { errorMessage, HumanError } from '../../core/base/errors.ts';
import { isEnvironmentProblem } from '../../core/checks/outcome.ts';
import { progressText, runVerify, type VerifyJson, verifyJson } from '../../core/operations/verify.ts';
import type { Context } from '../context.ts';
import { eventRun } from '../events.ts';
import { EXIT } from '../exit.ts';
import { renderIssues } from '../render/issues.ts';
import { verifyJunit } from '../render/junit.ts';
import { evidenceLine, failureLine, verifyText } from '../render/verify.ts';
import { addCommon, type CommonOptions } from './common.ts';
import { runSelfTestCommand } from './selfTest.ts';

interface VerifyOptions extends CommonOptions {
  readonly goal?: readonly string[];
  readonly task?: string;
  readonly force?: boolean;
  readonly junit?: string;
  readonly events?: boolean;
  readonly selfTest?: boolean;
}

export function addVerify(program: Command, context: Context): void {
  addCommon(program.command('verify'))
    .description('verify the goals: reuse what is fresh, measure what is not')
    .option('--goal <id>', 'only this goal; may be given several times', (id: string, before: string[] = []) => [
      ...before,
      id,
    ])
    .option('--task <slug>', 'only the goals and scenarios of this task')
    .option('--force', 'measure also what is fresh')
    .option('--junit <file>', 'write the verdicts as JUnit XML as well')
    .option('--events', 'print progress and result as JSON lines; stops when standard input ends')
    .addOption(
      new Option('--self-test', 'plant defects in a copy of the workspace, and show that the goals turn red').conflicts(
        ['task', 'force', 'junit'],
      ),
    )
    .addHelpText('after', EXAMPLES)
    .action((options: VerifyOptions) => {
      if (options.selfTest) return runSelfTestCommand(options, context);
      return options.events ? runWithEvents(options, context) : run(options, context);
    });
}

async function run(options: VerifyOptions, context: Context): Promise<void> {
  const { io } = context;
  const input = { goals: options.goal, task: options.task, force: options.force };
  const { checkpoint, now } = await runVerify(context.engine(options), input, {
    signal: io.signal,
    onProgress: (progress) => {
      const text = progressText(progress);
      if (text !== undefined) context.say(`${text}\n`);
    },
  });
  const result = verifyJson(checkpoint, now);
  if (options.junit !== undefined) writeJunit(resolve(io.cwd, options.junit), result);
  if (options.json) context.printJson(result);
  else {
    context.print(renderIssues(io.out, [...result.issues, ...result.goals.flatMap((goal) => goal.issues)]));
    context.print(verifyText(io.out, result));
    for (const goal of result.goals) if (goal.holds) context.print(evidenceLine(goal));
  }
  for (const goal of result.goals) if (goal.applies && !goal.holds) context.say(failureLine(goal));
  context.exitCode = exitCodeOfVerify(result);
}

async function runWithEvents(options: VerifyOptions, context: Context): Promise<void> {
  const { emit, signal } = eventRun(context);
  const input = { goals: options.goal, task: options.task, force: options.force };
  const { checkpoint, now } = await runVerify(context.engine(options), input, {
    signal,
    onProgress: (progress) => {
      const message = progressText(progress);
      if (message !== undefined) emit({ type: 'progress', message });
    },
  });
  const result = verifyJson(checkpoint, now);
  emit({ type: 'result', result });
  context.exitCode = exitCodeOfVerify(result);
}

/** What was measured and does not hold comes before what could not be measured. */
export function exitCodeOfVerify({ holds, goals, issues }: VerifyJson): number {
  if (holds) return EXIT.holds;
  const open = goals.filter((goal) => goal.applies && !goal.holds);
  const isBroken = issues.some(({ severity }) => severity === 'error');
  if (isBroken || open.some(({ verdict }) => verdict === 'fail' || verdict === 'error')) return EXIT.doesNotHold;
  return open.some(isEnvironmentProblem) ? EXIT.environment : EXIT.notRun;
}

function writeJunit(file: string, result: VerifyJson): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, verifyJunit(result));
  } catch (error) {
    throw new HumanError('verify.junit', `${file} cannot be written: ${errorMessage(error)}`, 'Name another file.');
  }
}

const EXAMPLES = `
Examples:
  infrabuilder verify
  infrabuilder verify --goal G-1 --goal G-8
  infrabuilder verify --task topn_sampler
  infrabuilder verify --json --junit results/goals.xml
  infrabuilder verify --self-test --goal G-1 --goal G-9

Evidence is kept in reports/evidence/. Ctrl-C keeps what was measured; the next run goes on from there.
`;
