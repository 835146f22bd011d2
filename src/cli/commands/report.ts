import type { Command } from 'commander';
import { FINAL_RESULTS } from '../../core/goals/inputs.ts';
import { finalText, writeFinal } from '../../core/operations/reportFinal.ts';
import { progressText } from '../../core/operations/verify.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { addCommon, type CommonOptions } from './common.ts';

interface FinalOptions extends CommonOptions {
  readonly verify?: boolean;
}

export function addReport(program: Command, context: Context): void {
  const group = program.command('report').description('reports for people');
  addCommon(group.command('final'))
    .description(`the final table of all goals; also writes ${FINAL_RESULTS}`)
    .option('--verify', 'measure first what is not fresh; otherwise evidence alone decides')
    .action((options: FinalOptions) => final(options, context));
}

async function final(options: FinalOptions, context: Context): Promise<void> {
  const report = await writeFinal(context.engine(options), {
    measure: options.verify === true,
    signal: context.io.signal,
    onProgress: (progress) => {
      const text = progressText(progress);
      if (text !== undefined) context.say(`${text}\n`);
    },
  });
  if (options.json) context.printJson({ schemaVersion: 1, ...report });
  else context.print(finalText(report));
  context.exitCode = report.overall_passed ? EXIT.holds : EXIT.doesNotHold;
}
