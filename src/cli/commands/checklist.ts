import { type Command, InvalidArgumentError } from 'commander';
import { runChecklist } from '../../core/operations/checklist.ts';
import { checklistHolds, checklistJson } from '../../core/operations/projectReports.ts';
import { progressText } from '../../core/operations/verify.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { addCommon, type CommonOptions, examples } from './common.ts';

interface ChecklistOptions extends CommonOptions {
  readonly stable?: number;
  readonly soak?: number;
  readonly scenario: string;
  readonly write?: boolean;
}

export function addChecklist(program: Command, context: Context): void {
  addCommon(program.command('checklist'))
    .description('the finishing checklist; every box is computed')
    .option('--stable <runs>', 'run the harness this often in a row first', count)
    .option('--soak <duration>', 'run a scenario this long first: 24h, 90m, 600s', duration)
    .option('--scenario <name>', 'the scenario of the soak test', 'standard')
    .option('--write', 'write reports/checklist.md as well')
    .addHelpText(
      'after',
      examples(
        'infrabuilder checklist --write',
        'infrabuilder checklist --stable 3',
        'infrabuilder checklist --soak 24h --scenario standard',
      ),
    )
    .action((options: ChecklistOptions) => checklist(options, context));
}

async function checklist(options: ChecklistOptions, context: Context): Promise<void> {
  const { sections, report, notes } = await runChecklist(context.engine(options), {
    stableRuns: options.stable,
    soak: options.soak === undefined ? undefined : { scenario: options.scenario, seconds: options.soak },
    write: options.write === true,
    signal: context.io.signal,
    onProgress: (progress) => {
      const text = progressText(progress);
      if (text !== undefined) context.say(`${text}\n`);
    },
  });
  for (const note of notes) context.say(`${note}\n`);
  if (options.json) context.printJson({ ...checklistJson(sections), notes });
  else context.print(report.shown);
  context.exitCode = checklistHolds(sections) ? EXIT.holds : EXIT.doesNotHold;
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('A number of runs is a positive whole number.');
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

function duration(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text.trim()) ?? [];
  const seconds = Number(number) * (SECONDS[unit] ?? 0);
  if (seconds > 0) return seconds;
  throw new InvalidArgumentError('A duration looks like 24h, 90m or 600s.');
}
