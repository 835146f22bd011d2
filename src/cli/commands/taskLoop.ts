import type { Command } from 'commander';
import { hasErrors } from '../../core/model/issue.ts';
import { taskDocument } from '../../core/operations/taskDocument.ts';
import { type NextJson, taskNext } from '../../core/operations/taskNext.ts';
import { type RunJson, taskRun } from '../../core/operations/taskRun.ts';
import type { ReportKind } from '../../core/project/documents.ts';
import type { Context } from '../context.ts';
import { eventRun } from '../events.ts';
import { EXIT } from '../exit.ts';
import { renderIssues } from '../render/issues.ts';
import { addCommon, type CommonOptions, examples } from './common.ts';

interface RunOptions extends CommonOptions {
  readonly events?: boolean;
}

const DOCUMENTS: readonly (readonly [ReportKind, string])[] = [
  ['plan', 'write the work plan: blueprint mapping, files, structures, risks, tests, scenarios, budget'],
  ['arch', 'write the architecture review: interfaces, patterns, side effects, budget, coverage, conformance'],
  ['result', 'write the result: verdict and value of each line and goal, evidence, diagnostics, root causes'],
];

/** `task next`, `task run`, and one command for each document. */
export function addTaskLoop(group: Command, context: Context): void {
  for (const [kind, description] of DOCUMENTS) {
    addCommon(group.command(kind))
      .description(description)
      .argument('<slug>', 'name of the task')
      .addHelpText(
        'after',
        examples(`infrabuilder task ${kind} topn_sampler`, `infrabuilder task ${kind} topn_sampler --json`),
      )
      .action((slug: string, options: CommonOptions) => write(slug, kind, options, context));
  }
  addCommon(group.command('next'))
    .description('the next step: why it is due, and what blocks it')
    .argument('[slug]', 'name of the task; by default the task to take next')
    .addHelpText('after', examples('infrabuilder task next', 'infrabuilder task next topn_sampler --json'))
    .action(async (slug: string | undefined, options: CommonOptions) => {
      const input = slug === undefined ? {} : { slug };
      const next = await taskNext.run(context.engine(options), input, told(context));
      if (options.json) context.printJson(next);
      else context.print(nextText(next));
    });
  addCommon(group.command('run'))
    .description('take one step after the other, as far as it goes, and say why it stops')
    .argument('<slug>', 'name of the task')
    .option('--events', 'print progress and result as JSON lines; stops when standard input ends')
    .addHelpText('after', examples('infrabuilder task run topn_sampler', 'infrabuilder task run topn_sampler --events'))
    .action((slug: string, options: RunOptions) => run(slug, options, context));
}

async function run(slug: string, options: RunOptions, context: Context): Promise<void> {
  const events = options.events ? eventRun(context) : undefined;
  const { signal, onProgress } = told(context);
  const result = await taskRun.run(
    context.engine(options),
    { slug },
    {
      signal: events?.signal ?? signal,
      onProgress: events ? (message) => events.emit({ type: 'progress', message }) : onProgress,
    },
  );
  if (events) events.emit({ type: 'result', result });
  else if (options.json) context.printJson(result);
  else context.print(runText(result));
  context.exitCode = result.done ? EXIT.holds : EXIT.doesNotHold;
}

function told(context: Context) {
  return { signal: context.io.signal, onProgress: (message: string) => context.say(`${message}\n`) };
}

async function write(slug: string, document: ReportKind, options: CommonOptions, context: Context): Promise<void> {
  const result = await taskDocument.run(context.engine(options), { slug, document }, told(context));
  if (options.json) context.printJson(result);
  else {
    context.print(renderIssues(context.io.out, result.issues));
    context.print(result.written ? `${result.file}\n` : `${result.file} was not written.\n`);
  }
  context.exitCode = hasErrors(result.issues) || !result.written ? EXIT.usage : EXIT.holds;
}

function nextText({ slug, step, why, blockers, command }: NextJson): string {
  if (slug === null) return `${why}\n`;
  const lines = [`${slug}: ${step}. ${why}`, ...blockers.map((text) => `  blocked  ${text}`)];
  if (command !== null) lines.push(`  next     ${command}`);
  return `${lines.join('\n')}\n`;
}

function runText({ slug, taken, step, why, stopped, done }: RunJson): string {
  const lines = taken.flatMap(({ title, did }) => [title, ...did.map((text) => `  ${text}`)]);
  if (done) return `${[...lines, `${slug} is done.`].join('\n')}\n`;
  const reason = (stopped ?? why).split('\n').map((line) => `  ${line}`);
  return `${[...lines, `Stopped at ${step}:`, ...reason].join('\n')}\n`;
}
