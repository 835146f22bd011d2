import { type Command, Option } from 'commander';
import { HumanError } from '../../core/base/errors.ts';
import {
  type ConformanceReport,
  RULES_FILE,
  reportJson,
  reportMarkdown,
  reportSarif,
  reportText,
  updateBaseline,
} from '../../core/conformance/index.ts';
import type { Engine } from '../../core/engine.ts';
import { scanConformance } from '../../core/operations/conformance.ts';
import { watchConformance } from '../../core/operations/conformanceWatch.ts';
import type { Context } from '../context.ts';
import { EXIT, exitCodeOf } from '../exit.ts';
import { addCommon, type CommonOptions, examples } from './common.ts';

interface ScanOptions extends CommonOptions {
  readonly format: 'text' | 'json' | 'sarif' | 'markdown';
  readonly output?: string;
  readonly fresh?: boolean;
  readonly watch?: boolean;
}

interface BaselineOptions extends CommonOptions {
  readonly update?: boolean;
}

export function addConformance(program: Command, context: Context): void {
  const group = addCommon(program.command('conformance'))
    .description('check the source against the architecture rules of conformance.yaml')
    .addOption(
      new Option('--format <format>', 'how to print').choices(['text', 'json', 'sarif', 'markdown']).default('text'),
    )
    .option('--output <file>', 'write to this file of the workspace instead of printing')
    .option('--fresh', 'read every file anew')
    .option('--watch', 'scan again after each change, until Ctrl-C; JSON and SARIF are then one line each')
    .addHelpText('after', EXAMPLES)
    .action((options: ScanOptions) => (options.watch ? watch(options, context) : scan(options, context)));
  addCommon(group.command('baseline'))
    .description('list the violations that the baseline accepts')
    .option('--update', 'accept all violations of today, and show what that adds')
    .addHelpText('after', examples('infrabuilder conformance baseline', 'infrabuilder conformance baseline --update'))
    .action((_options: unknown, command: Command) => baseline(command.optsWithGlobals<BaselineOptions>(), context));
  addCommon(group.command('init'))
    .description('write conformance.yaml for a repository that has no rules yet, as a draft to edit')
    .addHelpText('after', examples('infrabuilder conformance init'))
    .action((_options: unknown, command: Command) => draft(command.optsWithGlobals<CommonOptions>(), context));
}

async function scan(options: ScanOptions, context: Context): Promise<void> {
  const engine = context.engine(options);
  const { signal } = context.io;
  const report = await scanConformance(engine, { signal, fresh: options.fresh });
  await show(report, options, context, engine);
  // Wrong rules or a stale baseline: the configuration is to be mended, not the source.
  context.exitCode = report.verdict === 'error' ? EXIT.usage : exitCodeOf(report.verdict);
}

async function watch(options: ScanOptions, context: Context): Promise<void> {
  const engine = context.engine(options);
  await watchConformance(engine, {
    signal: context.io.signal,
    fresh: options.fresh,
    output: options.output,
    onReport: async (report, changed) => {
      if (changed.length > 0) context.say(`\nChanged: ${changed.join(', ')}\n`);
      await show(report, options, context, engine);
      context.say(`${report.milliseconds.toFixed(0)} ms. Waiting for changes; Ctrl-C ends.\n`);
    },
    onProblem: ({ message, hint = '' }) => context.say(`${message} ${hint}\n`),
  });
}

async function show(report: ConformanceReport, options: ScanOptions, context: Context, engine: Engine): Promise<void> {
  const text = render(report, options, engine.version);
  if (options.output === undefined) context.print(text);
  else {
    await engine.files.write(options.output, text);
    context.say(`Written to ${options.output}.\n`);
  }
}

function render(report: ConformanceReport, { json, format, watch, output }: ScanOptions, version: string): string {
  const indent = watch && output === undefined ? 0 : 2;
  switch (json ? 'json' : format) {
    case 'text':
      return reportText(report);
    case 'markdown':
      return reportMarkdown(report);
    case 'json':
      return `${JSON.stringify(reportJson(report), undefined, indent)}\n`;
    case 'sarif':
      return `${JSON.stringify(reportSarif(report, version), undefined, indent)}\n`;
  }
}

async function baseline(options: BaselineOptions, context: Context): Promise<void> {
  const engine = context.engine(options);
  const report = await scanConformance(engine, { signal: context.io.signal, fresh: true });
  const { baselineFile } = report;
  if (baselineFile === undefined) {
    throw new HumanError(
      'baseline.not-configured',
      `${report.rulesFile} names no baseline.`,
      'Add the line "baseline: conformance.baseline.json" to it.',
    );
  }
  const before = await engine.files.read(baselineFile);
  const { text, added, removed } = updateBaseline(report, before);
  const changes = { added, removed };
  if (options.update && text !== before) await engine.files.write(baselineFile, text, { expected: before ?? null });
  if (options.json) {
    context.printJson({ schemaVersion: 1, baseline: baselineFile, updated: options.update === true, ...changes });
    return;
  }
  for (const { rule, file, target } of added) context.print(`+ ${rule}: ${file}: ${target}\n`);
  for (const { rule, file, target } of removed) context.print(`- ${rule}: ${file}: ${target}\n`);
  const [more, fewer] = [added.length, removed.length];
  if (more + fewer === 0) context.say(`${baselineFile} is up to date.\n`);
  else if (options.update) context.say(`${baselineFile} is written: ${more} added, ${fewer} removed.\n`);
  else context.say(`${more} to add, ${fewer} to remove. Accept them with --update.\n`);
}

async function draft(options: CommonOptions, context: Context): Promise<void> {
  const engine = context.engine(options);
  if ((await engine.files.stat(RULES_FILE)) !== undefined) {
    throw new HumanError('conformance.exists', `${RULES_FILE} exists already.`, 'Edit it, or move it away first.');
  }
  const text = await engine.draftRules(context.io.signal);
  await engine.files.write(RULES_FILE, text, { expected: null });
  context.print(text);
  context.say(`Written to ${RULES_FILE}. It holds today's edges: edit it until it says what you want.\n`);
}

const EXAMPLES = `
Examples:
  infrabuilder conformance
  infrabuilder conformance --watch
  infrabuilder conformance --format sarif --output conformance.sarif
  infrabuilder conformance baseline --update
  infrabuilder conformance init
`;
