import type { Command } from 'commander';
import { FINAL_RESULTS } from '../../core/goals/inputs.ts';
import { integrationReport, writeReport } from '../../core/operations/projectReports.ts';
import { finalText, writeFinal } from '../../core/operations/reportFinal.ts';
import { progressText } from '../../core/operations/verify.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { addCommon, type CommonOptions, examples } from './common.ts';
import { showReport } from './progress.ts';

interface FinalOptions extends CommonOptions {
  readonly verify?: boolean;
}

interface WriteOptions extends CommonOptions {
  readonly write?: boolean;
}

export function addReport(program: Command, context: Context): void {
  const group = program
    .command('report')
    .description('reports for people')
    .addHelpText('after', examples('infrabuilder report final', 'infrabuilder report coverage --write'));
  addCommon(group.command('final'))
    .description(`the final table of all goals; also writes ${FINAL_RESULTS}`)
    .option('--verify', 'measure first what is not fresh; otherwise evidence alone decides')
    .addHelpText('after', examples('infrabuilder report final', 'infrabuilder report final --verify'))
    .action((options: FinalOptions) => final(options, context));
  addCommon(group.command('coverage'))
    .description('which scenario validates which goal, and whether it does on this work tree')
    .option('--write', 'write reports/coverage.md as well')
    .addHelpText('after', examples('infrabuilder report coverage --write'))
    .action((options: WriteOptions) => showReport('coverage', options, context));
  addCommon(group.command('integration'))
    .description('the integration report of a task, from whatever ran')
    .argument('<slug>', 'name of the task')
    .option('--write', 'write reports/<slug>_integration.md as well')
    .addHelpText('after', examples('infrabuilder report integration topn_sampler --write'))
    .action((slug: string, options: WriteOptions) => integration(slug, options, context));
}

async function integration(slug: string, options: WriteOptions, context: Context): Promise<void> {
  const engine = context.engine(options);
  const report = await integrationReport(engine, slug);
  if (options.write) await writeReport(engine, report);
  if (options.json) context.printJson({ schemaVersion: 1, file: report.file, text: report.shown });
  else context.print(report.shown);
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
