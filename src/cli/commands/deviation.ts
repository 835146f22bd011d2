import { type Command, InvalidArgumentError } from 'commander';
import { HumanError } from '../../core/base/errors.ts';
import {
  addDeviation,
  approveDeviation,
  type DeviationResult,
  deviationList,
  deviationReport,
} from '../../core/operations/deviation.ts';
import { writeReport } from '../../core/operations/projectReports.ts';
import { goalJson, progressText } from '../../core/operations/verify.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';
import { renderIssues } from '../render/issues.ts';
import { table } from '../render/table.ts';
import { addCommon, type CommonOptions, examples } from './common.ts';

interface AddOptions extends CommonOptions {
  readonly id?: string;
  readonly item: string;
  readonly change: string;
  readonly why: string;
  readonly impact: Readonly<Record<string, string>>;
  readonly scope: readonly string[];
  readonly expires: string;
}

interface ApproveOptions extends CommonOptions {
  readonly by?: string;
}

export function addDeviations(program: Command, context: Context): void {
  const group = program
    .command('deviation')
    .description('deviations from the blueprint')
    .addHelpText('after', examples('infrabuilder deviation list', 'infrabuilder deviation report --write'));
  const collect = (value: string, before: readonly string[] = []) => [...before, value];
  addCommon(group.command('add'))
    .description('propose a deviation: verify the goals that it touches, then write its file')
    .requiredOption('--item <id>', 'what the blueprint asks for: a section, story or rule')
    .requiredOption('--change <text>', 'what is done in its place')
    .requiredOption('--why <text>', 'why the blueprint cannot be followed here')
    .requiredOption('--impact <goal=text>', 'what it does to a goal; may be repeated', impact)
    .requiredOption('--scope <rule-or-glob>', 'what it covers; may be repeated', collect)
    .requiredOption('--expires <date>', 'the last day on which it holds, such as 2027-01-31')
    .option('--id <id>', 'by default made from item and change')
    .addHelpText('after', EXAMPLES)
    .action((options: AddOptions) => add(options, context));
  addCommon(group.command('approve'))
    .description('approve a deviation by name')
    .argument('<id>', 'the deviation')
    .option('--by <name>', 'who approves it')
    .addHelpText('after', examples('infrabuilder deviation approve topn-fixed-n --by "Ada Lovelace"'))
    .action((id: string, options: ApproveOptions) => approve(id, options, context));
  addCommon(group.command('list'))
    .description('all deviations with status, scope and expiry')
    .addHelpText('after', examples('infrabuilder deviation list', 'infrabuilder deviation list --json'))
    .action((options: CommonOptions) => list(options, context));
  addCommon(group.command('report'))
    .description('the register as Markdown')
    .option('--write', 'write reports/deviations.md as well')
    .addHelpText('after', examples('infrabuilder deviation report --write'))
    .action(async (options: CommonOptions & { readonly write?: boolean }) => {
      const engine = context.engine(options);
      const report = await deviationReport(engine);
      if (options.write) await writeReport(engine, report);
      if (options.json) context.printJson({ schemaVersion: 1, file: report.file, text: report.shown });
      else context.print(report.shown);
    });
}

async function add(options: AddOptions, context: Context): Promise<void> {
  const input = { ...options, justification: options.why };
  const result = await addDeviation(context.engine(options), input, measuring(context));
  show(result, 'proposed', options, context);
}

async function approve(id: string, options: ApproveOptions, context: Context): Promise<void> {
  if (options.by === undefined || options.by.trim() === '') {
    throw new HumanError(
      'deviation.no-name',
      'An approval needs the name of a person.',
      'Say who approves: --by NAME.',
    );
  }
  const person = { by: options.by, terminal: context.io.err.isTerminal };
  show(await approveDeviation(context.engine(options), id, person, measuring(context)), 'approved', options, context);
}

async function list(options: CommonOptions, context: Context): Promise<void> {
  const result = await deviationList.run(context.engine(options), {}, { signal: context.io.signal });
  const { deviations, issues } = result;
  if (options.json) context.printJson(result);
  else {
    if (issues.length > 0)
      context.say(`${renderIssues(context.io.err, issues)}These files are not listed, and cover nothing.\n`);
    const rows = deviations.map(({ id, item, state, scope, recorded, status }) => [
      id,
      item,
      status === 'approved' && !recorded ? `${state}, by hand` : state,
      scope.join(', ') || '-',
    ]);
    if (rows.length > 0) context.print(table(['DEVIATION', 'ITEM', 'STATE', 'SCOPE'], rows));
    else if (issues.length === 0) context.say('No deviation is registered.\n');
  }
  const expired = deviations.some(({ status }) => status === 'expired');
  context.exitCode = expired ? EXIT.doesNotHold : EXIT.holds;
}

function show(result: DeviationResult, done: string, options: CommonOptions, context: Context): void {
  const { deviation, file, goals, registered } = result;
  if (options.json) {
    const now = new Date();
    const verified = goals.map((goal) => goalJson(goal, now));
    context.printJson({ schemaVersion: 1, id: deviation.id, file, registered, goals: verified });
  } else {
    const lines = goals.map(
      ({ goal, verdict, fresh, reason }) => `${goal.id}: ${fresh ? verdict : `${verdict}, stale`}. ${reason}\n`,
    );
    context.print(lines.join(''));
    if (registered) context.print(`${deviation.id} is ${done}: ${file}\n`);
    else context.say(`${deviation.id} was not ${done}: the goals that it touches must hold.\n`);
  }
  context.exitCode = registered ? EXIT.holds : EXIT.doesNotHold;
}

function measuring(context: Context) {
  return {
    signal: context.io.signal,
    onProgress: (progress: Parameters<typeof progressText>[0]) => {
      const text = progressText(progress);
      if (text !== undefined) context.say(`${text}\n`);
    },
  };
}

function impact(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [, goal, said] = /^([^=\s]+)=(.+)$/s.exec(text) ?? [];
  if (goal === undefined || said === undefined) throw new InvalidArgumentError('An impact looks like G-2="no effect".');
  return { ...before, [goal]: said.trim() };
}

const EXAMPLES = `
Examples:
  infrabuilder deviation add --item A1-S3 --change "fixed N of 40 until the heap is profiled" \\
    --why "the adaptive N swings under churn" --impact G-4="capture stays above 95 %" \\
    --scope sampler-knows-no-export --expires 2027-01-31

Nobody may deviate from a hard-stop goal.
`;
