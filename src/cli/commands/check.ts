import type { Command } from 'commander';
import type { CheckProgress } from '../../core/checks/checks.ts';
import { isEnvironmentProblem } from '../../core/checks/outcome.ts';
import type { CheckResult } from '../../core/model/check.ts';
import { checkJson, progressText, runCheck, saveBaseline } from '../../core/operations/check.ts';
import type { Context } from '../context.ts';
import { eventRun } from '../events.ts';
import { EXIT, exitCodeOf } from '../exit.ts';
import { checkText } from '../render/check.ts';
import { renderIssues } from '../render/issues.ts';
import { addCommon, type CommonOptions } from './common.ts';

interface CheckOptions extends CommonOptions {
  readonly verbose?: boolean;
  readonly saveBaseline?: boolean;
  readonly events?: boolean;
}

export function addCheck(program: Command, context: Context): void {
  addCommon(program.command('check'))
    .description('run a check of infrabuilder.yaml: lint, test, bench, harness, ...')
    .argument('<name>', 'name of the check')
    .option('-v, --verbose', 'show what the program prints, as it comes')
    .option('--save-baseline', 'keep the benchmark output as the one to compare with')
    .option('--events', 'print progress, output and result as JSON lines; stops when standard input ends')
    .addHelpText('after', EXAMPLES)
    .action((name: string, options: CheckOptions) =>
      options.events ? runWithEvents(name, options, context) : run(name, options, context),
    );
}

async function run(name: string, options: CheckOptions, context: Context): Promise<void> {
  const { io } = context;
  const engine = context.engine(options);
  const execute = options.saveBaseline ? saveBaseline : runCheck;
  const progress = new ProgressLine(context);
  const result = await execute(engine, name, {
    signal: io.signal,
    onProgress: (event) => progress.show(event),
    onLine: options.verbose ? (line) => context.say(`${line}\n`) : undefined,
  });
  if (options.json) context.printJson(checkJson(result));
  else context.print(renderIssues(io.out, result.issues) + checkText(io.out, result));
  context.exitCode = exitCodeOfCheck(result);
}

async function runWithEvents(name: string, options: CheckOptions, context: Context): Promise<void> {
  const { emit, signal } = eventRun(context);
  const result = await (options.saveBaseline ? saveBaseline : runCheck)(context.engine(options), name, {
    signal,
    onProgress: (event) => {
      const message = progressText(event);
      if (message !== undefined) emit({ type: 'progress', message });
    },
    onLine: (line, stream) => emit({ type: 'output', stream, line }),
  });
  emit({ type: 'result', result: checkJson(result) });
  context.exitCode = exitCodeOfCheck(result);
}

function exitCodeOfCheck(result: CheckResult): number {
  return isEnvironmentProblem(result) ? EXIT.environment : exitCodeOf(result.verdict);
}

/** On a terminal the count of tests is one line that changes; elsewhere only the start is a line. */
class ProgressLine {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  show(event: CheckProgress): void {
    const text = progressText(event);
    const { isTerminal } = this.#context.io.err;
    if (event.kind === 'finished' && isTerminal) this.#context.say('\r\u001b[K');
    if (text === undefined || (event.kind === 'tests' && !isTerminal)) return;
    this.#context.say(event.kind === 'tests' ? `\r\u001b[K${text}` : `${text}\n`);
  }
}

const EXAMPLES = `
Examples:
  infrabuilder check test
  infrabuilder check test --json > test.json
  infrabuilder check bench --save-baseline

A run that executed no test is "not-run", never "pass".
`;
